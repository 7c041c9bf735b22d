"""Grades kept as they are given, so that an evaluation cut short is asked only for the rest.

A journal is a notebook of Graded events beside the run's checkpoints. It is of one step and of the
very weights that were saved at it: its name bears the digest of that checkpoint's manifest, so
nothing else is ever taken for its grades. The base model's weights are the same for the same spec
in the same dtype.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.hashes import digest
from domain.events import Graded
from domain.runs import EvalSettings
from trainer.checkpoints import MANIFEST
from trainer.notebooks import Notebook, open_notebook
from trainer.subjects import Subject

DIGITS = 16


def name_saved(checkpoint: Path) -> str:
    """Of the weights of a checkpoint that was published."""
    return digest(checkpoint / MANIFEST)[:DIGITS]


def name_base(subject: Subject) -> str:
    return f"base-{subject.made_in}"


@contextmanager
def open_journal(
    root: Path | None, weights: str | None, step: int, settings: EvalSettings
) -> Iterator[Notebook[Graded]]:
    """The journal of `step`, with one row for each problem. One without a file where there is no
    `root`, where the `weights` are not saved, and where another attempt of this run writes."""
    path = root / f"grades-{step}-{weights}.jsonl" if root and weights else None
    with open_notebook(path, Graded) as book:
        known = {row.problem: row for row in book.rows if is_of(row, step, settings)}
        book.rows = list(known.values())
        yield book


def is_of(graded: Graded, step: int, settings: EvalSettings) -> bool:
    """One that is not of this evaluation is passed over: its problem is sampled again."""
    same = (graded.step, graded.n) == (step, settings.samples)
    return same and 0 <= graded.problem < settings.problems
