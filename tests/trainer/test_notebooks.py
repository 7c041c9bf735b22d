"""Notebooks: what is kept is found again, torn lines are not, and one process writes at a time."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from trainer.notebooks import open_notebook


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


def test_where_nothing_can_be_written_the_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with open_notebook(tmp_path / "file" / "book.jsonl", Row, pause) as book:
        book.keep(Row(number=1))
        assert book.rows == [Row(number=1)]
