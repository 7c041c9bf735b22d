"""The figures of a comparison: pass@k of every arm, and its difference to the baseline.

Only what was evaluated alike is compared: the same problems and as many samples. Intervals come
from resampling problems, with the same draws for every arm.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.methods import Method
from domain.runs import TrainSettings
from domain.stats import (
    Estimate,
    Floats,
    average,
    column_means,
    compared_ks,
    estimate_means,
    pass_at_ks,
    problem_weights,
)

Estimates = tuple[Estimate, ...]


@dataclass(frozen=True)
class GradedRun:
    """A succeeded run at its last step: of `samples`, how many were correct, problem by problem."""

    seed: int
    problems: tuple[int, ...]
    samples: tuple[int, ...]
    correct: tuple[int, ...]
    truncated: int
    unparsable: int
    entropy: float | None


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
    """`problems` and `samples` are what every run of the sweep is evaluated on."""

    sweep_id: int
    baseline: str
    problems: int
    samples: int
    arms: tuple[ArmResults, ...]

    @property
    def ks(self) -> list[int]:
        return compared_ks(self.samples)


@dataclass(frozen=True)
class ComparedArm:
    """One arm at every k; None where nothing was graded.

    `seeds` are those whose grades are complete. `delta` is this arm minus the baseline on the same
    problems, over `paired_seeds`: those both have. Empty beside a delta: none, so all were taken.
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
    delta: Estimates | None
    paired_seeds: tuple[int, ...]
    seed_means: tuple[tuple[float, ...], ...]
    truncated: float | None
    unparsable: float | None
    entropy: float | None


@dataclass(frozen=True)
class SeedValues:
    """pass@k of an arm by seed, each of shape (problems, ks). A base model has one for any seed."""

    by_seed: Mapping[int, Floats]
    trained: bool

    def over(self, seeds: tuple[int, ...]) -> Floats:
        """The mean over these seeds; over all it has when they are none, or not its own to have."""
        chosen = [self.by_seed[seed] for seed in seeds if seed in self.by_seed]
        return average(chosen if chosen and self.trained else list(self.by_seed.values()))


def contrast(results: SweepResults) -> tuple[ComparedArm, ...]:
    """Every arm of the sweep, in its order, with its figures."""
    problems = compared_problems(results)
    usable = {
        arm.name: [run for run in arm.graded if is_usable(run, results, problems)]
        for arm in results.arms
    }
    values = {
        arm.name: SeedValues(
            {run.seed: pass_at_ks(results.samples, run.correct, results.ks) for run in runs},
            trained=arm.train is not None,
        )
        for arm, runs in zip(results.arms, usable.values(), strict=True)
    }
    baseline, weights = values[results.baseline], problem_weights(results.problems)
    return tuple(
        compare_arm(
            arm,
            usable[arm.name],
            values[arm.name],
            None if arm.name == results.baseline else baseline,
            weights,
        )
        for arm in results.arms
    )


def compared_problems(results: SweepResults) -> tuple[int, ...]:
    """The problems of the first run that graded as many as it should; every other has the same."""
    graded = (run.problems for arm in results.arms for run in arm.graded)
    return next((problems for problems in graded if len(problems) == results.problems), ())


def is_usable(run: GradedRun, results: SweepResults, problems: tuple[int, ...]) -> bool:
    return run.problems == problems and set(run.samples) == {results.samples}


def compare_arm(
    arm: ArmResults,
    runs: list[GradedRun],
    values: SeedValues,
    baseline: SeedValues | None,
    weights: Floats,
) -> ComparedArm:
    seeds = tuple(run.seed for run in runs)
    paired = pair_seeds(values, baseline) if baseline else ()
    delta = None
    if baseline and baseline.by_seed and runs:
        delta = estimate_means(values.over(paired) - baseline.over(paired), weights)
    return ComparedArm(
        name=arm.name,
        template=arm.template,
        method=arm.method,
        is_baseline=baseline is None,
        runs=arm.runs,
        succeeded=arm.succeeded,
        failed=arm.failed,
        seeds=seeds,
        pass_at=estimate_means(values.over(seeds), weights) if runs else None,
        delta=delta,
        paired_seeds=paired if delta else (),
        seed_means=tuple(column_means(values.by_seed[seed]) for seed in seeds),
        truncated=share([run.truncated for run in runs], runs),
        unparsable=share([run.unparsable for run in runs], runs),
        entropy=mean_known([run.entropy for run in runs]),
    )


def pair_seeds(arm: SeedValues, baseline: SeedValues) -> tuple[int, ...]:
    """The seeds both have; a base model, which has no seed, takes part in all of the other's."""
    if not arm.trained:
        return tuple(baseline.by_seed)
    if not baseline.trained:
        return tuple(arm.by_seed)
    return tuple(seed for seed in arm.by_seed if seed in baseline.by_seed)


def share(counts: list[int], runs: list[GradedRun]) -> float | None:
    """Of all completions of these runs."""
    completions = sum(sum(run.samples) for run in runs)
    return sum(counts) / completions if completions else None


def mean_known(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
