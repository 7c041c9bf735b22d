"""The words beside a comparison: what weakens it, and one sentence for each arm by stated rules.

The rules of a sentence: it gives the difference at one k, its interval, the interval adjusted for
all arms looked at, and what they rest on. It says "better" or "worse" only when the
adjusted interval is on one side of zero and contains training noise, which takes two seeds at
least. Otherwise: "no difference established", which is not "none". The conclusion is the sentence
of the trained arm with the highest difference. (The base model is in every table, but how training
compares with none is another question.)

No-break spaces keep a number and its unit on one line of the page; a terminal gets plain ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.contrasts import ComparedArm
from domain.intervals import FEW
from domain.powers import MOST_SEEDS, TARGET
from domain.results import ArmResults, SweepResults
from domain.runs import TrainSettings
from domain.stats import Difference, excludes_zero

FEW_SEEDS = 3
FEW_PROBLEMS = 30
NAMED = 5


@dataclass(frozen=True)
class Leader:
    """The trained arm with the highest difference at `k`; without one, `words` say why."""

    k: int
    arm: str | None
    delta: Difference | None
    words: str


def conclude(results: SweepResults, arms: Sequence[ComparedArm], k: int) -> str:
    """Of the trained arm with the highest difference at `k`."""
    place = results.ks.index(k)
    best = find_best(results, arms, place)
    if best is None:
        return explain_lack(results, arms)
    words = describe(results, arms, best, place)
    return " ".join([words, *describe_power(best, k, place)])


def name_leader(results: SweepResults, arms: Sequence[ComparedArm], k: int) -> Leader:
    """What a list has room for: the same arm as the conclusion's, in as many words as it takes."""
    place = results.ks.index(k)
    best = find_best(results, arms, place)
    if best is None or not best.delta:
        return Leader(k, None, None, explain_lack(results, arms))
    delta = best.delta[place]
    return Leader(k, best.name, delta, verdict(best, delta, k))


def find_best(results: SweepResults, arms: Sequence[ComparedArm], place: int) -> ComparedArm | None:
    """Of the trained arms that have a difference, that with the highest."""
    compared = [(arm.delta[place], arm) for arm in trained_arms(results, arms) if arm.delta]
    return max(compared, key=lambda pair: pair[0].mean)[1] if compared else None


def explain_lack(results: SweepResults, arms: Sequence[ComparedArm]) -> str:
    """Why no arm can be spoken of yet."""
    if len(arms) == 1:
        return "This sweep has one arm: there is nothing to compare."
    if not any(arm.seeds for arm in arms if arm.is_baseline):
        return f"No conclusion yet: the baseline {results.baseline} has no graded run."
    return f"No conclusion yet: no trained arm but the baseline {results.baseline} is graded."


def describe_arms(results: SweepResults, arms: Sequence[ComparedArm], k: int) -> dict[str, str]:
    """One sentence for each arm that has a difference at `k`, by its name."""
    place = results.ks.index(k)
    return {arm.name: describe(results, arms, arm, place) for arm in arms if arm.delta}


def trained_arms(results: SweepResults, arms: Sequence[ComparedArm]) -> list[ComparedArm]:
    trained = {arm.name for arm in results.arms if arm.train}
    return [arm for arm in arms if arm.name in trained]


def describe(
    results: SweepResults, arms: Sequence[ComparedArm], arm: ComparedArm, place: int
) -> str:
    if not arm.delta:
        raise ValueError(f"{arm.name} has no difference to describe")
    delta, k = arm.delta[place], results.ks[place]
    looks = sum(1 for one in arms if one.delta)
    adjusted = f" ({interval(delta.adjusted_low, delta.adjusted_high)} adjusted for {looks} arms)"
    return (
        f"{arm.name}: {points(delta.mean)}\u00a0points pass@{k} against {results.baseline}, "
        f"95\u00a0% interval {interval(delta.low, delta.high)}{adjusted if looks > 1 else ''}, "
        f"{seeds_words(arm, arms)}, {count(results.problems, 'problem')}: {verdict(arm, delta, k)}."
    )


def verdict(arm: ComparedArm, delta: Difference, k: int) -> str:
    if delta.established:
        return f"{'better' if delta.mean > 0 else 'worse'} at pass@{k}"
    if arm.delta_over == "problems" and excludes_zero(delta.adjusted_low, delta.adjusted_high):
        return (
            "other problems would likely show the same sign for these very models, but a single "
            "seed on a side says nothing about training noise, so no difference is established"
        )
    if delta.excludes_zero:
        return "no difference established once all arms looked at are allowed for"
    return "no difference established"


