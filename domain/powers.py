"""What a comparison could have found, and how many seeds a finer one would need."""

from dataclasses import replace

import numpy as np
from scipy.special import stdtrit

from domain.adjustments import adjusted_half_width
from domain.intervals import Floats, Moments, Part, weigh

POWER = 0.8
MOST_SEEDS = 32
TARGET = 0.03  # a difference worth finding: 3 points


def detectable(moments: Moments, level: Floats | None) -> Floats:
    """The true difference that would be established in 8 of 10 such sweeps, by column.

    `level` is that of the adjusted intervals. Half the width of the adjusted interval, and the
    80 % quantile of the difference's own noise
    (Cohen 1988, section 2.2, with t for normal quantiles).
    """
    quantiles = [float(stdtrit(part.freedom, POWER)) for part in moments.parts]
    reserve = weigh([part.variance for part in moments.parts], quantiles)
    found: Floats = adjusted_half_width(moments, level) + reserve * np.sqrt(moments.variance)
    return found


def with_seeds(moments: Moments, seeds: int) -> Moments:
    """As if each side had `seeds` seeds, with the variances that were seen.

    Raises ValueError where training noise is unknown.
    """
    if not moments.has_training_noise:
        raise ValueError("one seed says nothing about training noise")
    parts = tuple(
        Part(part.variance * (part.freedom + 1) / seeds, seeds - 1) for part in moments.seeds
    )
    return replace(moments, seeds=parts)


def seeds_to_detect(
    moments: Moments, level: Floats | None, target: float = TARGET
) -> tuple[int | None, ...]:
    """By column the fewest seeds that would detect `target`; None where MOST_SEEDS would not."""
    found: list[int | None] = [None] * len(moments.mean)
    if not moments.has_training_noise:
        return tuple(found)
    for seeds in range(MOST_SEEDS, 1, -1):
        enough = detectable(with_seeds(moments, seeds), level) <= target
        found = [seeds if yes else old for yes, old in zip(enough, found, strict=True)]
    return tuple(found)
