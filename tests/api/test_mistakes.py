"""Text that is not YAML: one sentence, about the line that has to be mended."""

import pytest

from api.decoding import decode_yaml
from domain.errors import Invalid

COLON = "lacks a colon followed by a space; type"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name x\nmodel: y\n", f"line 1, column 1: `name x` {COLON} `name: x`"),
        ("name: x\nmodel y\ntask: z\n", f"line 2, column 1: `model y` {COLON} `model: y`"),
        ("name: x\nmodel y\n", f"line 2, column 1: `model y` {COLON} `model: y`"),
        ("name:x\nmodel: y\n", f"line 1, column 1: `name:x` {COLON} `name: x`"),
        ("name = x\nmodel: y\n", f"line 1, column 1: `name = x` {COLON} `name: x`"),
        ("train\n  steps: 1\n", f"line 1, column 1: `train` {COLON} `train:`"),
        ("train:\n  steps 1\n  a: 2\n", f"line 2, column 3: `steps 1` {COLON} `steps: 1`"),
        ("train:\n  a: 2\n  steps 1 # so\n", f"line 3, column 3: `steps 1` {COLON} `steps: 1`"),
        ("arms:\n  - name a\n    b: c\n", f"line 2, column 5: `name a` {COLON} `name: a`"),
        ("arms:\n  - name: a\n    b c\n", f"line 3, column 5: `b c` {COLON} `b: c`"),
        ("arms:\n  - {name: a, b c}\n", f"line 2, column 15: `b c` {COLON} `b: c`"),
    ],
)
def test_a_missing_colon_is_found_where_it_belongs(text: str, said: str) -> None:
    assert told(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("train:\n\tsteps: 1\n", "line 2, column 1: a tab indents this line; type spaces"),
        ("train:\n  a: 1\n\tsteps: 1\n", "line 3, column 1: a tab indents this line; type spaces"),
        (
            'name: "abc\nmodel: x\n',
            'line 1, column 7: the quote before `abc` is not closed; type "',
        ),
        ('name: "abc\nof: "why"\n', "line 1, column 7: the quote before `abc` is not closed"),
        ("name: 'it's'\n", "line 1, column 11: `s'` follows a quote that is closed already"),
        ("train: {a: 1\nseeds: [0]\n", "line 1, column 8: `{a: 1` opens with {; type } where"),
        ("seeds: [0, 1\n", "line 1, column 8: `[0, 1` opens with [; type ] where it ends"),
        ("train: {a: [1, 2}\n", "line 1, column 17: `[` is closed by `}`; type ] instead"),
        ("seeds: [0]]\n", "line 1, column 11: `]` closes nothing; remove it"),
        ("train: {a: 1 b: 2}\n", "line 1, column 15: `{a: 1 b: 2}` lacks a comma before `: 2}`"),
        ("a:\n   b: 1\n  c: 2\n", "line 3, column 3: `c: 2` is indented by 2 spaces, unlike"),
        ("a: 1\n  b: 2\n", "line 2, column 3: `b: 2` is indented deeper than `a: 1` above it"),
        ("a:\n  - b: 1\n  c: 2\n", "line 3, column 3: `c: 2` stands where an item of the list"),
        ("a: 1\n- b\n", "line 2, column 1: `- b` is an item of a list among fields"),
        ("a: b: c\n", "line 1, column 5: `a: b: c` has a second colon; put the text"),
        (
            "arms:\n  -{a: 1, b: 2}\n",
            "line 2, column 3: `-{a: 1, b: 2}` lacks a space behind its dash",
        ),
        (
            "a:\n  - {b: 1}\n  -{b: 2}\n",
            "line 3, column 3: `-{b: 2}` lacks a space behind its dash",
        ),
        ("train:{a: 1, b: 2}\n", "line 1, column 1: `train:{a: 1, b: 2}` lacks a colon followed"),
        ("a: 1\ntrain {b: 1, c: 2}\n", "line 2, column 1: `train {b: 1, c: 2}` lacks a colon"),
        ("a: {b:[1, 2]}\n", "line 1, column 6: the colon of `:[1, 2]}` lacks a space behind it"),
        ("a: {b: 1}\u00a0\nc: 1\n", "line 1, column 10: a space of another kind stands here"),
        ("a:\n - b: 1\n  - c: 2\n", "line 3, column 3: `- c: 2` is indented by 2 spaces, unlike"),
        ("a: {b: 1}c: 2\n", "line 1, column 10: `c: 2` follows a value that is closed already"),
        ("a:\n  - {b: c}d}\n", "line 2, column 11: `d}` follows a value that is closed already"),
        ("arms: - name: a\n", "line 1, column 7: `- name: a` begins an item of a list behind"),
        ("seeds: [0,, 1]\n", "line 1, column 11: nothing stands before this comma; remove it"),
        ("a: {b:\n", "line 2, column 1: a value is missing here; type it, and what closes"),
        ("Words\n# of\na: 1\n", "line 1, column 1: `Words` stands before the fields and is none"),
        ("a: {b: @c, d: 1}\n", "line 1, column 8: no value begins with `@`; put the text that"),
        ("b;c\na: 1\n", "line 1, column 1: `b;c` is neither a field nor an item; write it as"),
        ("é: ö\nb: \x07\n", "line 2, column 4: a character stands here that no text of YAML"),
        ("a: @b\n", "line 1, column 4: no value begins with `@`; put it in quotes: '@b'"),
        (": b\n", "line 1, column 1: `: b` has no name; write it as `name: value`"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1: `---` begins a second document"),
        ('a: "\\q"\n', 'line 1, column 5: `\\q"` begins with a backslash that means nothing'),
        ("a: | x\n", "line 1, column 6: cannot be read"),
    ],
)
def test_what_else_is_wrong_is_said_with_what_to_type(text: str, said: str) -> None:
    assert told(text).startswith(said)


def test_a_long_line_is_shown_by_its_beginning() -> None:
    assert "`" + "x" * 59 + "…` lacks a colon" in told(f"{'x' * 500}\na: 1\n")


@pytest.mark.parametrize(
    "text", [f"a: @{'x' * 5000}\n", f"{'k' * 5000}: 1\n{'k' * 5000}: 2\n", f"a: 0x{'f' * 5000}\n"]
)
def test_a_long_text_is_not_sent_back(text: str) -> None:
    assert len(told(text)) < 400


def told(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        decode_yaml(text.encode())
    (error,) = refused.value.errors
    return f"{error.field}: {error.message}"
