"""A task's problems, and how they are divided into splits that never overlap."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

DIGITS = 12
LARGEST_SHARE = 512
FEWEST = 8


class Item(NamedTuple):
    """A question and its right answer; `solution` is the way to it, where there is one.

    `number` finds a generated problem again: the index it was drawn at. `facts` are what its family
    says of it, to word a prompt with.
    """

    question: str
    answer: str
    solution: str = ""
    number: int = 0
    facts: Mapping[str, str] = {}


class Splits(NamedTuple):
    """Each in the order of its questions' hashes, so that any beginning is as hard as the whole."""

    train: Sequence[Item]
    eval: Sequence[Item]
    held_out: Sequence[Item]


def key_of(question: str) -> str:
    """Two questions with the same key are one problem: white space does not make another."""
    return " ".join(unicodedata.normalize("NFC", question).split())


def word(template: str, question: str, facts: Mapping[str, str]) -> str:
    """The question by a template; braces that name no fact stay as they are."""
    for name, value in {"question": question, **facts}.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def rank_of(item: Item) -> bytes:
    return hashlib.sha256(key_of(item.question).encode()).digest()


def distinct(items: Iterable[Item], taken: Iterable[Item] = ()) -> list[Item]:
    """The first item of each question that is not among the taken, in the order of hashes."""
    seen = {key_of(item.question) for item in taken}
    kept = []
    for item in items:
        key = key_of(item.question)
        if key not in seen:
            seen.add(key)
            kept.append(item)
    return sorted(kept, key=rank_of)


def share_of(items: Sequence[Item]) -> int:
    """What a split that has to be taken out of the training problems gets."""
    return min(LARGEST_SHARE, len(items) // 4)


def divide(items: Sequence[Item]) -> Splits:
    """Distinct items in three: at most 512 each, and a quarter, for eval and held-out."""
    share = share_of(items)
    return Splits(items[2 * share :], items[:share], items[share : 2 * share])


def hash_of(splits: Splits, *rules: str) -> str:
    """Of every question, answer and solution, and of the rules by which they are put and judged."""
    body = json.dumps([splits, rules], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
