"""The words beside a comparison: what weakens it, and one sentence that says no more than it shows.

The rules of the sentence: it looks at the largest k and the trained arm with the highest
difference there. (The base model is in every table, but how training compares with none is another
question.) While intervals cover problems only and many arms are looked at, it never calls an arm
better: the most it says is that the interval excludes zero, and what that interval leaves out.
"""

from collections.abc import Iterator, Sequence

from domain.contrasts import ArmResults, ComparedArm, SweepResults
from domain.runs import TrainSettings
from domain.stats import Estimate

FEW_SEEDS = 3
FEW_PROBLEMS = 30
NAMED = 5


def conclude(results: SweepResults, arms: Sequence[ComparedArm]) -> str:
    if len(arms) == 1:
        return "This sweep has one arm: there is nothing to compare."
    if not any(arm.seeds for arm in arms if arm.is_baseline):
        return f"No conclusion yet: the baseline {results.baseline} has no graded run."
    trained = {arm.name for arm in results.arms if arm.train}
    compared = [(arm.delta[-1], arm) for arm in arms if arm.delta and arm.name in trained]
    if not compared:
        return f"No conclusion yet: no trained arm but the baseline {results.baseline} is graded."
    delta, arm = max(compared, key=lambda pair: pair[0].mean)
    return describe_best(arm, delta, results, len(compared))


def describe_best(arm: ComparedArm, delta: Estimate, results: SweepResults, looks: int) -> str:
    seeds = len(arm.paired_seeds) or len(arm.seeds)
    figures = (
        f"{arm.name}: {points(delta.mean)} points pass@{results.ks[-1]} against "
        f"{results.baseline}, 95 % interval {points(delta.low)}..{points(delta.high)} over "
        f"{count(results.problems, 'problem')}, {count(seeds, 'seed')}"
    )
    noise = "leaves out training noise"
    looked = f"{count(looks, 'arm')} {'was' if looks == 1 else 'were'} looked at"
    caveat = f"{noise} and {looked}" if looks == 1 else f"{noise}, and {looked} without adjustment"
    if delta.excludes_zero:
        return f"{figures}: the interval excludes zero for these problems, but {caveat}."
    return f"{figures}: no difference established; the interval {caveat}."


def warn(results: SweepResults, arms: Sequence[ComparedArm]) -> list[str]:
    """Everything that weakens the comparison, in plain sentences."""
    return [
        *warn_of_seeds(results, arms),
        *warn_of_runs(results, arms),
        *warn_of_budgets(results),
        *warn_of_problems(results, arms),
    ]


def warn_of_seeds(results: SweepResults, arms: Sequence[ComparedArm]) -> Iterator[str]:
    trained = {arm.name for arm in results.arms if arm.train}
    few = [arm.name for arm in arms if arm.name in trained and 0 < len(arm.seeds) < FEW_SEEDS]
    if few:
        yield (
            f"Fewer than {FEW_SEEDS} seeds: {named(few)}. Training noise is not included in any "
            "interval; another seed may change the picture."
        )
    lone = [arm.name for arm in arms if arm.delta and not arm.paired_seeds]
    if lone:
        yield (
            f"No seed in common with the baseline: {named(lone)}. All seeds were taken, so the "
            "difference is paired on problems only."
        )
    partly = [
        arm.name
        for arm in arms
        if arm.name in trained and 0 < len(arm.paired_seeds) < len(arm.seeds)
    ]
    if partly:
        yield f"The difference is over the seeds that the baseline has too: {named(partly)}."


def warn_of_runs(results: SweepResults, arms: Sequence[ComparedArm]) -> Iterator[str]:
    unfinished = [arm.name for arm in results.arms if count_unfinished(arm)]
    if unfinished:
        yield f"Unfinished runs: {named(unfinished)}. Their figures may still change."
    for word in ("failed", "cancelled"):
        stopped = [arm.name for arm in results.arms if getattr(arm, word)]
        if stopped:
            yield f"Runs that {STOPPED[word]}: {named(stopped)}. They count in no figure."
    incomplete = [arm.name for arm in arms if len(arm.seeds) < arm.succeeded]
    if incomplete:
        yield (
            f"Runs left out, since they did not grade all {results.problems} problems with "
            f"{results.samples} samples: {named(incomplete)}."
        )


STOPPED = {"failed": "failed", "cancelled": "were cancelled"}


def count_unfinished(arm: ArmResults) -> int:
    return arm.runs - arm.succeeded - arm.failed - arm.cancelled


def warn_of_budgets(results: SweepResults) -> Iterator[str]:
    budgets: dict[str, list[str]] = {}
    for arm in results.arms:
        if arm.train:
            budgets.setdefault(budget(arm.train), []).append(arm.name)
    if len(budgets) > 1:
        parts = "; ".join(f"{words}: {named(names)}" for words, names in budgets.items())
        yield f"Unequal training budgets. {parts}."


def budget(train: TrainSettings) -> str:
    size = train.prompts_per_step * train.completions_per_prompt
    return f"{count(train.steps, 'step')} of {size} completions"


def warn_of_problems(results: SweepResults, arms: Sequence[ComparedArm]) -> Iterator[str]:
    if results.problems < FEW_PROBLEMS:
        yield f"Only {count(results.problems, 'problem')}: the intervals are rough."
    flat = [arm.name for arm in arms if arm.pass_at and arm.pass_at[-1].low == arm.pass_at[-1].high]
    if flat:
        yield (
            f"At k = {results.ks[-1]} every problem has the same pass@k: {named(flat)}. Its "
            "interval has no width, which does not make it certain."
        )


def points(fraction: float) -> str:
    """+2.1 for 0.021; never -0.0."""
    return f"{round(100 * fraction, 1) + 0.0:+.1f}"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def named(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
