"""What a sweep has so far: its arms, and the grades of their succeeded runs.

Only what was evaluated alike is compared: the same problems and as many samples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.errors import Conflict
from domain.methods import Method
from domain.runs import TrainSettings
from domain.sweeps import find_arm


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


def compared_problems(results: SweepResults) -> tuple[int, ...]:
    """The problems of the first run that graded as many as it should; every other has the same."""
    graded = (run.problems for arm in results.arms for run in arm.graded)
    return next((problems for problems in graded if len(problems) == results.problems), ())


def is_usable(run: GradedRun, results: SweepResults, problems: tuple[int, ...]) -> bool:
    return run.problems == problems and set(run.samples) == {results.samples}