def seeds_words(arm: ComparedArm, arms: Sequence[ComparedArm]) -> str:
    if arm.paired_seeds:
        seeds = count(len(arm.paired_seeds), "seed")
        return f"{seeds} of the baseline" if arm.method.method == "base" else seeds
    baseline = next(one for one in arms if one.is_baseline)
    return f"{count(len(arm.seeds), 'seed')} against {len(baseline.seeds)} others"


def describe_power(arm: ComparedArm, k: int, place: int) -> Iterator[str]:
    """What such a sweep could have found, and what would find more."""
    if arm.delta_over != "seeds and problems" or not arm.detectable:
        return
    found = arm.detectable[place]
    if not found:
        return
    size = f"a true difference of {100 * found:.1f}\u00a0points 8 times in 10"
    yield f"For this arm, a sweep like this finds {size if found < 1 else 'little'};"
    goal = f"{100 * TARGET:g}\u00a0points at pass@{k}"
    if arm.seeds_needed is None:
        yield f"two seeds are too few to say how many would find {goal}."
        return
    needed = arm.seeds_needed[place]
    if needed is None:
        yield f"{goal} would take more than {MOST_SEEDS} seeds, or more problems."
    else:
        yield f"with these variances, {count(needed, 'seed')} would resolve {goal}."


def warn(results: SweepResults, arms: Sequence[ComparedArm], k: int) -> list[str]:
    """Everything that weakens the comparison, in plain sentences."""
    return [
        *warn_of_choice(results),
        *warn_of_seeds(results, arms),
        *warn_of_runs(results, arms),
        *warn_of_budgets(results),
        *warn_of_devices(results),
        *warn_of_problems(results, arms, k),
    ]


def warn_of_choice(results: SweepResults) -> Iterator[str]:
    if results.baseline != results.submitted_baseline:
        yield (
            f"Against {results.baseline}; the sweep was submitted with baseline "
            f"{results.submitted_baseline}. Choosing a baseline after looking is a look of its "
            "own, and no interval here allows for it."
        )


def warn_of_seeds(results: SweepResults, arms: Sequence[ComparedArm]) -> Iterator[str]:
    trained = trained_arms(results, arms)
    single = [arm.name for arm in trained if "problems" in (arm.pass_at_over, arm.delta_over)]
    if single:
        yield (
            f"1 seed, training noise not included: {named(single)}. Another seed may change the "
            "picture, so nothing can be established of them."
        )
    few = [arm.name for arm in trained if 1 < len(arm.seeds) < FEW_SEEDS]
    if few:
        yield (
            f"Fewer than {FEW_SEEDS} seeds: {named(few)}. Two seeds show little of their spread, "
            "so the intervals are very wide."
        )
    lone = [arm.name for arm in arms if arm.delta and not arm.paired_seeds]
    if lone:
        yield (
            f"Too few seeds in common with the baseline: {named(lone)}. All seeds were taken, so "
            "the difference is paired on problems only."
        )
    partly = [arm.name for arm in trained if 0 < len(arm.paired_seeds) < len(arm.seeds)]
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


def warn_of_devices(results: SweepResults) -> Iterator[str]:
    kinds: dict[str, list[str]] = {}
    for arm in results.arms:
        for kind in sorted({run.device for run in arm.graded}):
            kinds.setdefault(kind, []).append(arm.name)
    if len(kinds) > 1:
        parts = "; ".join(f"{kind}: {named(names)}" for kind, names in sorted(kinds.items()))
        yield (
            f"Different kinds of device. {parts}. They round differently, so a pair of equal seeds "
            "has less in common than on one kind."
        )


def warn_of_problems(results: SweepResults, arms: Sequence[ComparedArm], k: int) -> Iterator[str]:
    if results.problems < FEW_PROBLEMS:
        yield f"Only {count(results.problems, 'problem')}: the intervals are rough."
    place = results.ks.index(k)
    rates = {arm.name: arm.pass_at[place].mean for arm in arms if arm.pass_at}
    few = FEW / results.problems
    edges = {
        "unsolved": [name for name, rate in rates.items() if 1 - rate < few],
        "solved": [name for name, rate in rates.items() if rate < few],
    }
    for words, edge in edges.items():
        better = "better" if words == "unsolved" else "worse"
        if edge:
            yield (
                f"At pass@{k} fewer than {FEW:g} problems' worth are {words}: {named(edge)}. The "
                f"task cannot tell them from {better} arms there, and intervals are widened for "
                "what was not seen."
            )


def interval(low: float, high: float) -> str:
    return f"{points(low)}..{points(high)}"


def points(fraction: float) -> str:
    """+2.1 for 0.021; never -0.0."""
    return f"{round(100 * fraction, 1) + 0.0:+.1f}"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def named(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
