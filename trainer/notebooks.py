"""Work done in parts, kept part by part: whoever goes on after an interruption repeats none.

A notebook is a file of JSON lines that one process writes at a time. A torn last line is cut off,
and a line that is no row is passed over: its part is done again. A full disk, or one that knows no
locks, costs the notebook, not the work.
"""

import fcntl
import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from trainer.reminders import Reminder

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.5
Row = TypeVar("Row", bound=BaseModel)


@dataclass
class Notebook(Generic[Row]):
    """`rows` are those found, in their order. Without a file it is empty and keeps nothing."""

    file: BinaryIO | None = None
    rows: list[Row] = field(default_factory=list)

    def keep(self, row: Row) -> None:
        self.rows.append(row)
        if self.file is None:
            return
        try:
            self.file.write(row.model_dump_json().encode() + b"\n")
            self.file.flush()
        except OSError as error:
            logger.warning("what is done is kept no longer: %s", error)
            self.file = None


@contextmanager
def open_notebook(
    path: Path | None, kind: type[Row], pause: Callable[[], None] | None = None
) -> Iterator[Notebook[Row]]:
    """Waits while another process writes it, which may be doing the same work; `pause` is called
    meanwhile, and may raise. Without a `pause` nobody waits, and nothing is found or kept then, as
    without a path and where nothing can be written."""
    file = open_file(path) if path else None
    if file is None:
        yield Notebook()
        return
    with file:
        yield take(file, kind, pause)


def open_file(path: Path) -> BinaryIO | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+b", buffering=0)
    except OSError as error:
        logger.warning("what is done is not kept: %s", error)
        return None


def take(file: BinaryIO, kind: type[Row], pause: Callable[[], None] | None) -> Notebook[Row]:
    """Raises what `pause` raises."""
    try:
        lock(file, pause)
        return Notebook(file, list(read_rows(file, kind)))
    except OSError as error:
        logger.warning("what is done is not kept: %s", error)
        file.close()
        return Notebook()


def lock(file: BinaryIO, pause: Callable[[], None] | None) -> None:
    """The lock is the kernel's, and ends with the process. Raises OSError where there is none to be
    had. Whoever waits says so again and again."""
    reminder = Reminder(since=-math.inf)
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if pause is None:
                raise
        if reminder.is_due():
            logger.warning("waiting for another process that makes %s", Path(file.name).name)
        pause()
        time.sleep(PATIENCE_SECONDS)


def read_rows(file: BinaryIO, kind: type[Row]) -> Iterator[Row]:
    file.seek(0)
    whole = file.read()
    lines = whole[: whole.rfind(b"\n") + 1]
    if len(lines) < len(whole):
        file.truncate(len(lines))
    for line in lines.splitlines():
        try:
            yield kind.model_validate_json(line)
        except ValidationError:
            logger.warning("a line of a notebook is no %s: %.200r", kind.__name__, line)
