"""Pass@k and Cover@tau from counts: everything here is derived from (n, c) per problem."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROUNDING = 1e-12  # less than this is the rounding error of a mean over problems
EVERY_K = 256  # up to here every k is computed, above it powers of two


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % interval, as fractions (0.5 is 50 %)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """A mean difference as a fraction, its 95 % interval and two-sided p-value.

    The adjusted ones hold for all compared arms at once, at this k. `established`: the adjusted
    interval is on one side of zero, and training noise is in it.
    """

    mean: float
    low: float
    high: float
    p: float
    adjusted_low: float
    adjusted_high: float
    adjusted_p: float
    established: bool

    @property
    def excludes_zero(self) -> bool:
        return excludes_zero(self.low, self.high)


def excludes_zero(low: float, high: float) -> bool:
    """Whether both ends are on one side of zero, rounding errors aside."""
    return low > ROUNDING or high < -ROUNDING


def pass_at_k(n: int, c: int, k: int) -> float:
    """Unbiased probability that at least one of k samples is correct, from c correct of n.

    1 - C(n-c, k) / C(n, k), as a product (Chen et al. 2021, arXiv 2107.03374, section 2.1).
    Raises ValueError when k > n: it cannot be estimated without bias.
    """
    if not 0 <= c <= n:
        raise ValueError(f"c must be between 0 and n (n={n}, c={c})")
    if not 1 <= k <= n:
        raise ValueError(f"k must be between 1 and n (n={n}, k={k})")
    if n - c < k:
        return 1.0
    return 1.0 - float(np.prod(1.0 - k / np.arange(n - c + 1, n + 1)))


@lru_cache(maxsize=8)
def pass_table(n: int, ks: tuple[int, ...]) -> Floats:
    """`pass_at_k` for every count c = 0..n and the ascending ks, shape (n + 1, ks).

    Drawing without replacement, the i-th sample fails as well with probability
    (n - c - i + 1) / (n - i + 1); the product over i = 1..k is the same as above.
    """
    if not ks or ks[0] < 1 or ks[-1] > n:
        raise ValueError(f"every k must be between 1 and n (n={n}, ks={ks})")
    wrong = n - np.arange(n + 1, dtype=np.float64)
    failing = np.ones(n + 1)
    table = np.empty((n + 1, len(ks)))
    column = 0
    for i in range(1, ks[-1] + 1):
        failing = failing * np.maximum(wrong - i + 1, 0) / (n - i + 1)
        if i == ks[column]:
            table[:, column] = 1.0 - failing
            column += 1
    table.flags.writeable = False
    return table


def pass_at_ks(n: int, correct: Sequence[int] | Ints, ks: Sequence[int]) -> Floats:
    """`pass_at_k` for every problem and k, shape (problems, ks)."""
    rows: Floats = pass_table(n, tuple(ks))[np.asarray(correct, dtype=np.int64)]
    return rows


def covers_at(n: int, correct: Sequence[int] | Ints, taus: Sequence[float]) -> Floats:
    """Whether each problem's success rate c / n is at least tau, shape (problems, taus).

    Its mean is Cover@tau: how much of the set a model solves reliably, where pass@k at large k also
    rewards a lucky guess.
    """
    rates = np.asarray(correct, dtype=np.float64)[:, None] / n
    covered: Floats = (rates >= np.asarray(taus) - ROUNDING).astype(np.float64)
    return covered


def histogram(n: int, correct: Sequence[int] | Ints) -> Ints:
    """How many problems have a success rate of 0, in each tenth above it, and of 1: 12 counts.

    The k-th of the ten in between is ((k - 1) / 10, k / 10], the last without 1 itself.
    """
    counts = np.asarray(correct, dtype=np.int64)
    tenth = np.minimum(-(-10 * counts // n), 10)
    place = np.where(counts == n, 11, tenth)
    bins: Ints = np.bincount(place, minlength=12)
    return bins


def compared_ks(n: int) -> list[int]:
    """Every k from 1 to n; for large n, powers of two above EVERY_K and n itself."""
    if n <= EVERY_K:
        return list(range(1, n + 1))
    return [*range(1, EVERY_K + 1), *(k for k in powers_of_two(n) if k > EVERY_K)]


def spread_ks(n: int, k: int) -> list[int]:
    """Of the compared ones those a reader steps through: 1, 2, 3, 4, 6, 8, 12, ..., n, and `k`."""
    steps = {2**power * first for power in range(n.bit_length()) for first in (1, 3)}
    return [one for one in compared_ks(n) if one in steps or one in (k, n)]


def powers_of_two(n: int) -> list[int]:
    """1, 2, 4, ... up to n, with n itself last."""
    ks = [2**power for power in range(n.bit_length()) if 2**power <= n]
    return ks if ks[-1] == n else [*ks, n]
