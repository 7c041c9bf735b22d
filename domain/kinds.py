"""Entropy and frequency of each kind of token and sentence, against the rest, from stored tallies.

A pivotal token is the first of a listed word, where the model chose it. The word's other tokens are
in neither side. The rest is what is in no listed word, the same for every category; p-values are
adjusted over the categories (step-down, with the draws that all share), view by view.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np

from domain.adjustments import step_down
from domain.findings import RareTally, SentenceCell, TokenTally
from domain.gaps import DECILES, Side, Split, across, within
from domain.resampling import FEWEST, Figure, Floats, Statistic, Tested, measure, ratio

View = Literal["all", "position", "problem", "both", "word starts"]

Told = TypeVar("Told")

ALL = "all"
THOUSAND = 1000.0
VIEWS: dict[View, Callable[[Split], Statistic]] = {
    "all": lambda split: across(split.merged()),
    "position": across,
    "problem": lambda split: within(split.merged()),
    "both": within,
}


@dataclass(frozen=True)
class Gap:
    """How much higher entropy is inside than outside, in nats, in one view of domain/gaps.py.

    `p` is of no difference; `adjusted_p` allows for the other categories. None with a `note` why.
    """

    view: View
    delta: Figure
    p: float | None
    adjusted_p: float | None
    note: str


@dataclass(frozen=True)
class Kind:
    """One kind of token or sentence: how often, how entropic, and against the rest.

    `profile` and `rest_profile` are mean entropies by tenth of the trace, None where there is none.
    """

    name: str
    count: int
    problems: int
    per_thousand: Figure
    mean: Figure
    rest: Figure
    gaps: tuple[Gap, ...]
    profile: tuple[float | None, ...]
    rest_profile: tuple[float | None, ...]


@dataclass(frozen=True)
class Separated:
    """A kind and the rest; `starts` are words against tokens that begin a word or a sign."""

    name: str
    split: Split
    starts: Split | None


@dataclass(frozen=True)
class Measured:
    """A gap before the others of its family are known."""

    gap: Gap
    tested: Tested


def list_pivotal(tallies: Sequence[TokenTally], categories: Sequence[str]) -> list[Kind]:
    """All listed words together, then category by category."""
    tokens = np.array([tally.tokens for tally in tallies], dtype=np.float64)
    whole, *separated = separate_words(tallies, categories)
    together = [one.gap for one in token_views(whole)]
    families = view_by_view([token_views(one) for one in separated], adjust_view)
    return [
        describe(one, tokens, gaps)
        for one, gaps in zip([whole, *separated], [together, *families], strict=True)
    ]


def separate_words(tallies: Sequence[TokenTally], categories: Sequence[str]) -> list[Separated]:
    """All listed words together, then category by category."""
    sides = token_sides(tallies)
    nothing = empty_side(len(tallies))
    rest = added(sides, lambda category, _: not category)
    starts = added(sides, lambda category, start: not category and start == 1)
    whole = added(sides, lambda category, start: bool(category) and start == 1)
    found = [(ALL, whole), *((name, sides.get((name, 1), nothing)) for name in categories)]
    return [Separated(name, Split(side, rest), Split(side, starts)) for name, side in found]


def separate_reflective(tallies: Sequence[TokenTally]) -> Separated:
    return separate_sentences("reflective", [tally.sentences for tally in tallies])


def separate_rare(tallies: Sequence[RareTally]) -> Separated:
    return separate_sentences("rare", [tally.cells for tally in tallies])


def separate_sentences(name: str, cells: Sequence[Sequence[SentenceCell]]) -> Separated:
    sides = {marked: empty_side(len(cells)) for marked in (0, 1)}
    for row, own in enumerate(cells):
        for cell in own:
            sides[cell.marked].n[row, cell.decile] += cell.n
            sides[cell.marked].total[row, cell.decile] += cell.total
    return Separated(name, Split(sides[1], sides[0]), None)


def describe_reflective(tallies: Sequence[TokenTally]) -> Kind:
    tokens = np.array([tally.tokens for tally in tallies], dtype=np.float64)
    return describe_sentences(separate_reflective(tallies), tokens)


def describe_rare(tallies: Sequence[RareTally], tokens: Floats) -> Kind:
    return describe_sentences(separate_rare(tallies), tokens)


def describe_sentences(separated: Separated, tokens: Floats) -> Kind:
    return describe(separated, tokens, [one.gap for one in measure_views(separated.split)])


def describe(separated: Separated, tokens: Floats, gaps: Sequence[Gap]) -> Kind:
    split, problems = separated.split, len(tokens)
    inside = split.inside.merged()
    counts = inside.n[:, 0]
    return Kind(
        name=separated.name,
        count=int(counts.sum()),
        problems=split.present,
        per_thousand=not_below_zero(
            measure(ratio(THOUSAND * counts, tokens), problems, split.present).figure
        ),
        mean=mean_of(split.inside),
        rest=mean_of(split.outside),
        gaps=tuple(gaps),
        profile=profile(split.inside),
        rest_profile=profile(split.outside),
    )


def mean_of(side: Side) -> Figure:
    present = int((side.n.sum(1) > 0).sum())
    mean = measure(ratio(side.total.sum(1), side.n.sum(1)), len(side.n), present).figure
    return not_below_zero(mean)


def not_below_zero(figure: Figure) -> Figure:
    """Of a figure that cannot be."""
    return figure if figure.low is None else replace(figure, low=max(figure.low, 0.0))


def profile(side: Side) -> tuple[float | None, ...]:
    n, total = side.n.sum(0), side.total.sum(0)
    return tuple(float(b / a) if a else None for a, b in zip(n, total, strict=True))


def token_views(separated: Separated) -> list[Measured]:
    views = measure_views(separated.split)
    return [*views, *([measure_view("word starts", separated.starts)] if separated.starts else [])]


def measure_views(split: Split) -> list[Measured]:
    return [measure_view(view, split) for view in VIEWS]


def statistic_of(view: View, split: Split) -> Statistic:
    return VIEWS["all" if view == "word starts" else view](split)


def count_telling(view: View, split: Split) -> int:
    """Problems that have a say: on the side that has fewer, or those where like meets like."""
    merged = split.merged()
    by_view = {"position": split.telling, "problem": merged.compared, "both": split.compared}
    return by_view.get(view, merged.telling)


def measure_view(view: View, split: Split) -> Measured:
    statistic = statistic_of(view, split)
    telling = count_telling(view, split)
    tested = measure(statistic, len(split.inside.n), telling)
    note = "" if tested.p is not None else "every problem says the same, which has no p"
    if tested.figure.low is None:
        note = say_few(telling)
    return Measured(Gap(view, tested.figure, tested.p, tested.p, note), tested)


def say_few(telling: int) -> str:
    return f"in {telling} problems; an interval needs {FEWEST}, and more where they differ"


def view_by_view(
    families: Sequence[Sequence[Told]], adjust: Callable[[Sequence[Told]], list[Gap]]
) -> Iterator[list[Gap]]:
    """By category the gaps, each view's p-values adjusted over the categories that have one."""
    by_view = [adjust(column) for column in zip(*families, strict=True)]
    yield from map(list, zip(*by_view, strict=True))


