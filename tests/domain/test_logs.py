"""Log lines: one line each, whatever is in them, and about what they say they are about."""

import json
import logging
import sys

import pytest

from domain.logs import FIELDS, FORMATTERS, JsonLines, LogStyle, TextLines, speaking_of

HOSTILE = "name\n2030-01-01 00:00:00.000Z INFO workers.app: forged\x1b[2J\x85\u2028\u202e\r"


def record(message: str, *values: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("workers.app", logging.INFO, "app.py", 1, message, values, None)
    made.created = 0.25
    for name, value in more.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize("style", LogStyle)
def test_untrusted_text_never_breaks_a_line(style: LogStyle) -> None:
    with speaking_of(request=HOSTILE):
        line = FORMATTERS[style]().format(record("sweep %s", HOSTILE))
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert "forged" in line


def test_a_line_of_text_says_when_who_what_and_about_what() -> None:
    with speaking_of(run=7, attempt=2):
        line = TextLines().format(record("claimed %d", 7))
    assert line == "1970-01-01 00:00:00.250Z INFO workers.app: claimed 7 run=7 attempt=2"


def test_a_line_of_json_has_its_fields_as_fields() -> None:
    with speaking_of(run=7):
        line = JsonLines().format(record("done", **{FIELDS: {"status": 200}}))
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00.250+00:00",
        "level": "info",
        "logger": "workers.app",
        "message": "done",
        "run": 7,
        "status": 200,
    }


def test_what_lines_are_about_ends_with_the_block() -> None:
    with speaking_of(run=7):
        with speaking_of(attempt=1):
            pass
        line = TextLines().format(record("still"))
    assert line.endswith(": still run=7")
    assert TextLines().format(record("over")).endswith(": over")


def raised() -> logging.LogRecord:
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        return record("it broke", exc_info=sys.exc_info())


def test_a_traceback_is_indented_so_that_its_text_is_no_line_of_ours() -> None:
    first, *rest = TextLines().format(raised()).splitlines()
    assert first.endswith("it broke")
    assert any("forged" in line for line in rest)
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_a_traceback_stays_inside_its_json_line() -> None:
    line = JsonLines().format(raised())
    assert len(line.splitlines()) == 1
    assert "Traceback" in json.loads(line)["error"]
