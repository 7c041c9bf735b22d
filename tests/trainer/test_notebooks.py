"""Notebooks: what is kept is found again, torn lines are not, and one process writes at a time."""

import errno
import fcntl
from pathlib import Path

import pytest
from pydantic import BaseModel

from trainer import notebooks, reminders
from trainer.notebooks import Notebook, open_notebook


class Row(BaseModel):
    number: int


class Stopped(Exception):
    pass


def pause() -> None:
    raise Stopped


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "book.jsonl"
    for number in range(3):
        with open_notebook(path, Row, pause) as book:
            assert [row.number for row in book.rows] == list(range(number))
            book.keep(Row(number=number))


def test_a_torn_last_line_and_a_strange_one_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    path.write_text('{"number": 1}\n{"other": 2}\n{"number": 3}\n{"numb')
    with open_notebook(path, Row, pause) as book:
        assert [row.number for row in book.rows] == [1, 3]
        book.keep(Row(number=4))
    assert path.read_text().splitlines()[-1] == '{"number":4}'


def test_another_writer_is_waited_for_and_a_stop_is_heard_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    with open_notebook(path, Row, pause):
        again = open_notebook(path, Row, pause)
        with pytest.raises(Stopped), again:
            pass


def test_whoever_waits_goes_on_saying_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A trainer that says nothing for long is ended as stalled."""
    monkeypatch.setattr(notebooks, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(reminders, "SECONDS", 0.0)
    calls = iter(range(3))
    path = tmp_path / "book.jsonl"
    with open_notebook(path, Row, pause):
        again = open_notebook(path, Row, lambda: None if next(calls, 9) < 2 else pause())
        with pytest.raises(Stopped), again:
            pass
    assert [record.getMessage() for record in caplog.records] == [
        "waiting for another process that makes book.jsonl"
    ] * 3


def test_without_a_pause_nobody_waits(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    with open_notebook(path, Row, pause) as book, open_notebook(path, Row) as other:
        book.keep(Row(number=1))
        other.keep(Row(number=2))
    assert path.read_text() == '{"number":1}\n'


def test_on_a_disk_that_knows_no_locks_the_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    path = tmp_path / "book.jsonl"
    path.write_text('{"number": 1}\n')
    with open_notebook(path, Row, pause) as book:
        assert book.rows == []
        book.keep(Row(number=2))
    assert path.read_text() == '{"number": 1}\n'


def test_a_full_disk_costs_the_notebook_and_not_the_work() -> None:
    with Path("/dev/full").open("ab", buffering=0) as full:
        book = Notebook[Row](full)
        book.keep(Row(number=1))
        assert book.file is None
        book.keep(Row(number=2))
    assert book.rows == [Row(number=1), Row(number=2)]


def test_where_nothing_can_be_written_the_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with open_notebook(tmp_path / "file" / "book.jsonl", Row, pause) as book:
        book.keep(Row(number=1))
        assert book.rows == [Row(number=1)]
