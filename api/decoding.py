"""Bytes to plain data, from JSON or YAML, with errors a person can act on.

YAML follows the core schema of version 1.2: 3e-4 is a number, `yes` and 2026-01-01 are text.
Duplicate keys, anchors, tags, NaN in JSON and text that no database can store are refused.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import yaml

from domain.errors import Invalid, invalid
from domain.mistakes import explain, misplaced
from domain.wordings import want_colon

MAX_DEPTH = 50
MAX_DIGITS = 1000
"""Of an integer: one of thousands could be read, but not be written into a sentence."""


def decode_json(body: bytes) -> object:
    return decode(body, read_json)


def decode_yaml(body: bytes) -> object:
    return decode(body, read_yaml)


def decode(body: bytes, read: Callable[[str], object]) -> object:
    """Raises Invalid, naming line and column where the format knows them."""
    try:
        data = read(body.decode("utf-8-sig"))
        for text in texts(data):
            text.encode()
            if "\x00" in text:
                raise invalid("body", "contains a NUL character")
    except UnicodeError as error:
        raise invalid("body", f"is not UTF-8 text: {error}") from error
    except RecursionError as error:
        raise invalid("body", "is nested too deeply") from error
    return data


def texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)


def read_json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=distinct, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise misplaced(error.lineno, error.colno, f"is not JSON: {error.msg}") from error
    except ValueError as error:  # an integer too long to read
        raise invalid("body", f"is not JSON: {error}") from error


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise invalid(key[:200], "is given twice")
        found[key] = value
    return found


def refuse_constant(name: str) -> NoReturn:
    raise invalid("body", f"contains {name}, which is not a number JSON knows")


class CoreLoader(yaml.CSafeLoader):
    """Plain data by the rules of YAML 1.2; mappings keep to text keys given once."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


def read_yaml(text: str) -> object:
    try:
        refuse_tricks(text)
        return yaml.load(text, Loader=CoreLoader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        raise explain(text, error.problem, error.problem_mark, error.context_mark) from error
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode(errors="ignore")  # counted in bytes
        column = len(before) - before.rfind("\n")
        message = "a character stands here that no text of YAML holds; remove it"
        raise misplaced(before.count("\n") + 1, column, message) from error


def refuse_tricks(text: str) -> None:
    """Refuses tags, and what grows while it is read: anchors, nesting that takes quadratic time."""
    depth = 0
    for event in yaml.parse(text, Loader=CoreLoader):
        if getattr(event, "anchor", None):
            raise at(event, "anchors and aliases are not read here; write the value out")
        if getattr(event, "tag", None):
            raise at(event, "tags are not read here; write the plain value")
        if isinstance(event, yaml.CollectionStartEvent | yaml.CollectionEndEvent):
            depth += 1 if isinstance(event, yaml.CollectionStartEvent) else -1
        if depth > MAX_DEPTH:
            raise at(event, "is nested too deeply")


def construct_mapping(loader: CoreLoader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise at(key_node, "a key must be plain text")
        if key_node.value in found:
            raise at(key_node, f"{key_node.value[:200]!r} is given twice")
        if node.flow_style and value_node.start_mark.index == key_node.end_mark.index:
            raise at(key_node, want_colon(key_node.value))
        found[key_node.value] = loader.construct_object(value_node, deep=True)
    return found


def construct_int(_: CoreLoader, node: yaml.ScalarNode) -> int:
    digits = node.value.lstrip("+-")
    if len(digits) > MAX_DIGITS:
        raise at(node, "is not an integer that can be read")
    base = {"0x": 16, "0o": 8}.get(digits[:2], 10)
    size = int(digits.removeprefix("0x").removeprefix("0o"), base)
    return -size if node.value.startswith("-") else size


def construct_float(_: CoreLoader, node: yaml.ScalarNode) -> float:
    try:
        return float(node.value.lower().replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError as error:
        raise at(node, "is not a number that can be read") from error


def at(place: yaml.Node | yaml.Event, problem: str) -> Invalid:
    mark = place.start_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return misplaced(line, column, problem)


RESOLVERS = [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+0123456789.",
    ),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
]
for kind, pattern, first in RESOLVERS:
    tag = f"tag:yaml.org,2002:{kind}"
    CoreLoader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern})$"), list(first))
CoreLoader.add_constructor("tag:yaml.org,2002:map", construct_mapping)
CoreLoader.add_constructor("tag:yaml.org,2002:int", construct_int)
CoreLoader.add_constructor("tag:yaml.org,2002:float", construct_float)
