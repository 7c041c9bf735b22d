"""Many arms against one baseline: the largest of many looks, judged as the largest of many.

Step-down max-statistic of Westfall and Young (1993, algorithm 2.8). The joint null distribution is
a parametric bootstrap (Krishnamoorthy, Lu and Mathew 2007): each draw makes every arm's difference
anew from its own variance parts, estimates those parts anew with their degrees of freedom, and
measures the difference against the interval it would be given. Differences of one draw share their
problems with the correlation that was seen; their training noise is drawn apart, which can only
widen (Sidak 1967).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.intervals import Floats, Moments, Part, half_width, two_sided

Draws = NDArray[np.float32]  # a null distribution needs no more digits

DRAWS = 4_000
FLIPS = 4_000
SEED = 20_211
RIDGE = 1e-6  # more arms than problems have no correlation matrix of full rank


@dataclass(frozen=True)
class Adjusted:
    """Of a family of differences: p-values of shape (arms, columns), and by column the factor by
    which every 95 % interval grows so that all hold at once."""

    p: Floats
    widening: Floats


def adjust(family: Sequence[Moments], draws: int = DRAWS) -> Adjusted:
    """Each column by itself. A single difference keeps its interval and has no p to adjust."""
    shape = (len(family), len(family[0].mean))
    if len(family) == 1:
        return Adjusted(np.zeros(shape), np.ones(shape[1]))
    measured = np.array([reach(moments) for moments in family])
    noise, roots = draw_noise(family, draws), correlation_roots(family)
    p, widening = np.empty(shape), np.empty(shape[1])
    for column in range(shape[1]):
        null = draw_reaches(noise, noise.variance[..., column, None], roots[column])
        p[:, column] = step_down(measured[:, column], null)
        widening[column] = max(1.0, float(np.quantile(null.max(axis=0), 0.95)))
    return Adjusted(p, widening)


def reach(moments: Moments) -> Floats:
    """A difference as a multiple of its interval's half width: 1 where the interval touches 0."""
    half, shown = half_width(moments), np.abs(moments.mean)
    infinite = np.where(shown > 0, np.inf, 0.0)
    return np.divide(shown, half, out=infinite, where=half > 0)


@dataclass(frozen=True)
class Noise:
    """What draws are made of; the last part is the problems', absent parts have no variance.

    `normal` are deviates and `factor` what estimating a variance multiplies it by, both of shape
    (parts, arms, draws); `variance` is (parts, arms, columns), `quantile` (parts, arms, 1).
    """

    variance: Draws
    quantile: Draws
    normal: Draws
    factor: Draws


def draw_noise(family: Sequence[Moments], draws: int) -> Noise:
    generator = np.random.default_rng(SEED)
    most = max(len(moments.seeds) for moments in family)
    absent = Part(np.zeros_like(family[0].mean), 1)
    padded = [
        (*moments.seeds, *[absent] * (most - len(moments.seeds)), moments.problems)
        for moments in family
    ]
    freedom = np.array([[part.freedom for part in parts] for parts in padded]).T[..., None]
    shape = (most + 1, len(family), draws)
    variance = np.array([[part.variance for part in parts] for parts in padded])
    return Noise(
        variance=variance.transpose(1, 0, 2).astype(np.float32),
        quantile=np.vectorize(two_sided)(freedom).astype(np.float32),
        normal=generator.standard_normal(shape, dtype=np.float32),
        factor=(generator.chisquare(freedom, size=shape) / freedom).astype(np.float32),
    )


def correlation_roots(family: Sequence[Moments]) -> Draws:
    """Square roots of the arms' correlations over problems, of shape (columns, arms, arms)."""
    values = np.stack([moments.by_problem for moments in family])
    centred = values - values.mean(axis=1, keepdims=True)
    size = np.sqrt(np.einsum("apk,apk->ak", centred, centred))
    scaled = np.divide(
        centred, size[:, None], out=np.zeros_like(centred), where=size[:, None] > 0
    ).transpose(2, 0, 1)
    correlation = scaled @ scaled.transpose(0, 2, 1)
    diagonal = np.arange(len(family))
    correlation[:, diagonal, diagonal] = 1 + RIDGE
    return np.linalg.cholesky(correlation).astype(np.float32)


def draw_reaches(noise: Noise, variance: Draws, root: Draws) -> Draws:
    """`reach` of every arm in every draw where no arm differs, of shape (arms, draws)."""
    shared = root @ noise.normal[-1]
    difference = np.sqrt(variance[-1]) * shared
    for size, normal in zip(variance[:-1], noise.normal[:-1], strict=True):
        difference += np.sqrt(size) * normal
    whole, weighed = np.zeros_like(shared), np.zeros_like(shared)
    for size, factor, quantile in zip(variance, noise.factor, noise.quantile, strict=True):
        part = size * factor
        whole += part
        weighed += quantile * part  # in all, the critical value times the whole
    np.abs(difference, out=difference)
    error = np.sqrt(whole, out=whole)
    difference *= error
    reaches: Draws = np.divide(difference, weighed, out=error, where=weighed > 0)
    return reaches


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
