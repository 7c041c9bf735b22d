"""How arms behave: figures of their analyses over seeds and problems, step by step.

A figure of one analysis is a ratio of sums over its problems. Its jackknife's pseudo-values, one
for each problem, have it as their mean, and its variance as the variance of a mean; so that seeds
and problems are a crossed layout as they are for pass@k, see domain/intervals.py. What occurs in
few problems has as many degrees of freedom. One analysis by itself has figures by a resampling that
is a little more careful: domain/kinds.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

import numpy as np

from domain.contrasts import Noise
from domain.findings import Digest, Sums
from domain.gaps import Side
from domain.intervals import Floats, Moments, Part, analyse, half_width
from domain.kinds import ALL, THOUSAND
from domain.numbers import finite
from domain.resampling import FEWEST, Figure

Of = Literal["words", "sentences"]
Measure = Literal["per_thousand", "mean", "rest", "gap"]
MEASURES: tuple[Measure, ...] = ("per_thousand", "mean", "rest", "gap")


@dataclass(frozen=True)
class AnalysedRun:
    """An analysis that is complete. The untrained model has no seed."""

    run_id: int
    arm: str
    seed: int | None
    step: int
    digest: Digest


@dataclass(frozen=True)
class KindFigures:
    """One kind of token or sentence: how many in all seeds, in how many problems at least.

    `per_thousand` tokens, `mean` entropy in nats, that of the `rest`, and the `gap` between both.
    """

    name: str
    of: Of
    count: int
    problems: int
    per_thousand: Figure
    mean: Figure
    rest: Figure
    gap: Figure


@dataclass(frozen=True)
class ArmFigures:
    """An arm after a step. `correct` and `truncated` are shares of its traces; `over` names the
    noise that intervals contain: with one seed not that of training."""

    arm: str
    step: int
    seeds: tuple[int, ...]
    run_ids: tuple[int, ...]
    over: Noise
    problems: int
    traces: int
    tokens: int
    correct: float
    truncated: float
    entropy: Figure
    kinds: tuple[KindFigures, ...]


@dataclass(frozen=True)
class Layout:
    """An arm's analyses after a step, ready to be compared.

    `values` are pseudo-values by measure, of shape (seeds, problems, kinds); `entropy` is over all
    tokens, (seeds, problems, 1). `counts` say how many there are of each kind, (seeds, kinds), and
    `telling` in how many problems there is any of what a measure is of, of the same shape: a gap is
    of the kind and of the rest, and the fewer count.
    """

    runs: tuple[AnalysedRun, ...]
    kinds: tuple[tuple[str, Of], ...]
    values: dict[Measure, Floats]
    counts: Floats
    telling: dict[Measure, Floats]
    entropy: Floats

    @property
    def arm(self) -> str:
        return self.runs[0].arm

    @property
    def step(self) -> int:
        return self.runs[0].step

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(run.seed for run in self.runs if run.seed is not None)


def lay_out(runs: Iterable[AnalysedRun]) -> list[Layout]:
    """By arm, in the order they come in, and step."""
    listed = list(runs)
    place = {arm: index for index, arm in enumerate(dict.fromkeys(run.arm for run in listed))}
    listed.sort(key=lambda run: (place[run.arm], run.step, run.seed or 0))
    return [lay_out_one(tuple(own)) for _, own in groupby(listed, lambda run: (run.arm, run.step))]


def lay_out_one(runs: tuple[AnalysedRun, ...]) -> Layout:
    read = [read_counts(run.digest) for run in runs]
    return Layout(
        runs=runs,
        kinds=kinds_of(runs[0].digest),
        values={measure: np.stack([one.values[measure] for one in read]) for measure in MEASURES},
        counts=np.stack([one.counts for one in read]),
        telling={measure: np.stack([one.telling[measure] for one in read]) for measure in MEASURES},
        entropy=np.stack([mean_entropies(run.digest) for run in runs]),
    )


@dataclass(frozen=True)
class Counts:
    """Of one analysis; see Layout."""

    values: dict[Measure, Floats]
    counts: Floats
    telling: dict[Measure, Floats]


def kinds_of(digest: Digest) -> tuple[tuple[str, Of], ...]:
    words: list[tuple[str, Of]] = [(name, "words") for name in (ALL, *digest.words)]
    return (*words, ("reflective", "sentences"), ("rare", "sentences"))


def read_counts(digest: Digest) -> Counts:
    inside, outside = sides_of(digest)
    tokens = np.array(digest.tokens, dtype=np.float64)[:, None]
    mean, rest = (jackknifed(side.total, side.n) for side in (inside, outside))
    present, others = ((side.n > 0).sum(axis=0).astype(np.float64) for side in (inside, outside))
    both = np.minimum(present, others)
    per_thousand = THOUSAND * jackknifed(inside.n, np.broadcast_to(tokens, inside.n.shape))
    return Counts(
        values={"per_thousand": per_thousand, "mean": mean, "rest": rest, "gap": mean - rest},
        counts=inside.n.sum(axis=0),
        telling={"per_thousand": present, "mean": present, "rest": others, "gap": both},
    )


def mean_entropies(digest: Digest) -> Floats:
    """Over all tokens, of shape (problems, 1)."""
    every = Side(*pair([digest.every]))
    return jackknifed(every.total, every.n)


def sides_of(digest: Digest) -> tuple[Side, Side]:
    """Those of each kind, and those they are set against, by problem and kind."""
    n, total = pair(list(digest.words.values()))
    none = Sums(n=[0] * len(digest.problems), total=[0.0] * len(digest.problems))
    marked = pair([digest.reflective, digest.rare or none])
    unmarked = pair([digest.unreflective, digest.common or none])
    rest = [np.repeat(one, 1 + n.shape[1], axis=1) for one in pair([digest.rest])]
    inside = [
        np.hstack([one.sum(axis=1, keepdims=True), one, own])
        for one, own in zip((n, total), marked, strict=True)
    ]
    outside = [np.hstack(both) for both in zip(rest, unmarked, strict=True)]
    return Side(*inside), Side(*outside)


def pair(columns: Sequence[Sums]) -> tuple[Floats, Floats]:
    """Entropies are last."""
    counts = np.array([column.n for column in columns], dtype=np.float64).T
    return counts, np.array([column.total for column in columns], dtype=np.float64).T


def jackknifed(totals: Floats, sizes: Floats) -> Floats:
    """Pseudo-values of a ratio of sums, by problem and column; NaN where there is none, and all the
    ratio itself where a single problem has any: no figure of so few has an interval."""
    problems = len(totals)
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = totals.sum(axis=0) / sizes.sum(axis=0)
        without = (totals.sum(axis=0) - totals) / (sizes.sum(axis=0) - sizes)
    values: Floats = whole + (problems - 1) * (without.mean(axis=0) - without)
    return np.where(np.isfinite(whole) & ~np.isfinite(values), whole, values)


def describe(layout: Layout) -> ArmFigures:
    digests = [run.digest for run in layout.runs]
    traces = sum(digest.traces for digest in digests)
    whole = np.full((len(digests), 1), len(digests[0].problems))
    return ArmFigures(
        arm=layout.arm,
        step=layout.step,
        seeds=layout.seeds,
        run_ids=tuple(run.run_id for run in layout.runs),
        over="seeds and problems" if len(layout.runs) > 1 else "problems",
        problems=len(digests[0].problems),
        traces=traces,
        tokens=sum(sum(digest.tokens) for digest in digests),
        correct=sum(digest.correct for digest in digests) / max(traces, 1),
        truncated=sum(digest.truncated for digest in digests) / max(traces, 1),
        entropy=figures(analyse(layout.entropy), whole)[0],
        kinds=tuple(describe_kinds(layout)),
    )


def describe_kinds(layout: Layout) -> Iterable[KindFigures]:
    columns = {
        measure: figures(analyse(layout.values[measure]), layout.telling[measure])
        for measure in MEASURES
    }
    for place, (name, of) in enumerate(layout.kinds):
        often = columns["per_thousand"][place]
        yield KindFigures(
            name=name,
            of=of,
            count=int(layout.counts[:, place].sum()),
            problems=int(layout.telling["mean"][:, place].min()),
            per_thousand=replace(often, low=often.low and max(often.low, 0.0)),
            mean=columns["mean"][place],
            rest=columns["rest"][place],
            gap=columns["gap"][place],
        )


def figures(moments: Moments, telling: Floats) -> list[Figure]:
    """Of each column; `telling` (seeds, columns) says in how many problems there is any."""
    return [
        figure(column(moments, place, freedom), int(freedom))
        for place, freedom in enumerate(telling.min(axis=0))
    ]


def figure(moments: Moments, telling: int) -> Figure:
    """Of one column, without an interval where too few problems have any."""
    value = finite(float(moments.mean[0]))
    if value is None or telling < FEWEST:
        return Figure(value)
    half = float(half_width(moments)[0])
    return Figure(value, value - half, value + half)


def column(moments: Moments, place: int, telling: float) -> Moments:
    """One of its columns, with the degrees of freedom of the problems that have any."""
    one = slice(place, place + 1)
    return Moments(
        mean=moments.mean[one],
        seeds=tuple(Part(part.variance[one], part.freedom) for part in moments.seeds),
        problems=Part(moments.problems.variance[one], max(int(telling) - 1, 1)),
        by_problem=moments.by_problem[:, one],
    )
