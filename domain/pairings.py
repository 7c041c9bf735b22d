"""An arm beside the baseline: the seeds that both have, and the difference over them, judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.adjustments import Adjusted, adjust, flip_signs
from domain.intervals import Floats, Moments, allow_for_edge, analyse, analyse_apart, p_values
from domain.results import GradedRun, SweepResults
from domain.stats import pass_at_ks


@dataclass(frozen=True)
class SeedValues:
    """pass@k of an arm by seed, each of shape (problems, ks). A base model has one for any seed."""

    by_seed: Mapping[int, Floats]
    trained: bool

    def over(self, seeds: Sequence[int]) -> Floats:
        """Of shape (seeds, problems, ks): of all it has when there are no seeds to choose."""
        if not self.trained:
            (only,) = self.by_seed.values()
            return np.stack([only] * max(len(seeds), 1))
        return np.stack([self.by_seed[seed] for seed in seeds or self.by_seed])


@dataclass(frozen=True)
class Contrast:
    """A difference and the level of its adjusted interval, by k."""

    moments: Moments
    paired_seeds: tuple[int, ...]
    p: Floats
    adjusted_p: Floats
    level: Floats | None


def contrast_deltas(
    results: SweepResults, usable: Mapping[str, Sequence[GradedRun]]
) -> dict[str, Contrast]:
    """The differences to the baseline, adjusted over all of them."""
    values = {
        arm.name: SeedValues(
            {run.seed: pass_at_ks(results.samples, run.correct, results.ks) for run in runs},
            trained=arm.train is not None,
        )
        for arm in results.arms
        if (runs := usable[arm.name])
    }
    baseline = values.pop(results.baseline, None)
    if baseline is None:
        return {}
    return judge({name: subtract(one, baseline) for name, one in values.items()})


def subtract(arm: SeedValues, baseline: SeedValues) -> tuple[Moments, tuple[int, ...]]:
    """The paired difference, and the seeds it is over; none where they could not be paired."""
    seeds = pair_seeds(arm, baseline)
    one, other = arm.over(seeds), baseline.over(seeds)
    moments = analyse(one - other) if seeds else analyse_apart(one, other)
    return allow_for_edge(moments, one.mean(axis=(0, 1)), other.mean(axis=(0, 1))), seeds


def pair_seeds(arm: SeedValues, baseline: SeedValues) -> tuple[int, ...]:
    """The seeds to pair; a base model, which has no seed, takes part in all of the other's."""
    if not arm.trained:
        return tuple(baseline.by_seed)
    if not baseline.trained:
        return tuple(arm.by_seed)
    return share_seeds(tuple(arm.by_seed), tuple(baseline.by_seed))


def share_seeds(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """The seeds that both have. None rather than a single one where each has more: a single pair
    knows nothing of training noise."""
    common = tuple(seed for seed in one if seed in other)
    return () if len(common) == 1 and min(len(one), len(other)) > 1 else common


def judge(deltas: Mapping[str, tuple[Moments, tuple[int, ...]]]) -> dict[str, Contrast]:
    """The differences with their p-values, raw and adjusted."""
    if not deltas:
        return {}
    adjusted = adjust([moments for moments, _ in deltas.values()])
    return {
        name: judged(moments, seeds, adjusted, index)
        for index, (name, (moments, seeds)) in enumerate(deltas.items())
    }


def judged(moments: Moments, seeds: tuple[int, ...], adjusted: Adjusted, index: int) -> Contrast:
    """A sign flip knows nothing of what saturation hides: its p is never below the interval's."""
    p = p_values(moments)
    if not moments.has_training_noise:
        p = np.maximum(p, flip_signs(moments.by_problem))
    return Contrast(moments, seeds, p, np.maximum(p, adjusted.p[index]), adjusted.level)
