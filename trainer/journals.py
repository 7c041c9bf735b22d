"""Grades kept as they are given, so that an evaluation cut short is asked only for the rest.

A journal is a file of Graded events beside the run's checkpoints. It is of one step and of the very
weights that were saved at it: its name bears the digest of that checkpoint's manifest, so nothing
else is ever taken for its grades. The base model's weights are the same in the same dtype.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from domain.events import Graded
from domain.runs import EvalSettings

logger = logging.getLogger(__name__)

BASE = "base"


@dataclass
class Journal:
    """`grades` are those found, by problem. Without a file it is empty and keeps nothing."""

    file: BinaryIO | None = None
    grades: dict[int, Graded] = field(default_factory=dict)

    def keep(self, graded: Graded) -> None:
        """A full disk costs the journal, not the run."""
        if self.file is None:
            return
        try:
            self.file.write(graded.model_dump_json().encode() + b"\n")
            self.file.flush()
        except OSError as error:
            logger.warning("grades are kept no longer: %s", error)
            self.file = None


@contextmanager
def open_journal(
    root: Path | None, weights: str | None, step: int, settings: EvalSettings
) -> Iterator[Journal]:
    """The journal of `step`, or one without a file: where there is no `root`, where the `weights`
    are not saved, where nothing can be written, and where another attempt of this run writes."""
    if root is None or weights is None:
        yield Journal()
        return
    path = root / f"grades-{step}-{weights[:16]}.jsonl"
    try:
        root.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)
    except OSError as error:
        logger.warning("grades are not kept: %s", error)
        yield Journal()
        return
    with file:
        yield take(file, step, settings)


def take(file: BinaryIO, step: int, settings: EvalSettings) -> Journal:
    """The lock is the kernel's, and ends with the process. A torn last line is cut off."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.seek(0)
        whole = file.read()
        whole = whole[: whole.rfind(b"\n") + 1]
        file.truncate(len(whole))
    except OSError as error:
        logger.warning("grades are not kept: %s", error)
        return Journal()
    return Journal(file, {graded.problem: graded for graded in readable(whole, step, settings)})


def readable(lines: bytes, step: int, settings: EvalSettings) -> Iterator[Graded]:
    """A line that is no grade of this evaluation is passed over: its problem is sampled again."""
    for line in lines.splitlines():
        try:
            graded = Graded.model_validate_json(line)
        except ValidationError:
            logger.warning("a line of the journal is no grade: %.200r", line)
            continue
        if (graded.step, graded.n) == (step, settings.samples) and (
            0 <= graded.problem < settings.problems
        ):
            yield graded
