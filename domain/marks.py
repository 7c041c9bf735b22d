"""Which tokens of a completion are pivotal words, and which sentences it has: from text to tokens.

Words are found in the text, not in the tokens, since one word may be several of them and one token
may hold a space and a word. Case does not matter; a straight apostrophe stands for any.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

from domain.lexicons import Lexicon
from domain.schemas import Span
from domain.sentences import split_sentences

APOSTROPHES = str.maketrans("\u2019\u02bc\uff07", "'''")
WITHOUT_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffef]")
"""Thai, Lao, Burmese, Khmer, and the scripts of China, Japan and Korea: words touch there."""


class WordMark(NamedTuple):
    """A word of a category: its first and its last token. The model chose it at the first."""

    first: int
    last: int
    category: str


class Stretch(NamedTuple):
    """From its first token to its last."""

    first: int
    last: int


class SentenceMark(NamedTuple):
    """A sentence's first and last token, and whether it is reflective."""

    first: int
    last: int
    reflective: bool


@dataclass(frozen=True)
class Marks:
    """What was found in a completion, in its order. No token is in two words or two sentences.

    `starts` says of each token whether a word of any kind begins in it.
    """

    words: list[WordMark]
    sentences: list[SentenceMark]
    texts: list[str]
    starts: list[bool]


class Marker:
    """Marks completions by one lexicon, whose phrases it has made one pattern of."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        ordered = sorted(lexicon.phrases(), key=lambda item: place_of(item[1]))
        self.categories = [category for category, _ in ordered]
        self.words = pattern_of([phrase for _, phrase in ordered])
        self.reflective = pattern_of(sorted(lexicon.reflective, key=place_of))

    def mark(self, tokens: Sequence[str]) -> Marks:
        """`tokens` are texts that make up the completion when they are joined."""
        text = "".join(tokens)
        plain, places = text.translate(APOSTROPHES), Places(tokens)
        spans = split_sentences(text, self.lexicon.language, self.lexicon.ends)
        apart = list(keep_apart(places.of(span) for span in spans))
        spans = [spans[place] for place, _ in apart]
        return Marks(
            words=self.find_words(plain, places),
            sentences=[
                SentenceMark(*stretch, self.is_reflective(plain[span.begin : span.end]))
                for (_, stretch), span in zip(apart, spans, strict=True)
            ],
            texts=[text[span.begin : span.end] for span in spans],
            starts=find_starts(text, places),
        )

    def find_words(self, text: str, places: "Places") -> list[WordMark]:
        """A token that belongs to two words counts for the first."""
        found: list[WordMark] = []
        for match in self.words.finditer(text):
            first, last = places.of(Span(*match.span()))
            if not found or first > found[-1].last:
                found.append(WordMark(first, last, self.categories[(match.lastindex or 1) - 1]))
        return found

    def is_reflective(self, sentence: str) -> bool:
        return bool(self.lexicon.reflective) and self.reflective.search(sentence) is not None


def marker_of(lexicon: Lexicon) -> Marker:
    """The same one for the same lexicon."""
    return remembered(lexicon.model_dump_json())


@lru_cache(maxsize=16)
def remembered(lexicon: str) -> Marker:
    return Marker(Lexicon.model_validate_json(lexicon))


def keep_apart(sentences: Iterable[Stretch]) -> Iterator[tuple[int, Stretch]]:
    """The sentences that have a token of their own, by place. One whose first token also ends the
    sentence before, as ". Wait" may, begins with the next token."""
    ended = -1
    for place, (first, last) in enumerate(sentences):
        if last > ended:
            yield place, Stretch(max(first, ended + 1), last)
            ended = last


class Places:
    """From characters of a text to the tokens that hold them."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.ends = list(accumulate(map(len, tokens)))

    def of(self, span: Span) -> Stretch:
        """The tokens of characters that are there."""
        return Stretch(bisect_right(self.ends, span.begin), bisect_right(self.ends, span.end - 1))


def find_starts(text: str, places: Places) -> list[bool]:
    starts = [False] * len(places.ends)
    for found in re.finditer(r"\w+|[^\w\s]", text):
        starts[places.of(Span(*found.span()))[0]] = True
    return starts


def place_of(phrase: str) -> tuple[bool, str, int]:
    """Where it comes in a pattern: beside those that begin alike, and before shorter ones."""
    return is_apart(phrase[0]), phrase[0].lower(), -len(phrase)


def pattern_of(phrases: Sequence[str]) -> re.Pattern[str]:
    """One group for each phrase, in the order of `place_of`: the first that fits is taken.

    Most places of a text are done with at a glance: no word begins there, or none with that letter.
    """
    parts = []
    for apart, sharing in groupby(phrases, lambda phrase: is_apart(phrase[0])):
        letters = [
            f"(?={re.escape(letter)})(?:{'|'.join(f'({expression(one)})' for one in own)})"
            for letter, own in groupby(sharing, lambda phrase: phrase[0].lower())
        ]
        parts.append((r"(?<!\w)" if apart else "") + f"(?:{'|'.join(letters)})")
    return re.compile("|".join(parts), re.IGNORECASE)


def expression(phrase: str) -> str:
    """Of a whole phrase: not inside a word, unless its script writes words without spaces."""
    plain = phrase.translate(APOSTROPHES)
    open_ended = plain.endswith("*") and len(plain) > 1
    words = [ending(word) for word in plain.split()]
    after = r"(?!\w)" if not open_ended and is_apart(plain[-1]) else ""
    return r"\s+".join(words) + after


def ending(word: str) -> str:
    stem = word[:-1] if word.endswith("*") and len(word) > 1 else word
    return re.escape(stem) + (r"\w*" if stem != word else "")


def is_apart(letter: str) -> bool:
    return bool(re.match(r"\w", letter)) and not WITHOUT_SPACES.match(letter)
