"""The figures of a comparison: pass@k of every arm, and its difference to the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from domain.adjustments import adjusted_half_width
from domain.intervals import Floats, Moments, analyse, bound_rate, half_width
from domain.methods import Method
from domain.pairings import Contrast, contrast_deltas
from domain.powers import detectable, seeds_to_detect
from domain.results import ArmResults, GradedRun, SweepResults, compared_problems, is_usable
from domain.stats import Difference, Estimate, covers_at, excludes_zero, histogram, pass_at_ks

Estimates = tuple[Estimate, ...]
Differences = tuple[Difference, ...]
Noise = Literal["problems", "seeds and problems"]
Test = Literal["sign flip", "t"]

TAUS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class ComparedArm:
    """One arm at every k; None where nothing was graded.

    `seeds` are those whose grades are complete. `delta` is this arm minus the baseline on the same
    problems, over `paired_seeds`: those both have. Empty beside a delta: too few; all were taken.
    `..._over` name the noise that the intervals contain. `detectable` is the difference that would
    be established in 8 of 10 such sweeps; `seeds_needed` would bring it to 3 points (None for
    one k: too many; None for all: fewer than three seeds cannot tell).
    """

    name: str
    template: str
    method: Method
    is_baseline: bool
    runs: int
    succeeded: int
    failed: int
    seeds: tuple[int, ...]
    pass_at: Estimates | None
    pass_at_over: Noise | None
    delta: Differences | None
    delta_over: Noise | None
    delta_test: Test | None
    detectable: tuple[float, ...] | None
    seeds_needed: tuple[int | None, ...] | None
    paired_seeds: tuple[int, ...]
    seed_means: tuple[tuple[float, ...], ...]
    cover: Estimates | None
    histogram: tuple[int, ...] | None
    truncated: float | None
    unparsable: float | None
    entropy: float | None


def contrast(results: SweepResults) -> tuple[ComparedArm, ...]:
    """Every arm of the sweep, in its order, with its figures."""
    problems = compared_problems(results)
    usable = {
        arm.name: [run for run in arm.graded if is_usable(run, results, problems)]
        for arm in results.arms
    }
    contrasts = contrast_deltas(results, usable)
    return tuple(
        compare_arm(arm, usable[arm.name], results, contrasts.get(arm.name)) for arm in results.arms
    )


def compare_arm(
    arm: ArmResults, runs: Sequence[GradedRun], results: SweepResults, delta: Contrast | None
) -> ComparedArm:
    n, ks = results.samples, results.ks
    by_seed = [pass_at_ks(n, run.correct, ks) for run in runs]
    rates = analyse(np.stack(by_seed)) if runs else None
    covers = analyse(np.stack([covers_at(n, run.correct, TAUS) for run in runs])) if runs else None
    bins = np.sum([histogram(n, run.correct) for run in runs], axis=0) if runs else None
    return ComparedArm(
        name=arm.name,
        template=arm.template,
        method=arm.method,
        is_baseline=arm.name == results.baseline,
        runs=arm.runs,
        succeeded=arm.succeeded,
        failed=arm.failed,
        seeds=tuple(run.seed for run in runs),
        pass_at=estimate_rates(rates) if rates else None,
        pass_at_over=noise_of(rates) if rates else None,
        delta=describe_differences(delta) if delta else None,
        delta_over=noise_of(delta.moments) if delta else None,
        delta_test=("t" if delta.moments.has_training_noise else "sign flip") if delta else None,
        detectable=as_floats(np.minimum(detectable(delta.moments, delta.level), 1.0))
        if delta
        else None,
        seeds_needed=seeds_to_detect(delta.moments, delta.level)
        if delta and foretells(delta)
        else None,
        paired_seeds=delta.paired_seeds if delta else (),
        seed_means=tuple(as_floats(values.mean(axis=0)) for values in by_seed),
        cover=estimate_rates(covers) if covers else None,
        histogram=tuple(bins.tolist()) if bins is not None else None,
        truncated=share([run.truncated for run in runs], runs),
        unparsable=share([run.unparsable for run in runs], runs),
        entropy=mean_known([run.entropy for run in runs]),
    )


def foretells(delta: Contrast) -> bool:
    """Whether there are seeds enough, three, to say what more of them would do."""
    return bool(delta.moments.seeds) and min(part.freedom for part in delta.moments.seeds) > 1


def noise_of(moments: Moments) -> Noise:
    return "seeds and problems" if moments.has_training_noise else "problems"


def estimate_rates(moments: Moments) -> Estimates:
    bounds = bound_rate(moments)
    rows = zip(moments.mean.tolist(), bounds.low.tolist(), bounds.high.tolist(), strict=True)
    return tuple(Estimate(*row) for row in rows)


def describe_differences(delta: Contrast) -> Differences:
    """Rates differ by 1 at most, whatever few seeds would allow."""
    half = half_width(delta.moments)
    wide = adjusted_half_width(delta.moments, delta.level)
    columns = np.stack([delta.moments.mean, half, wide, delta.p, delta.adjusted_p], axis=1)
    return tuple(
        Difference(
            mean=mean,
            low=max(mean - near, -1.0),
            high=min(mean + near, 1.0),
            p=p,
            adjusted_low=max(mean - far, -1.0),
            adjusted_high=min(mean + far, 1.0),
            adjusted_p=adjusted_p,
            established=delta.moments.has_training_noise and excludes_zero(mean - far, mean + far),
        )
        for mean, near, far, p, adjusted_p in columns.tolist()
    )


def as_floats(values: Floats) -> tuple[float, ...]:
    return tuple(values.tolist())


def share(counts: Sequence[int], runs: Sequence[GradedRun]) -> float | None:
    """Of all completions of these runs."""
    completions = sum(sum(run.samples) for run in runs)
    return sum(counts) / completions if completions else None


def mean_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
