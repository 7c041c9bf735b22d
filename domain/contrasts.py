"""The figures of a comparison: pass@k of every arm, and its difference to the baseline.

Only what was evaluated alike is compared: the same problems and as many samples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from domain.adjustments import Adjusted, adjust, adjusted_half_width, flip_signs
from domain.errors import Conflict
from domain.intervals import (
    Floats,
    Moments,
    allow_for_edge,
    analyse,
    analyse_apart,
    bound_rate,
    half_width,
    p_values,
)
from domain.methods import Method
from domain.powers import detectable, seeds_to_detect
from domain.runs import TrainSettings
from domain.stats import (
    Difference,
    Estimate,
    covers_at,
    excludes_zero,
    histogram,
    pass_at_ks,
)
from domain.sweeps import find_arm

Estimates = tuple[Estimate, ...]
Differences = tuple[Difference, ...]
Noise = Literal["problems", "seeds and problems"]
Test = Literal["sign flip", "t"]

TAUS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class GradedRun:
    """A succeeded run at its last step: of `samples`, how many were correct, problem by problem.

    `device` is the kind that it ran on, cpu or cuda.
    """

    seed: int
    problems: tuple[int, ...]
    samples: tuple[int, ...]
    correct: tuple[int, ...]
    truncated: int
    unparsable: int
    entropy: float | None
    device: str = ""


@dataclass(frozen=True)
class ArmResults:
    """What an arm has so far. `graded` are its succeeded runs; `train` is None for a base model."""

    name: str
    template: str
    method: Method
    train: TrainSettings | None
    runs: int
    succeeded: int
    failed: int
    cancelled: int
    graded: tuple[GradedRun, ...]


@dataclass(frozen=True)
class SweepResults:
    """`problems` and `samples` are what every run of the sweep is evaluated on.

    Arms are compared with `baseline`: the `submitted_baseline`, or an arm that a reader chose; at
    `ks`, rising.
    """

    sweep_id: int
    baseline: str
    submitted_baseline: str
    problems: int
    samples: int
    ks: tuple[int, ...]
    arms: tuple[ArmResults, ...]


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


def require_alike(setups: Sequence[Mapping[str, object]]) -> None:
    """Only like is compared with like. Raises Conflict naming every field that differs."""
    differing = [
        f"{field} ({' and '.join(sorted(map(str, values)))})"
        for field in dict.fromkeys(field for setup in setups for field in setup)
        if len(values := {setup.get(field) for setup in setups}) > 1
    ]
    if differing:
        raise Conflict(
            f"The runs of this sweep were not evaluated alike and cannot be compared: they differ "
            f"in {', '.join(differing)}. Submit a sweep of its own for each."
        )


def against(results: SweepResults, baseline: str | None) -> SweepResults:
    """Set against another of its arms; None leaves the baseline. Raises Invalid for any other."""
    if baseline is None:
        return results
    return replace(results, baseline=find_arm("baseline", baseline, results.arms).name)


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


def compared_problems(results: SweepResults) -> tuple[int, ...]:
    """The problems of the first run that graded as many as it should; every other has the same."""
    graded = (run.problems for arm in results.arms for run in arm.graded)
    return next((problems for problems in graded if len(problems) == results.problems), ())


def is_usable(run: GradedRun, results: SweepResults, problems: tuple[int, ...]) -> bool:
    return run.problems == problems and set(run.samples) == {results.samples}


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
    """The seeds both have; a base model, which has no seed, takes part in all of the other's.

    None rather than one where each has more: a single pair knows nothing of training noise.
    """
    if not arm.trained:
        return tuple(baseline.by_seed)
    if not baseline.trained:
        return tuple(arm.by_seed)
    common = tuple(seed for seed in arm.by_seed if seed in baseline.by_seed)
    more = min(len(arm.by_seed), len(baseline.by_seed)) > 1
    return () if len(common) == 1 and more else common


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
