"""Markdown in which other people's text reads as it is written, and tables and code stay whole."""

import re

from api.tables import Table

# Characters that steer a terminal or turn the direction of what follows them.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Written(str):
    """Markdown that is meant as such."""

    __slots__ = ()


def escape_markdown(value: object) -> str:
    """Text that reads as it is written, in a line, a list item or a cell of a table."""
    if isinstance(value, Written):
        return value
    text = STEERING.sub("\ufffd", " ".join(str(value).split()))
    text = re.sub(r"([\\`*_\[\]{}|~$])", r"\\\1", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"^([#+=-]|\d+(?=[.)](\s|$)))", keep_literal, text)
    return re.sub(r"(?i)(:)(?=//)|(?<=www)(\.)", r"\\\1\2", text)  # no links of their own


def keep_literal(start: re.Match[str]) -> str:
    """What would begin a heading, a list or a number of one."""
    found = start.group()
    return f"\\{found}" if not found.isdigit() else f"{found}\\"


def write_table(table: Table) -> Written:
    marks = [":---"] * table.words + ["---:"] * (len(table.columns) - table.words)
    rows = [
        [f"{cell.text} ({cell.note})" if cell.note else cell.text for cell in one.cells]
        for one in table.rows
    ]
    lines = [table.columns, *rows]
    written = ["| " + " | ".join(map(escape_markdown, line)) + " |" for line in lines]
    written.insert(1, "| " + " | ".join(marks) + " |")
    return Written("\n".join([escape_markdown(table.caption), "", *written]))


def fence(text: str, language: str) -> Written:
    """A block of code behind more backticks than it holds in a row."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return Written(f"{marks}{language}\n{text.strip()}\n{marks}")
