"""What is wrong with a value, in the words of whoever wrote it; pydantic's name its own parts."""

import json
import re
from collections.abc import Callable, Collection
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

MOST_LISTED = 20
LONGEST = 60
UNFINISHED = re.compile(r"(?P<name>[\w.-]++)(?![^\s:=])\s*+[:=]?+\s*+(?P<rest>.*+)")
APOSTROPHE = "'"
QUOTED = re.compile(r"'([^']*)'")
FIELDS = "must have fields of its own, each written as `name: value`"
Schema = dict[str, Any]
SAID = {
    "missing": "is required",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "list_type": "must be a list, as in `[a, b]`",
    "dict_type": FIELDS,
    "model_type": FIELDS,
    "model_attributes_type": FIELDS,
}
"""Of what kind a value must be. Of other errors, pydantic's own words do without its `Input`."""


def word(detail: ErrorDetails, kind: type[BaseModel] | None = None) -> str:
    """One error; `kind` is what was to be read, which says what else a field could be called."""
    if judge := JUDGES.get(detail["type"]):
        return judge(detail, kind)
    given = detail.get("input")
    message = SAID.get(detail["type"]) or plain(detail["msg"])
    if message == FIELDS and isinstance(given, str) and len(given.split()) > 1:
        return want_colon(given)
    return message + as_given(given)


def plain(message: str) -> str:
    """`Input should be greater than 0` as `must be greater than 0`."""
    return re.sub(r"^\w+ should ", "must ", message).replace(" after validation", "")


def as_given(value: object) -> str:
    shown = isinstance(value, str | int | float) and 0 < len(str(value)) <= LONGEST
    return f" (given: {json.dumps(value) if isinstance(value, bool) else value})" if shown else ""


def word_choice(detail: ErrorDetails, _: type[BaseModel] | None) -> str:
    """One of a few words. `expected` is "'a', 'b' or 'c'"."""
    given, expected = detail.get("input"), detail["ctx"]["expected"]
    told = f"must be {expected.replace(APOSTROPHE, '')}{as_given(given)}"
    return told + did_you_mean(given, QUOTED.findall(expected))


def word_tag(detail: ErrorDetails, _: type[BaseModel] | None) -> str:
    tag, choices = detail["ctx"]["tag"], QUOTED.findall(detail["ctx"]["expected_tags"])
    return f"must be one of {', '.join(choices)}{as_given(tag)}{did_you_mean(tag, choices)}"


def word_no_tag(detail: ErrorDetails, _: type[BaseModel] | None) -> str:
    given = detail.get("input")
    names = [str(name) for name in given] if isinstance(given, dict) else []
    near = get_close_matches(discriminator(detail), names, n=1)
    return f"is required; is {near[0]!r} meant for it?" if near else "is required"


def word_unknown(detail: ErrorDetails, kind: type[BaseModel] | None) -> str:
    known = known_fields(kind, detail["loc"][:-1]) if kind else []
    hint = did_you_mean(str(detail["loc"][-1]), known)
    listed = f"remove it, or choose one of {', '.join(known)}"
    default = listed if 0 < len(known) <= MOST_LISTED else "check the spelling or remove it"
    return "is not a known field here" + (hint or f"; {default}")


def word_own(detail: ErrorDetails, _: type[BaseModel] | None) -> str:
    return str(detail["ctx"]["error"])


JUDGES: dict[str, Callable[[ErrorDetails, type[BaseModel] | None], str]] = {
    "literal_error": word_choice,
    "enum": word_choice,
    "union_tag_invalid": word_tag,
    "union_tag_not_found": word_no_tag,
    "extra_forbidden": word_unknown,
    "value_error": word_own,
    "assertion_error": word_own,
}


def place(detail: ErrorDetails) -> tuple[int | str, ...]:
    """Where an error is: one of a tag at the tag, not at all that it stands for."""
    tags = (discriminator(detail),) if detail["type"].startswith("union_tag") else ()
    return (*detail["loc"], *tags)


def discriminator(detail: ErrorDetails) -> str:
    return str(detail["ctx"]["discriminator"]).strip("'")


def did_you_mean(given: object, choices: Collection[str]) -> str:
    near = get_close_matches(str(given), choices, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def known_fields(kind: type[BaseModel], at: tuple[int | str, ...]) -> list[str]:
    """The names of the fields at a place of what is to be read as `kind`."""
    schema = schema_of(kind)
    node = schema
    for part in at:
        node = inside(resolved(node, schema), part)
    return list(resolved(node, schema).get("properties", {}))


@cache
def schema_of(kind: type[BaseModel]) -> Schema:
    """Made once: it takes tens of milliseconds, and a text may have thousands of wrong fields."""
    return kind.model_json_schema()


def inside(node: Schema, part: int | str) -> Schema:
    """The part of a JSON schema, which for a union is that of its tag."""
    if tagged := node.get("discriminator", {}).get("mapping", {}).get(part):
        return {"$ref": tagged}
    fields = node.get("properties", {})
    found: Schema | None = node.get("items") if isinstance(part, int) else fields.get(part)
    return found or {}


def resolved(node: Schema, schema: Schema) -> Schema:
    """What a reference stands for; of an optional part, what it is where it is given."""
    for choice in node.get("anyOf", []):
        found = resolved(choice, schema)
        if "properties" in found or "items" in found:
            return found
    if reference := node.get("$ref"):
        node = schema["$defs"][reference.rpartition("/")[2]]
    return node


def want_colon(found: str) -> str:
    """For `steps 100`, `steps:100` and `steps = 100`, as for a name alone."""
    match = UNFINISHED.fullmatch(found)
    if match is None:
        return f"{quoted(found)} is neither a field nor an item; write it as `name: value`"
    wanted = f"{match['name']}: {match['rest']}".strip()
    return f"{quoted(found)} lacks a colon followed by a space; type {quoted(wanted)}"


def quoted(found: str) -> str:
    return f"`{shortened(found.strip(), LONGEST)}`"


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
