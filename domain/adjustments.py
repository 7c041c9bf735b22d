"""Many arms against one baseline: the largest of many looks, judged as the largest of many.

Step-down adjustment by the smallest p-value (Westfall and Young 1993, algorithm 2.8). Every arm's
p-value is turned into a normal deviate; how the deviates of all arms move together where none
differs is drawn: over problems with the correlation that was seen, over training seeds apart from
each other, which widens (Sidak 1967) where arms share a baseline. Few seeds do not allow more:
their own correlations are not known, and a bootstrap of three seeds repeats them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from domain.intervals import LEVEL, Floats, Moments, critical, critical_at, tail_p_values

Draws = NDArray[np.float32]  # a null distribution needs no more digits

DRAWS = 4_000
FLIPS = 4_000
SEED = 20_211
RIDGE = 1e-6  # more arms than problems have no correlation matrix of full rank


@dataclass(frozen=True)
class Adjusted:
    """Of a family of differences: p-values of shape (arms, columns), and by column the level at
    which every interval must be made so that all hold at once; None for a family of one."""

    p: Floats
    level: Floats | None


def adjust(family: Sequence[Moments], draws: int = DRAWS) -> Adjusted:
    """Each column by itself. A single difference keeps its interval and has no p to adjust."""
    shape = (len(family), len(family[0].mean))
    if len(family) == 1:
        return Adjusted(np.zeros(shape), None)
    deviates = ndtri(1 - np.array([tail_p_values(moments) for moments in family]) / 2)
    shares = np.array([problem_share(moments) for moments in family], dtype=np.float32)
    generator = np.random.default_rng(SEED)
    problems, seeds = generator.standard_normal((2, len(family), draws), dtype=np.float32)
    p, reach = np.empty(shape), np.empty(shape[1])
    for column in range(shape[1]):
        share, root = shares[:, column, None], correlation_root(family, column)
        null = np.abs(np.sqrt(share) * (root @ problems) + np.sqrt(1 - share) * seeds)
        p[:, column] = step_down(deviates[:, column], null)
        reach[column] = np.quantile(null.max(axis=0), LEVEL)
    return Adjusted(p, 2 * ndtr(reach) - 1)


def adjusted_half_width(moments: Moments, level: Floats | None) -> Floats:
    """Of the interval that holds beside all others of its family; `level` as `adjust` gives it."""
    alone = critical(moments.parts)
    reach = alone if level is None else np.maximum(critical_at(moments.parts, level), alone)
    half: Floats = reach * np.sqrt(moments.variance)
    return half


def problem_share(moments: Moments) -> Floats:
    """How much of a difference's variance is the problems', by column."""
    whole = moments.variance
    alone = np.ones_like(whole)
    return np.divide(moments.problems.variance, whole, out=alone, where=whole > 0)


def correlation_root(family: Sequence[Moments], column: int) -> Draws:
    """A square root of the arms' correlations over problems, of shape (arms, arms)."""
    values = np.stack([moments.by_problem[:, column] for moments in family])
    centred = values - values.mean(axis=1, keepdims=True)
    size = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    scaled = np.divide(centred, size, out=np.zeros_like(centred), where=size > 0)
    correlation = scaled @ scaled.T
    np.fill_diagonal(correlation, 1 + RIDGE)
    return np.linalg.cholesky(correlation).astype(np.float32)


def step_down(measured: Floats, null: Draws) -> Floats:
    """Adjusted p-values: the largest is held against all arms' maximum, the next against the rest.

    `null` has shape (arms, draws).
    """
    order = np.argsort(-measured, kind="stable")
    maxima = np.maximum.accumulate(null[order[::-1]], axis=0)[::-1]
    beyond = (maxima >= measured[order, None]).sum(axis=1)
    ranked = np.maximum.accumulate((1 + beyond) / (1 + null.shape[1]))
    p = np.empty_like(measured)
    p[order] = np.where(measured[order] > 0, ranked, 1.0)
    return p


def flip_signs(differences: Floats, flips: int = FLIPS) -> Floats:
    """p-values by column of a paired sign-flip permutation over problems (Fisher 1935).

    `differences` has shape (problems, columns). Under no difference either sign of a problem's
    difference was as likely; the mean is held against those of random signs.
    """
    problems = len(differences)
    generator = np.random.default_rng([SEED, problems])
    signs = generator.integers(0, 2, size=(flips, problems)) * 2.0 - 1.0
    shown = np.abs(differences.sum(axis=0))
    rounding = 1e-9 * np.abs(differences).sum(axis=0)
    beyond = (np.abs(signs @ differences) >= shown - rounding).sum(axis=0)
    p: Floats = (1 + beyond) / (1 + flips)
    return p
