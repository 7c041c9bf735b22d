"""YAML by the rules of version 1.2: 3e-4 is a number, `yes` is text."""

from typing import Any

import pytest

from api.decoding import decode_json, decode_yaml
from domain.errors import Invalid


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3e-4", 3e-4),
        ("3E-4", 3e-4),
        ("1e5", 1e5),
        (".5", 0.5),
        ("-1.5", -1.5),
        ("10", 10),
        ("-7", -7),
        ("010", 10),
        ("0x1f", 31),
        ("0o17", 15),
        ("true", True),
        ("null", None),
        ("~", None),
        ("yes", "yes"),
        ("off", "off"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2026-01-01", "2026-01-01"),
        ("'3e-4'", "3e-4"),
        ("1e", "1e"),
        ("<<", "<<"),
    ],
)
def test_a_yaml_scalar_is_what_version_1_2_says(text: str, value: object) -> None:
    decoded: Any = decode_yaml(f"value: {text}\n".encode())
    assert decoded == {"value": value}
    assert type(decoded["value"]) is type(value)


def test_infinity_is_read_and_left_to_the_sweep_to_refuse() -> None:
    assert decode_yaml(b"[.inf, -.inf]") == [float("inf"), float("-inf")]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: 1\nb: {c: 1, c: 2}\n", "line 2, column 11"),
        ("a: 1\nb: &x 2\n", "line 2, column 4"),
        ("a: 1\n\tb: 2\n", "line 2, column 1"),
        ("a: 1\nb: 'x\n", "line 2, column 4"),
        ("a: 1\nb: \x07\n", "line 2, column 4"),
    ],
)
def test_wrong_yaml_is_located_by_line_and_column(text: str, where: str) -> None:
    with pytest.raises(Invalid, match=where):
        decode_yaml(text.encode())


def test_wrong_json_is_located_by_line_and_column() -> None:
    with pytest.raises(Invalid, match="line 2, column 3"):
        decode_json(b"{\n  a: 1}")


def test_a_duplicate_key_of_json_is_named() -> None:
    with pytest.raises(Invalid, match="seeds: is given twice"):
        decode_json(b'{"seeds": 1, "seeds": 2}')


@pytest.mark.parametrize(
    "value",
    [
        "!!bool maybe",
        "!!timestamp foo",
        "!!map abc",
        "!!int [1]",
        "!!float {a: 1}",
        "!!binary aGk=",
        "!!set {a, b}",
        "!!python/object:os.system x",
        "! text",
        "!mine x",
    ],
)
def test_tags_are_refused_where_they_are(value: str) -> None:
    with pytest.raises(Invalid, match="line 2, column 7: tags are not read here"):
        decode_yaml(f"a: 1\nname: {value}\n".encode())
