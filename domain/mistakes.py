"""What keeps a text from being YAML, in one sentence: what was found, and what to type instead.

A reader of YAML says what it expected, often lines after what was forgotten. Here is looked for the
latter: a colon, a quote, a bracket, an indentation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from domain.errors import Invalid, invalid
from domain.wordings import quoted, want_colon

VALUE = re.compile(r":(\s|$)")
CLOSING = {"{": "}", "[": "]"}
DASHED = re.compile(r"\s*-(?=[\[{])")
"""An item whose dash has no space behind it: to YAML, one long word."""
GLUED = re.compile(r"[\w.-]+(:\S| +[\[{])")
PLAIN = re.compile(r"[^'\[\]{},]{1,60}")


class Mark(Protocol):
    """Where a reader of YAML points to, counted from 0."""

    line: int
    column: int


@dataclass(frozen=True)
class Place:
    """A place of a text, counted from 0; a line below the last is empty."""

    lines: list[str]
    line: int
    column: int

    @property
    def text(self) -> str:
        return self.lines[self.line] if self.line < len(self.lines) else ""

    @property
    def before(self) -> str:
        return self.text[: self.column]

    @property
    def after(self) -> str:
        return self.text[self.column :].split(" #")[0].rstrip()

    @property
    def char(self) -> str:
        return self.text[self.column : self.column + 1]

    def at(self, line: int, column: int | None = None) -> "Place":
        """Another place; by default where the line's text begins, behind the dash of an item."""
        text = self.lines[line]
        start = len(text) - len(text.lstrip(" -"))
        return Place(self.lines, line, start if column is None else column)

    def above(self) -> "Place | None":
        """Where the nearest line before this one that says anything begins."""
        for line in range(min(self.line, len(self.lines)) - 1, -1, -1):
            if self.lines[line].strip() and not self.lines[line].lstrip().startswith("#"):
                return self.at(line)
        return None


Finding = tuple[Place, str]


def explain(text: str, problem: str | None, at: Mark | None, since: Mark | None) -> Invalid:
    """One sentence about the place that has to be mended, of what the reader says: the `problem`
    with where it saw it, and `since` when it had expected something else."""
    lines, problem, at = text.splitlines(), problem or "", at or since
    there = Place(lines, at.line, at.column) if at else Place(lines, 0, 0)
    began = Place(lines, since.line, since.column) if since else there
    judge = next((judge for words, judge in JUDGES if words in problem), None)
    if "\t" in there.text[: there.column + 1] and not there.before.strip():
        judge = judge_tab
    place, message = judge(there, began) if judge else (there, f"cannot be read: {problem}")
    return misplaced(place.line + 1, place.column + 1, message)


def misplaced(line: int, column: int, message: str) -> Invalid:
    return invalid(f"line {line}, column {column}", message)


def judge_tab(at: Place, _: Place) -> Finding:
    return at.at(at.line, at.text.index("\t")), "a tab indents this line; type spaces instead"


def judge_key(_: Place, since: Place) -> Finding:
    return since, want_colon(since.after)


def judge_value(at: Place, _: Place) -> Finding:
    """A second colon: one too many in its line, or the first is missing in the line above."""
    above = at.above()
    if dashed := DASHED.match(at.text):
        return judge_dash(at.at(at.line, dashed.end() - 1))
    line = at.at(at.line)
    if GLUED.match(line.after):
        return line, want_colon(line.after)
    if VALUE.search(at.before) or above is None:
        return at, (
            f"{quoted(at.text.strip())} has a second colon; put the text that holds it in quotes, "
            "or write each field on a line of its own"
        )
    if not VALUE.search(above.text):
        return above, want_colon(above.after)
    return line, (
        f"{quoted(at.text)} is indented deeper than {quoted(above.after)} above it, which "
        f"has its value already; type {spaces(above.column)} before it"
    )


def judge_end(_: Place, since: Place) -> Finding:
    quote = since.char
    return since, (
        f"the quote before {quoted(since.after[1:])} is not closed; type {quote} where the text "
        "ends, or leave the quote out"
    )


def judge_flow(at: Place, since: Place) -> Finding:
    """A bracket that is closed by another, or not at all, or a comma that is missing in it."""
    opened, close = since.char, CLOSING.get(since.char, "")
    if at.char in CLOSING.values():
        return at, f"{quoted(opened)} is closed by {quoted(at.char)}; type {close} instead"
    if at.line == since.line and at.char:
        return at, (
            f"{quoted(since.after)} lacks a comma before {quoted(at.after)}; type one between any "
            "two entries"
        )
    return since, f"{quoted(since.after)} opens with {opened}; type {close} where it ends"