def adjust_view(column: Sequence[Measured]) -> list[Gap]:
    known = [one for one in column if one.gap.p is not None]
    if len(known) < 2:
        return [one.gap for one in column]
    null = np.stack([one.tested.null for one in known]).astype(np.float32)
    found = iter(step_down(np.array([one.tested.t for one in known]), null))
    return [
        one.gap if one.gap.p is None else replace(one.gap, adjusted_p=max(one.gap.p, next(found)))
        for one in column
    ]


def token_sides(tallies: Sequence[TokenTally]) -> dict[tuple[str, int], Side]:
    """By category and whether a word begins there."""
    sides: dict[tuple[str, int], Side] = {}
    for row, tally in enumerate(tallies):
        for cell in tally.cells:
            key = (cell.category, cell.start)
            side = sides.setdefault(key, empty_side(len(tallies)))
            side.n[row, cell.decile] += cell.n
            side.total[row, cell.decile] += cell.total
    return sides


def added(sides: dict[tuple[str, int], Side], chosen: Callable[[str, int], bool]) -> Side:
    parts = [side for key, side in sides.items() if chosen(*key)]
    if not parts:
        return empty_side(len(next(iter(sides.values())).n) if sides else 0)
    return Side(np.sum([side.n for side in parts], axis=0), total_of(parts))


def total_of(parts: Sequence[Side]) -> Floats:
    total: Floats = np.sum([side.total for side in parts], axis=0)
    return total


def empty_side(problems: int) -> Side:
    shape = (problems, DECILES)
    return Side(np.zeros(shape), np.zeros(shape))
