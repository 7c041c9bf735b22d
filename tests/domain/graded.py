"""Results to compare: sweeps of three problems or more, with their grades written out."""

from collections.abc import Mapping, Sequence

from domain.comparisons import Comparison
from domain.contrasts import ComparedArm
from domain.methods import Base, EntropyShaped, Grpo
from domain.results import ArmResults, GradedRun, SweepResults
from domain.runs import TrainSettings
from domain.stats import pass_at_k

N = 4
Grades = Mapping[int, Sequence[int]]


def run(seed: int, correct: Sequence[int], entropy: float | None = None) -> GradedRun:
    return GradedRun(
        seed=seed,
        problems=tuple(range(len(correct))),
        samples=(N,) * len(correct),
        correct=tuple(correct),
        truncated=1,
        unparsable=2,
        entropy=entropy,
    )


def arm(
    name: str,
    grades: Grades,
    *,
    steps: int = 10,
    failed: int = 0,
    cancelled: int = 0,
    queued: int = 0,
) -> ArmResults:
    graded = tuple(run(seed, correct) for seed, correct in grades.items())
    return ArmResults(
        name=name,
        template=name,
        method=Grpo(method="grpo")
        if name == "grpo"
        else EntropyShaped(method="entropy_shaped", alpha=1),
        train=TrainSettings(steps=steps),
        runs=len(graded) + failed + cancelled + queued,
        succeeded=len(graded),
        failed=failed,
        cancelled=cancelled,
        graded=graded,
    )


def base(correct: Sequence[int]) -> ArmResults:
    return ArmResults(
        name="base",
        template="base",
        method=Base(method="base"),
        train=None,
        runs=1,
        succeeded=1,
        failed=0,
        cancelled=0,
        graded=(run(0, correct),),
    )


def sweep(*arms: ArmResults, baseline: str = "grpo", problems: int = 3) -> SweepResults:
    return SweepResults(
        sweep_id=1,
        baseline=baseline,
        submitted_baseline=baseline,
        problems=problems,
        samples=N,
        ks=tuple(range(1, N + 1)),
        arms=arms,
    )


def compared(comparison: Comparison, name: str) -> ComparedArm:
    return next(arm for arm in comparison.arms if arm.name == name)


def values(grades: Grades, seeds: Sequence[int], k: int) -> list[float]:
    """pass@k of each problem, averaged over seeds, by hand."""
    problems = range(len(next(iter(grades.values()))))
    return [sum(pass_at_k(N, grades[s][p], k) for s in seeds) / len(seeds) for p in problems]


GRPO: Grades = {0: [0, 1, 4], 1: [1, 1, 3]}
SHAPED: Grades = {0: [2, 1, 4], 1: [1, 3, 3], 2: [4, 4, 4]}
TWO_ARMS = sweep(arm("grpo", GRPO), arm("shaped", SHAPED))
