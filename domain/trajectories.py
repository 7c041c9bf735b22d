"""Metrics over training as a report needs them: means over seeds, and runs that went astray."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from domain.conclusions import count
from domain.intervals import t_half_width
from domain.numbers import finite

EXPLODED = 2.0
COLLAPSED = 0.05
NAMED_RUNS = 6


@dataclass(frozen=True)
class Trace:
    """One metric of one run, thinned: the mean step and value of each stretch of training.

    None where a value of the stretch was NaN or infinite.
    """

    arm: str
    seed: int
    name: str
    points: Mapping[int, tuple[float, float | None]]


@dataclass(frozen=True)
class Trajectory:
    """The mean of one metric over an arm's seeds; `half` is the half width of its 95 % t band.

    A gap (None) where a seed has no finite value: the others alone would flatter the arm. No band
    for a single seed.
    """

    arm: str
    name: str
    seeds: int
    steps: tuple[float, ...]
    mean: tuple[float | None, ...]
    half: tuple[float | None, ...] | None


@dataclass(frozen=True)
class Course:
    """How one run's entropy went: its mean over the first and the last tenth of the steps, in nats.

    `broken` are the metrics that held NaN or infinity, each with the first such step.
    """

    run_id: int
    arm: str
    seed: int
    first: float | None
    last: float | None
    broken: Mapping[str, int] = field(default_factory=dict)


def average(traces: Sequence[Trace]) -> list[Trajectory]:
    """One trajectory for each arm and metric, in the order of the traces."""
    groups: dict[tuple[str, str], list[Trace]] = {}
    for trace in traces:
        groups.setdefault((trace.arm, trace.name), []).append(trace)
    return [average_seeds(group) for group in groups.values()]


def average_seeds(traces: Sequence[Trace]) -> Trajectory:
    """Over the stretches that every seed has."""
    shared = sorted(set.intersection(*(set(trace.points) for trace in traces)))
    cells = [[trace.points[place] for place in shared] for trace in traces]
    steps = np.array([[step for step, _ in row] for row in cells], dtype=float)
    values = np.array(
        [[np.nan if value is None else value for _, value in row] for row in cells], dtype=float
    )
    half = t_half_width(values) if len(traces) > 1 and shared else None
    return Trajectory(
        arm=traces[0].arm,
        name=traces[0].name,
        seeds=len(traces),
        steps=tuple(steps.mean(axis=0).tolist()),
        mean=tuple(map(finite, values.mean(axis=0).tolist())),
        half=None if half is None else tuple(map(finite, half.tolist())),
    )


def describe_divergence(courses: Sequence[Course]) -> list[str]:
    """Sentences that name the runs that went astray, by these rules:

    - exploded: the mean entropy of the last tenth of the steps is more than EXPLODED times that of
      the first tenth; collapsed: it is less than COLLAPSED times.
    - not finite: any metric of the run holds a NaN or an infinity, at any step.

    Runs that failed or were stopped are judged by what they recorded.
    """
    known = [course for course in courses if course.first and course.last is not None]
    exploded = [course for course in known if ratio(course) > EXPLODED]
    collapsed = [course for course in known if ratio(course) < COLLAPSED]
    broken = [course for course in courses if course.broken]
    found = []
    if exploded:
        found.append(
            f"Entropy exploded in {count(len(exploded), 'run')} (in the last tenth of the steps "
            f"more than {EXPLODED:g} times that of the first): {list_runs(exploded, nats)}."
        )
    if collapsed:
        found.append(
            f"Entropy collapsed in {count(len(collapsed), 'run')} (in the last tenth of the steps "
            f"less than {100 * COLLAPSED:g}\u00a0% of the first): {list_runs(collapsed, nats)}."
        )
    if broken:
        found.append(
            f"Metrics of {count(len(broken), 'run')} hold values that are not finite: "
            f"{list_runs(broken, breaks)}."
        )
    return found


def ratio(course: Course) -> float:
    return (course.last or 0.0) / course.first if course.first else 1.0


def nats(course: Course) -> str:
    return f"{course.first or 0:.2g} to {course.last or 0:.2g}\u00a0nats"


def breaks(course: Course) -> str:
    name, step = min(course.broken.items(), key=lambda item: (item[1], item[0]))
    more = len(course.broken) - 1
    return f"{name} from step {step}" + (f" and {more} more" if more else "")


def list_runs(courses: Sequence[Course], words: Callable[[Course], str]) -> str:
    parts = [
        f"run {course.run_id} ({course.arm}, seed {course.seed}; {words(course)})"
        for course in courses[:NAMED_RUNS]
    ]
    more = len(courses) - NAMED_RUNS
    return ", ".join(parts) + (f" and {more} more" if more > 0 else "")
