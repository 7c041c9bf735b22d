"""Rows of a JSONL or Parquet file, or a clear word on which file, which row and what to do."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from domain.errors import FieldError, Invalid

KINDS = (".jsonl", ".parquet")

Row = Mapping[str, object]


class BrokenFile(Invalid):
    """A file that a task is made of is missing or unreadable."""

    def __init__(self, message: str) -> None:
        super().__init__([FieldError(field="task", message=message)])


class Place(NamedTuple):
    """Where a row was read, in words that lead there."""

    file: str
    row: str

    def fail(self, message: str) -> BrokenFile:
        return BrokenFile(f"{self.file}, {self.row}: {message}")


def read_rows(path: Path, shown: str) -> Iterator[tuple[Place, Row]]:
    """`shown` is the file's name in messages. Raises BrokenFile, also for a file without rows."""
    empty = True
    for found in (read_parquet if path.suffix == ".parquet" else read_jsonl)(path, shown):
        empty = False
        yield found
    if empty:
        raise BrokenFile(f"{shown} has no rows; remove it or fetch it again")


def read_jsonl(path: Path, shown: str) -> Iterator[tuple[Place, Row]]:
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    place = Place(shown, f"line {number}")
                    yield place, parse_line(line, place)
    except OSError as error:
        raise BrokenFile(f"{shown} cannot be read: {error.strerror}") from None


def parse_line(line: bytes, place: Place) -> Row:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise place.fail("is not UTF-8; save the file in that encoding") from None
    except ValueError as error:
        raise place.fail(f"is not JSON ({error}); each line is one object") from None
    except RecursionError:
        raise place.fail("is nested too deeply; each line is one flat object") from None
    if not isinstance(row, dict):
        raise place.fail("is not an object with named columns, such as {...}")
    return row


def read_parquet(path: Path, shown: str) -> Iterator[tuple[Place, Row]]:
    # Imported here: half a second that only a Parquet file is worth.
    import pyarrow
    import pyarrow.parquet

    number = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1024):
                for row in batch.to_pylist():
                    number += 1
                    yield Place(shown, f"row {number}"), row
    except (OSError, pyarrow.ArrowException, UnicodeDecodeError) as error:
        raise BrokenFile(f"{shown} is not a readable Parquet file: {error}") from None
