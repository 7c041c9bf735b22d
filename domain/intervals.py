"""Intervals over training seeds and evaluation problems at once, from few seeds and many problems.

Values y[s, p] of S seeds on the same P problems are a crossed layout with a random part for the
seed, for the problem and for both. The variance of their mean is the sum of two parts:

- `seeds`, the variance of the seeds' means over S, with S - 1 degrees of freedom. What seed and
  problem do together is in it. With one seed it is unknown, and left out.
- `problems`, what the choice of problems adds: (MS_problem - MS_both) / (S P), not below zero
  (two-way random-effects analysis of variance; Searle, Casella and McCulloch 1992, section 4.3).

A t quantile for each part is weighed by its share of the variance (Cochran and Cox 1957, section
4.14), which stays close to 95 % with two to five seeds, where a percentile bootstrap and
Satterthwaite's degrees of freedom are too narrow. `bench/coverage.py` measures it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]

LEVEL = 0.95
FEW = 5.0  # fewer problems than this short of 0 or 1 are too few for a variance
RULE_OF_THREE = 3.0  # nothing among P problems: at most 3 / P, with 95 % confidence
TAILS = np.concatenate([[1.0], np.geomspace(0.999, 1e-12, 600)])


@dataclass(frozen=True)
class Part:
    """One part of a mean's variance, by column, with the degrees of freedom it was estimated on."""

    variance: Floats
    freedom: int


@dataclass(frozen=True)
class Moments:
    """The mean over seeds and problems, by column, and the parts of its variance.

    `by_problem` are the means over seeds, shape (problems, columns).
    """

    mean: Floats
    seeds: tuple[Part, ...]
    problems: Part
    by_problem: Floats

    @property
    def parts(self) -> tuple[Part, ...]:
        return (*self.seeds, self.problems)

    @property
    def variance(self) -> Floats:
        return total(self.parts)

    @property
    def has_training_noise(self) -> bool:
        return bool(self.seeds)


@dataclass(frozen=True)
class Bounds:
    """Both ends of an interval, by column."""

    low: Floats
    high: Floats


def total(parts: Sequence[Part]) -> Floats:
    whole: Floats = np.sum([part.variance for part in parts], axis=0)
    return whole


def analyse(values: Floats) -> Moments:
    """Moments of values of shape (seeds, problems, columns), every seed on the same problems."""
    seeds, problems, _ = values.shape
    by_problem = values.mean(axis=0)
    mean = by_problem.mean(axis=0)
    between_problems = spread(by_problem)
    if seeds == 1:
        return Moments(mean, (), Part(between_problems, max(problems - 1, 1)), by_problem)
    by_seed = values.mean(axis=1)
    both = interaction(values, by_seed, by_problem, mean)
    return Moments(
        mean=mean,
        seeds=(Part(spread(by_seed), seeds - 1),),
        problems=Part(np.maximum(between_problems - both, 0.0), max(problems - 1, 1)),
        by_problem=by_problem,
    )


def analyse_apart(one: Floats, other: Floats) -> Moments:
    """Moments of `one` minus `other` on the same problems with no seed in common.

    Each side's training noise is a part of its own; a side of one seed has none to give, so the
    difference is then over problems alone.
    """
    left, right = analyse(one), analyse(other)
    by_problem = left.by_problem - right.by_problem
    known = left.has_training_noise and right.has_training_noise
    both = [
        interaction(values, values.mean(axis=1), side.by_problem, side.mean)
        for values, side in ((one, left), (other, right))
        if known
    ]
    between = spread(by_problem) - np.sum(both, axis=0)
    return Moments(
        mean=left.mean - right.mean,
        seeds=(*left.seeds, *right.seeds) if known else (),
        problems=Part(np.maximum(between, 0.0), left.problems.freedom),
        by_problem=by_problem,
    )


def spread(means: Floats) -> Floats:
    """The variance of the mean of rows, by column; 0 of a single row."""
    rows = len(means)
    found: Floats = means.var(axis=0, ddof=1) / rows if rows > 1 else np.zeros(means.shape[1])
    return found


def interaction(values: Floats, by_seed: Floats, by_problem: Floats, mean: Floats) -> Floats:
    """MS_both / (S P): what seed and problem do together, sampling included, in the mean."""
    seeds, problems, _ = values.shape
    if seeds == 1 or problems == 1:
        return np.zeros_like(mean)
    squares = (
        np.einsum("spk,spk->k", values, values)
        - problems * np.einsum("sk,sk->k", by_seed, by_seed)
        - seeds * np.einsum("pk,pk->k", by_problem, by_problem)
        + seeds * problems * mean**2
    )
    freedom = (seeds - 1) * (problems - 1)
    found: Floats = np.maximum(squares, 0.0) / freedom / (seeds * problems)
    return found


def critical(parts: Sequence[Part]) -> Floats:
    """How many standard errors a 95 % interval reaches, by column (Cochran and Cox)."""
    quantiles = [two_sided(part.freedom) for part in parts]
    return weigh([part.variance for part in parts], quantiles)


def critical_at(parts: Sequence[Part], level: Floats) -> Floats:
    """As far as an interval of any level reaches, each part's t margin added in quadrature.

    Graybill and Wang (1980). Wider than `critical`, and never too narrow: far out in the tails,
    where many arms are allowed for, Cochran and Cox's value is too small for two or three seeds.
    """
    squares = [stdtrit(part.freedom, (1 + level) / 2) ** 2 for part in parts]
    return np.sqrt(weigh([part.variance for part in parts], squares))


