"""One line of a program's log, as text or JSON: what it is about, and nothing that breaks a line.

Names, errors and addresses in a message are untrusted: a line break in one must not pass for a
line of ours, nor an escape sequence reach a terminal.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from unicodedata import category

Fields = dict[str, str | int | float]

about: ContextVar[Fields] = ContextVar("about", default={})  # noqa: B039 (never changed in place)
"""What the lines of this thread or task are about, such as run and attempt, or a request."""

REQUEST_ID = "X-Request-Id"
"""The header by which a request and its reply name the request."""

FIELDS = "fields"
"""The attribute of a record, given as `extra`, that holds fields of that line alone."""


WORDY = ("alembic", "httpx")
"""Libraries that say too much: the one at every look at the schema, the other whole addresses."""


class LogStyle(StrEnum):
    TEXT = "text"
    JSON = "json"


@contextmanager
def speaking_of(**fields: str | int | float) -> Iterator[None]:
    """Every line written inside carries these fields."""
    token = about.set(about.get() | fields)
    try:
        yield
    finally:
        about.reset(token)


class TextLines(logging.Formatter):
    """`TIME LEVEL logger: message key=value`; a traceback follows, indented."""

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={plain(str(value))}" for name, value in given(record).items())
        head = f"{written(record):%Y-%m-%d %H:%M:%S.%f}"[:-3]
        line = f"{head}Z {record.levelname} {record.name}: {plain(record.getMessage())}{fields}"
        indented = (f"\n    {plain(part)}" for part in trace(self, record).splitlines())
        return line + "".join(indented)


class JsonLines(logging.Formatter):
    """One object a line, in ASCII; a traceback is its `error`."""

    def format(self, record: logging.LogRecord) -> str:
        error = trace(self, record)
        line = {
            "time": written(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **given(record),
            **({"error": error} if error else {}),
        }
        return json.dumps(line, default=str)


FORMATTERS: dict[LogStyle, type[logging.Formatter]] = {
    LogStyle.TEXT: TextLines,
    LogStyle.JSON: JsonLines,
}


def set_up(style: LogStyle) -> None:
    """One handler for the whole program, warnings included; said once, where the program begins."""
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATTERS[style]())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(capture=True)
    for name in WORDY:
        logging.getLogger(name).setLevel(logging.WARNING)


def given(record: logging.LogRecord) -> Fields:
    own: Fields = getattr(record, FIELDS, {})
    return about.get() | own


def written(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""


def plain(text: str) -> str:
    """Control and format characters as escapes, so that the text is one line and only shows."""
    return "".join(escaped(char) for char in text) if needs_escapes(text) else text


def needs_escapes(text: str) -> bool:
    return not text.isprintable()


def escaped(char: str) -> str:
    if char == "\\" or category(char)[0] not in "CZ" or char == " ":
        return char
    return char.encode("unicode_escape").decode()
