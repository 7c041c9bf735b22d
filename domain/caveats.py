"""What weakens a sweep's figures, in sentences that follow from its report by stated rules."""

from collections.abc import Iterator, Sequence

from domain.conclusions import count, points
from domain.lifecycle import RunStatus
from domain.powers import MOST_SEEDS, TARGET
from domain.reports import Report
from domain.trajectories import describe_divergence

UNTELLING = 0.5


def list_caveats(report: Report) -> list[str]:
    """What a reader must know before believing a figure, from the data alone."""
    return [
        *report.comparison.warnings,
        *describe_power(report),
        *describe_divergence(report.courses),
        *describe_range(report),
        *describe_looks(report),
    ]


def describe_power(report: Report) -> Iterator[str]:
    """The differences the sweep could have found, over its trained arms."""
    place, k = report.place, report.comparison.k
    judged = [
        arm
        for arm in report.comparison.arms
        if arm.delta_over == "seeds and problems" and arm.method.method != "base"
    ]
    found = sorted(arm.detectable[place] for arm in judged if arm.detectable)
    if not found:
        return
    yield f"Power: at pass@{k} a sweep like this establishes {describe_reach(found)}."
    needed = [arm.seeds_needed[place] for arm in judged if arm.seeds_needed]
    known = [seeds for seeds in needed if seeds is not None]
    goal = f"{100 * TARGET:g} points"
    if len(known) < len(needed):
        yield f"To find {goal}, some arms would take over {MOST_SEEDS} seeds, or more problems."
    elif known:
        yield f"To find {goal} for every arm, {count(max(known), 'seed')} would be needed."


def describe_reach(found: Sequence[float]) -> str:
    """Of ascending detectable differences; rates differ by 1 at most, which is out of reach."""
    known = [points(value)[1:] for value in found if value < 1]
    if not known:
        return "hardly any difference, however large"
    least, most = known[0], known[-1]
    size = f"{least} points" if least == most else f"{least} to {most} points, depending on the arm"
    none = "" if len(known) == len(found) else ", and of some arms hardly any"
    return f"a true difference of {size}, 8 times in 10{none}"


def describe_range(report: Report) -> Iterator[str]:
    """Problems that tell no arms apart: at the floor or the ceiling for the baseline."""
    arm = next(arm for arm in report.comparison.arms if arm.is_baseline)
    if not arm.histogram or not sum(arm.histogram):
        return
    total, samples = sum(arm.histogram), report.comparison.samples
    for places, word in ((arm.histogram[0], "none"), (arm.histogram[-1], "all")):
        if places / total >= UNTELLING:
            yield (
                f"{100 * places / total:.0f}\u00a0% of the problems are at the "
                f"{'floor' if word == 'none' else 'ceiling'}, counted for each seed: the baseline "
                f"{arm.name} solves them "
                f"in {word} of {samples} samples, so they can hardly tell arms apart."
            )


def describe_looks(report: Report) -> Iterator[str]:
    """The winner's curse, unless it is a confirmation or has one."""
    looked = [arm for arm in report.comparison.arms if arm.delta and arm.method.method != "base"]
    confirmed = any(one.status is RunStatus.SUCCEEDED for one in report.confirmations)
    if len(looked) > 1 and report.confirms is None and not confirmed:
        yield (
            f"The best of {len(looked)} arms owes part of its lead to luck. A confirmation trains "
            "it and the baseline again with new seeds and grades them on held-out problems."
        )
