"""From an analysis' tallies to one small part: a sweep has hundreds of analyses to read at once."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from domain.behaviours import of_kind
from domain.findings import (
    Digest,
    Finding,
    RareTally,
    SentenceCell,
    Sums,
    TokenCell,
    TokenTally,
)

C = TypeVar("C", TokenCell, SentenceCell)


def digest(found: Sequence[Finding], categories: Iterable[str]) -> Digest:
    """Of everything that was found; sentences were compared in all problems or in none."""
    tallies, compared = of_kind(found, TokenTally), of_kind(found, RareTally)
    cells = [one.cells for one in tallies]
    sentences = [one.sentences for one in tallies]
    unlike = [one.cells for one in compared]
    return Digest(
        problems=[one.number for one in tallies],
        tokens=[one.tokens for one in tallies],
        traces=sum(one.traces for one in tallies),
        correct=sum(one.correct for one in tallies),
        truncated=sum(one.truncated for one in tallies),
        every=add(cells, lambda _: True),
        rest=add(cells, lambda cell: not cell.category),
        words={name: add(cells, begins(name)) for name in categories},
        reflective=add(sentences, is_marked),
        unreflective=add(sentences, is_unmarked),
        rare=add(unlike, is_marked) if compared else None,
        common=add(unlike, is_unmarked) if compared else None,
    )


def begins(category: str) -> Callable[[TokenCell], bool]:
    return lambda cell: cell.category == category and cell.start == 1


def is_marked(cell: SentenceCell) -> bool:
    return cell.marked == 1


def is_unmarked(cell: SentenceCell) -> bool:
    return cell.marked == 0


def add(problems: Sequence[Sequence[C]], chosen: Callable[[C], bool]) -> Sums:
    """Of each problem's cells those that are chosen."""
    kept = [[cell for cell in cells if chosen(cell)] for cells in problems]
    return Sums(
        n=[sum(cell.n for cell in cells) for cells in kept],
        total=[math.fsum(cell.total for cell in cells) for cells in kept],
    )
