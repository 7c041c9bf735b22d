"""Intervals and p-values of figures over problems: what comes of one problem stays together.

Tokens of one trace are not independent, nor are traces of one problem: problems are. They are
resampled whole (a cluster bootstrap), and of each resample the figure is taken in units of its own
linearised standard error (bootstrap-t; Hall 1988 for the symmetric form). An interval reaches as
many standard errors as 95 % of the resamples do, and never fewer than Student's t says. The error
itself is the jackknife's, which few and unequal problems mislead least (Bell and McCaffrey 2002);
percentile intervals are far too narrow there. `bench/behaviour_coverage.py` measures it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from domain.intervals import LEVEL, two_sided
from domain.numbers import finite

Floats = NDArray[np.float64]

DRAWS = 2_000
SEED = 30_211
FEWEST = 5
"""Problems with any of what is measured: of fewer no interval is worth having."""
LEAST_ERROR = 0.1
ROUNDING = 1e-12
JACKKNIFED = 1_000  # of more problems the two errors are the same, and the jackknife's takes long


@dataclass(frozen=True)
class Estimates:
    """A figure and its linearised standard error, for each row of weights; NaN where there is none.

    Both have shape (rows,).
    """

    value: Floats
    error: Floats


Statistic = Callable[[Floats], Estimates]
"""From weights of problems, of shape (rows, problems)."""


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval over problems, which is None where there are too few of them.

    Of nothing at all there is no value either.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Tested:
    """A figure, and how it is distributed where there is nothing: |t| that was seen, and |t| drawn.

    `null` is empty, and `p` (two-sided, of no difference) None, where no interval can be had.
    """

    figure: Figure
    t: float
    null: Floats
    p: float | None


def measure(statistic: Statistic, problems: int, present: int, draws: int = DRAWS) -> Tested:
    """`present` of the `problems` have any of what is measured. Seeded: the same answer always."""
    whole = statistic(np.ones((1, problems)))
    value, linear = float(whole.value[0]), float(whole.error[0])
    if present < FEWEST or not np.isfinite(value):
        return untested(Figure(finite(value)))
    if linear <= ROUNDING * abs(value):  # every problem says the same
        return untested(Figure(value, value, value))
    drawn = statistic(weights_of(problems, draws))
    # Where nearly all problems are alike, a draw of those alone would seem to err by nothing.
    null = np.abs(drawn.value - value) / np.maximum(drawn.error, LEAST_ERROR * linear)
    null = np.where(np.isfinite(null), null, np.inf)  # a draw without any of it says nothing
    reach = float(np.quantile(null, LEVEL, method="higher"))
    if not np.isfinite(reach):
        return untested(Figure(value))
    error = jackknife(statistic, problems, linear)
    half, t = max(reach, two_sided(problems - 1)) * error, abs(value) / error
    beyond = float((1 + (null >= t).sum()) / (1 + len(null)))
    p = max(beyond, float(2 * stdtr(problems - 1, -t)))
    return Tested(Figure(value, value - half, value + half), t, null, p)


def untested(figure: Figure) -> Tested:
    return Tested(figure, 0.0, np.empty(0), None)


def jackknife(statistic: Statistic, problems: int, linear: float) -> float:
    """The standard error from leaving out each problem in turn, not below the linearised one."""
    if problems > JACKKNIFED:
        return linear
    without = statistic(np.ones((problems, problems)) - np.eye(problems)).value
    without = without[np.isfinite(without)]
    spread = float(((without - without.mean()) ** 2).sum())
    return max(linear, float(np.sqrt(spread * (problems - 1) / problems)))


@lru_cache(maxsize=8)
def weights_of(problems: int, draws: int) -> Floats:
    """How often each problem is drawn, of shape (draws, problems): the same for every figure."""
    generator = np.random.default_rng([SEED, problems])
    even = np.full(problems, 1 / problems)
    weights: Floats = generator.multinomial(problems, even, size=draws).astype(np.float64)
    weights.setflags(write=False)
    return weights


def ratio(totals: Floats, sizes: Floats) -> Statistic:
    """Sum of totals over sum of sizes, each given by problem: a mean, or a count per token."""

    def taken(weights: Floats) -> Estimates:
        size = weights @ sizes
        with np.errstate(invalid="ignore", divide="ignore"):
            value = (weights @ totals) / size
            squares = (
                weights @ totals**2
                - 2 * value * (weights @ (totals * sizes))
                + value**2 * (weights @ sizes**2)
            )
            return Estimates(value, standard_error(squares / size**2, len(sizes)))

    return taken


def standard_error(squares: Floats, problems: int) -> Floats:
    """From the sum of squared influences of problems, which may round to less than nothing."""
    error: Floats = np.sqrt(np.maximum(squares, 0) * problems / max(problems - 1, 1))
    return error
