"""Pass@k from counts, and intervals and paired differences over problems.

Everything here is derived from (n, c) per problem. With draws over problems alone the intervals
leave out the noise of training; callers say so beside every figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 10_000


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % interval, as fractions (0.5 is 50 %)."""

    mean: float
    low: float
    high: float


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


def pass_at_ks(n: int, correct: Sequence[int] | Ints, ks: Sequence[int]) -> Floats:
    """`pass_at_k` for every problem and k, shape (problems, ks), looked up from one table of c."""
    table = np.array([[pass_at_k(n, c, k) for k in ks] for c in range(n + 1)])
    rows: Floats = table[np.asarray(correct, dtype=np.int64)]
    return rows


def problem_weights(problems: int, seed: int = 0, draws: int = DRAWS) -> Floats:
    """Bootstrap resamples of problems as weights, shape (draws, problems); rows sum to 1."""
    generator = np.random.default_rng(seed)
    counts = generator.multinomial(problems, np.full(problems, 1 / problems), size=draws)
    return counts / problems


def estimate_means(values: Floats, weights: Floats) -> list[Estimate]:
    """Mean over problems (rows of `values`) per column, with a percentile interval."""
    means = values.mean(axis=0)
    low, high = np.quantile(weights @ values, [0.025, 0.975], axis=0)
    return [
        Estimate(float(mean), float(min(bottom, mean)), float(max(top, mean)))
        for mean, bottom, top in zip(means, low, high, strict=True)
    ]


def powers_of_two(n: int) -> list[int]:
    """1, 2, 4, ... up to n, with n itself last."""
    ks = [2**power for power in range(n.bit_length()) if 2**power <= n]
    return ks if ks[-1] == n else [*ks, n]
