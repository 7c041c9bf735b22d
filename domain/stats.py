"""Pass@k from counts, and intervals and paired differences over problems.

Everything here is derived from (n, c) per problem. With draws over problems alone the intervals
leave out the noise of training; callers say so beside every figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 2_000
ROUNDING = 1e-12  # less than this is the rounding error of a mean over problems
EVERY_K = 256  # up to here every k is computed, above it powers of two


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % interval, as fractions (0.5 is 50 %)."""

    mean: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Of a difference: whether both ends are on one side of zero, rounding errors aside."""
        return self.low > ROUNDING or self.high < -ROUNDING


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


def average(values: Sequence[Floats]) -> Floats:
    """The mean over seeds of arrays (problems, ks), problem by problem."""
    mean: Floats = np.mean(np.stack(values), axis=0)
    return mean


def column_means(values: Floats) -> tuple[float, ...]:
    return tuple(float(mean) for mean in values.mean(axis=0))


@lru_cache(maxsize=2)
def problem_weights(problems: int, seed: int = 0, draws: int = DRAWS) -> Floats:
    """Bootstrap resamples of problems as weights, shape (draws, problems), each row summing to 1.

    The same for every arm, so that differences stay paired.
    """
    generator = np.random.default_rng(seed)
    counts = generator.multinomial(problems, np.full(problems, 1 / problems), size=draws)
    weights: Floats = counts / problems
    weights.flags.writeable = False
    return weights


def estimate_means(values: Floats, weights: Floats) -> tuple[Estimate, ...]:
    """Mean over problems (rows of `values`) by column, with a percentile bootstrap interval."""
    means = values.mean(axis=0)
    low, high = np.quantile(weights @ values, [0.025, 0.975], axis=0)
    return tuple(
        Estimate(float(mean), float(min(bottom, mean)), float(max(top, mean)))
        for mean, bottom, top in zip(means, low, high, strict=True)
    )


def compared_ks(n: int) -> list[int]:
    """Every k from 1 to n; for large n, powers of two above EVERY_K and n itself."""
    if n <= EVERY_K:
        return list(range(1, n + 1))
    return [*range(1, EVERY_K + 1), *(k for k in powers_of_two(n) if k > EVERY_K)]


def powers_of_two(n: int) -> list[int]:
    """1, 2, 4, ... up to n, with n itself last."""
    ks = [2**power for power in range(n.bit_length()) if 2**power <= n]
    return ks if ks[-1] == n else [*ks, n]