def weigh(variances: Sequence[Floats], quantiles: Sequence[Floats | float]) -> Floats:
    """The mean of the quantiles by share of variance; where there is none, the last one."""
    whole = np.sum(variances, axis=0)
    weighed = np.sum([v * q for v, q in zip(variances, quantiles, strict=True)], axis=0)
    known = whole > 0
    mean: Floats = np.where(known, weighed / np.where(known, whole, 1.0), quantiles[-1])
    return mean


@lru_cache(maxsize=256)
def two_sided(freedom: int) -> float:
    return float(stdtrit(freedom, (1 + LEVEL) / 2))


@lru_cache(maxsize=256)
def tail_quantiles(freedom: int) -> Floats:
    """Student t quantiles of the two-sided tail probabilities `TAILS`, rising."""
    quantiles: Floats = stdtrit(freedom, 1 - TAILS / 2)
    return quantiles


def p_values(moments: Moments) -> Floats:
    """Two-sided, of a mean of zero: the level at which an interval by `critical` touches zero."""
    quantiles = [tail_quantiles(part.freedom)[None, :] for part in moments.parts]
    return find_tails(moments, weigh(by_rows(moments), quantiles))


def tail_p_values(moments: Moments) -> Floats:
    """As `p_values`, by `critical_at`."""
    squares = [tail_quantiles(part.freedom)[None, :] ** 2 for part in moments.parts]
    return find_tails(moments, np.sqrt(weigh(by_rows(moments), squares)))


def by_rows(moments: Moments) -> list[Floats]:
    return [part.variance[:, None] for part in moments.parts]


def find_tails(moments: Moments, reaches: Floats) -> Floats:
    """Where each mean falls among the `reaches` of TAILS, of shape (columns, tails)."""
    error, shown = np.sqrt(moments.variance), np.abs(moments.mean)
    statistic = np.divide(shown, error, out=np.zeros_like(shown), where=error > 0)
    found = [
        np.exp(np.interp(at, row, np.log(TAILS)))
        for at, row in zip(statistic, reaches, strict=True)
    ]
    return np.where(error > 0, found, np.where(shown > 0, TAILS[-1], 1.0))


def near_edge(mean: Floats, problems: int) -> Floats:
    """1 at a mean of 0 or 1, falling to 0 where FEW problems' worth are on the other side."""
    share: Floats = np.clip(1 - np.minimum(mean, 1 - mean) * problems / FEW, 0, 1)
    return share


def bound_rate(moments: Moments) -> Bounds:
    """95 % of a mean of values in 0..1: Wilson's interval at the effective number of problems.

    The effective number is mean (1 - mean) / variance (Kish 1965, section 8.2; Korn and Graubard
    1998), with the quantile of `critical` in place of the normal one. Close to 0 or 1, where the
    variance of what was seen says little, every problem counts as one trial at most.
    """
    count, mean = len(moments.by_problem), moments.mean
    binary = np.maximum(mean * (1 - mean), 0)
    known = (binary > 0) & (moments.variance > 0)
    per_trial = np.divide(moments.variance, binary, out=np.full_like(mean, 1 / count), where=known)
    hidden = near_edge(mean, count) * np.maximum(1 / count - per_trial, 0)
    per_trial = per_trial + hidden
    q = critical(widen(moments, hidden * binary).parts)
    pull = q**2 * per_trial
    centre = (mean + pull / 2) / (1 + pull)
    half = q / (1 + pull) * np.sqrt(binary * per_trial + (q * per_trial) ** 2 / 4)
    return Bounds(
        low=np.clip(np.minimum(centre - half, mean), 0, 1),
        high=np.clip(np.maximum(centre + half, mean), 0, 1),
    )


def allow_for_edge(moments: Moments, arm: Floats, baseline: Floats) -> Moments:
    """A difference with the variance that saturation hides; `arm` and `baseline` are their means.

    Where fewer than FEW problems' worth are unsolved (or solved) on a side, the next one could
    differ though none did, and so it is where all problems differ alike: the standard error grows
    towards that of the rule of three (Hanley and Lippman-Hand 1983).
    """
    count = len(moments.by_problem)
    most = (RULE_OF_THREE / count / two_sided(moments.problems.freedom)) ** 2
    edge = (near_edge(arm, count) + near_edge(baseline, count)) / 2
    return widen(moments, most * np.where(moments.variance > 0, edge, 1.0))


def widen(moments: Moments, hidden: Floats) -> Moments:
    """With more variance over problems than was seen."""
    problems = moments.problems
    return replace(moments, problems=Part(problems.variance + hidden, problems.freedom))


def half_width(moments: Moments) -> Floats:
    """Of the 95 % interval of a difference."""
    half: Floats = critical(moments.parts) * np.sqrt(moments.variance)
    return half


def t_half_width(values: Floats) -> Floats:
    """Of the 95 % Student t interval of the mean over rows (seeds), by column. Needs two rows."""
    rows = len(values)
    if rows < 2:
        raise ValueError("one seed has no spread: at least two are needed for a band")
    half: Floats = two_sided(rows - 1) * np.sqrt(spread(values))
    return half