def judge_content(at: Place, _: Place) -> Finding:
    if at.char == ",":
        return at, "nothing stands before this comma; remove it"
    return at, "a value is missing here; type it, and what closes the brackets that are open"


def judge_start(at: Place, _: Place) -> Finding:
    told = f"no value begins with {quoted(at.char)}; put"
    if PLAIN.fullmatch(at.after):
        return at, f"{told} it in quotes: '{at.after}'"
    return at, f"{told} the text that begins with it in quotes"


def judge_colon(at: Place, _: Place) -> Finding:
    return at, f"the colon of {quoted(at.after)} lacks a space behind it; type one"


def judge_dash(at: Place) -> Finding:
    return at, (
        f"{quoted(at.after)} lacks a space behind its dash; type {quoted('- ' + at.after[1:])}"
    )


def judge_inline(at: Place, _: Place) -> Finding:
    return at, (
        f"{quoted(at.after)} begins an item of a list behind something else; begin it on a line of "
        "its own, or put the text in quotes if it is none"
    )


def judge_item(at: Place, since: Place) -> Finding:
    if DASHED.match(at.after):
        return judge_dash(at)
    if at.before.strip():
        return judge_rest(at)
    if at.after.startswith("- "):
        return at, (
            f"{quoted(at.after)} is indented by {spaces(at.column)}, unlike the items above it; "
            f"type {spaces(since.column)} before it"
        )
    return at, (
        f"{quoted(at.after)} stands where an item of the list begins; type - before it, or indent "
        f"it by {spaces(since.column + 2)} to be a part of the item above"
    )


def judge_rest(at: Place) -> Finding:
    if not at.after:
        return at, "a space of another kind stands here, as a no-break one; remove it"
    return at, (
        f"{quoted(at.after)} follows a value that is closed already; begin a new line before it, "
        "or close the value behind it"
    )


def judge_field(at: Place, _: Place) -> Finding:
    """What follows a quote or a bracket that was closed too early, or a line indented by itself."""
    above = at.above()
    if at.before.rstrip().endswith(('"', "'")):
        return judge_quote(at, at.before.rstrip()[-1])
    if at.char in CLOSING.values():
        return at, f"{quoted(at.char)} closes nothing; remove it"
    if at.before.strip():
        return judge_rest(at)
    if at.after.startswith("- "):
        return at, (
            f"{quoted(at.after)} is an item of a list among fields; indent it under the field that "
            "it belongs to"
        )
    if at.char == ":" or above is None:
        return at, f"{quoted(at.after)} has no name; write it as `name: value`"
    return at, (
        f"{quoted(at.after)} is indented by {spaces(at.column)}, unlike the fields around it; type "
        f"{spaces(above.column)} before it, as before {quoted(above.after)}"
    )


def judge_quote(at: Place, quote: str) -> Finding:
    """A quote that was forgotten ends where the next one was meant to begin."""
    if at.before.count(quote) % 2:
        for line in range(at.line - 1, -1, -1):
            if at.lines[line].count(quote) % 2:
                return judge_end(at, at.at(line, at.lines[line].rindex(quote)))
    told = f"{quoted(at.after)} follows a quote that is closed already; write the whole text"
    return at, f"{told} in quotes of the other kind"


def judge_document(at: Place, _: Place) -> Finding:
    """What is no field, and so the whole text, stands before the fields."""
    found = at.above() or at
    told = f"{quoted(found.after)} stands before the fields and is none; remove it, or begin it"
    return found, f"{told} with # if it is a comment"


def judge_second(at: Place, _: Place) -> Finding:
    return at, f"{quoted(at.text)} begins a second document; send one at a time"


def judge_escape(at: Place, _: Place) -> Finding:
    told = f"{quoted(at.after)} begins with a backslash that means nothing in double quotes"
    return at, f"{told}; type \\\\ for one, or use single quotes"


JUDGES: tuple[tuple[str, Callable[[Place, Place], Finding]], ...] = (
    ("could not find expected ':'", judge_key),
    ("mapping values are not allowed", judge_value),
    ("found unexpected end of stream", judge_end),
    ("did not find expected ',' or", judge_flow),
    ("did not find expected node content", judge_content),
    ("cannot start any token", judge_start),
    ("found unexpected ':'", judge_colon),
    ("block sequence entries are not allowed", judge_inline),
    ("did not find expected '-'", judge_item),
    ("did not find expected key", judge_field),
    ("did not find expected <document start>", judge_document),
    ("another document", judge_second),
    ("unknown escape character", judge_escape),
)
"""By what the reader says; the first that fits counts."""


def spaces(count: int) -> str:
    return {0: "no spaces", 1: "1 space"}.get(count, f"{count} spaces")
