"""A thousand sweep files with something wrong in them: each is refused, naming a field or place.

They are the examples that ship, each with one thing spoiled, chosen by a fixed seed.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "examples"
NAMES = ("alpha-kappa", "clip-higher", "equal-arms", "ppo", "quickstart", "smollm2-products")
EXAMPLES = [FOLDER / f"{name}.yaml" for name in NAMES]  # those that need nothing but what ships
BATCHES, IN_A_BATCH = 10, 50  # each of both kinds
YAML, JSON = {"Content-Type": "application/yaml"}, {"Content-Type": "application/json"}
NO_NUMBERS = (True, "many", "\x00", {"a": 1}, [[1]], 10**400, -(2**63) - 1)
NO_TEXTS = ("a\x00b", "\ud800", 5, {"a": 1}, ["a"], "x" * 5000)
REQUIRED = ("name", "model", "task", "seeds", "baseline", "arms", "method")

Place = tuple[str | int, ...]


def walk(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Every place of a document below its top, with what is there."""
    if place:
        yield place, value
    pairs = value.items() if isinstance(value, dict) else ()
    for key, inner in pairs or (enumerate(value) if isinstance(value, list) else ()):
        yield from walk(inner, (*place, key))


def spoil_value(draw: random.Random, document: dict[str, Any]) -> Place:
    """Puts into one place what nothing can be made of there, and says where."""
    place, old = draw.choice(list(walk(document)))
    holder: Any = document
    for part in place[:-1]:
        holder = holder[part]
    key = place[-1]
    kind = draw.choice(["rename", "drop", "replace", "replace"])
    if kind == "rename" and isinstance(key, str):
        holder[f"{key}s"] = holder.pop(key)
    elif kind == "drop" and key in REQUIRED:
        del holder[key]
    else:
        holder[key] = draw.choice(wrong_for(old))
    return place


def wrong_for(old: object) -> tuple[object, ...]:
    if isinstance(old, str):
        return NO_TEXTS
    if isinstance(old, dict | list):
        return ("\x00", [[]], {"never": "this"})
    return NO_NUMBERS[isinstance(old, bool) :]


def spoil_text(draw: random.Random, text: bytes) -> bytes:
    """Breaks the file itself, at a place of its own."""
    lines = text.splitlines(keepends=True)
    top = [line for line in lines if line[:1].isalpha()]
    at, line = draw.randrange(len(text) + 1), draw.randrange(len(lines) + 1)
    kinds = {
        "nul": text[:at] + b"\x00" + text[at:],
        "bytes": text[:at] + b"\xff" + text[at:],
        "twice": text + draw.choice(top),
        "bracket": b"".join([*lines[:line], b"]\n", *lines[line:]]),
        "tab": b"".join([*lines[:line], b"\t- x: [\n", *lines[line:]]),
        "anchor": text + b"more: &a [1]\n",
        "tag": text + b"more: !!python/name:os.system x\n",
        "nested": text + b"more: " + b"[" * 5000 + b"]" * 5000,
    }
    return draw.choice(list(kinds.values()))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_value_that_cannot_be_used_is_refused_where_it_is(
    client: httpx.Client, batch: int
) -> None:
    draw = random.Random(batch)  # noqa: S311
    for _ in range(IN_A_BATCH):
        document = yaml.safe_load(draw.choice(EXAMPLES).read_text())
        place = spoil_value(draw, document)
        reply = client.post("/sweeps", content=json.dumps(document), headers=JSON)
        assert reply.status_code == 422, (place, reply.text)
        fields = [error["field"] for error in reply.json()["errors"]]
        assert any(field.startswith((str(place[0]), "body")) for field in fields), (place, fields)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_file_that_cannot_be_read_is_refused_with_a_place(
    client: httpx.Client, batch: int
) -> None:
    draw = random.Random(batch)  # noqa: S311
    for _ in range(IN_A_BATCH):
        text = spoil_text(draw, draw.choice(EXAMPLES).read_bytes())
        reply = client.post("/sweeps", content=text, headers=YAML)
        assert reply.status_code == 422, (text, reply.text)
        for error in reply.json()["errors"]:
            named = error["field"] != "body" or "line" in error["message"]
            assert named or "position" in error["message"], (text, error)
