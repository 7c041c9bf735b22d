"""A sweep's report: what it is made of, how far the sweep is, and its setting in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from pydantic import ValidationError

from domain.behaviourreports import ReportedBehaviour
from domain.catalogue import MODELS, TASKS
from domain.comparisons import Comparison
from domain.conclusions import count
from domain.contrasts import ComparedArm
from domain.fits import list_unused
from domain.lifecycle import FINAL, RunStatus
from domain.results import ArmResults, SweepResults
from domain.runs import RECIPE_VERSION, EvalSettings, RunSpec, content_hash
from domain.trajectories import Course, Trajectory

SHOWN_KS = (1, 8)
MOST_KS = 64
MOST_COLOURED = 10
MOST_DRAWN = 36
EVALUATED = {"seed": "sampling seed"}


@dataclass(frozen=True)
class Related:
    """A sweep that confirms an arm of another; `status` is None for the one that is confirmed."""

    sweep_id: int
    name: str
    arm: str
    status: RunStatus | None = None


@dataclass(frozen=True)
class ReportedRun:
    """`seconds` is what all its attempts took, once it has ended; `is_current` that today's recipe
    made it."""

    run_id: int
    arm: str
    seed: int
    status: RunStatus
    attempt: int
    content_hash: str
    seconds: float | None
    error: str | None
    is_current: bool


@dataclass(frozen=True)
class Setup:
    """What every run of the sweep has in common, and the packages that trained and graded it."""

    model: str
    model_version: str
    task: str
    task_version: str
    evaluation: EvalSettings
    packages: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Report:
    """Everything a report shows. `spec` is the sweep as it was submitted."""

    made_at: datetime
    sweep_id: int
    name: str
    question: str
    owner: str
    spec: Mapping[str, Any]
    setup: Setup
    confirms: Related | None
    confirmations: tuple[Related, ...]
    results: SweepResults
    comparison: Comparison
    runs: tuple[ReportedRun, ...]
    trajectories: tuple[Trajectory, ...]
    courses: tuple[Course, ...]
    behaviour: ReportedBehaviour | None = None

    @property
    def place(self) -> int:
        """Of the k that its words speak of."""
        return self.comparison.ks.index(self.comparison.k)

    @property
    def is_graded(self) -> bool:
        return any(arm.pass_at for arm in self.comparison.arms)


@dataclass(frozen=True)
class Setting:
    name: str
    value: str


def describe_state(runs: Sequence[ReportedRun]) -> str:
    """How far the sweep is, in a sentence that begins with Unfinished or Finished."""
    states = Counter(run.status for run in runs)
    parts = [f"{states[state]} {state}" for state in RunStatus if states[state]]
    word = "Unfinished" if set(states) - FINAL else "Finished"
    return f"{word}: {', '.join(parts)} of {count(len(runs), 'run')}."


def is_unfinished(runs: Sequence[ReportedRun]) -> bool:
    return any(run.status not in FINAL for run in runs)


def is_current(spec: Mapping[str, Any], stored: str) -> bool:
    """Whether today's recipe would take a stored run for the same, so that a resubmit shares it."""
    try:
        return content_hash(RunSpec.model_validate(spec)) == stored
    except ValidationError:
        return False


def list_settings(report: Report) -> dict[str, list[Setting]]:
    """The setting of the sweep by topic; what differs between arms is said with the arms."""
    setup = report.setup
    return {
        "Model and task": [
            Setting("model", described(setup.model, setup.model_version, MODELS)),
            Setting("task", described(setup.task, setup.task_version, TASKS)),
            Setting("correct", define_correct(setup)),
            Setting("baseline", report.comparison.baseline),
            Setting("recipe", describe_recipe(report.runs)),
        ],
        "Training": [
            Setting("training seeds", ", ".join(map(str, report.spec.get("seeds", [])))),
            *(Setting(worded(name), shown(value)) for name, value in common_training(report)),
        ],
        "Evaluation": [
            *(
                Setting(EVALUATED.get(name, worded(name)), shown(value))
                for name, value in setup.evaluation.model_dump(exclude={"every"}).items()
            ),
            Setting("checkpoint", "the last step of each run; none is chosen by its result"),
        ],
    }


def described(name: str, version: str, cards: Mapping[str, Any]) -> str:
    card = cards.get(name)
    known = card is not None and card.version == version
    return f"{name}, version {version}" + (f". {card.summary}" if card and known else "")


def define_correct(setup: Setup) -> str:
    card = TASKS.get(setup.task)
    if card is None or card.version != setup.task_version:
        return "as that version of the task defines it; this server knows another one"
    return card.correct


def describe_recipe(runs: Sequence[ReportedRun]) -> str:
    old = sum(not run.is_current for run in runs)
    version = f"version {RECIPE_VERSION}"
    if not old:
        return version
    return f"{version}; {count(old, 'run')} came from another one and would be trained anew"


def common_training(report: Report) -> list[tuple[str, object]]:
    """The training settings that all trained arms read, and share."""
    trained = [used_training(arm) for arm in report.results.arms if arm.train]
    return [
        (name, value)
        for name, value in (trained[0].items() if trained else ())
        if all(name in other and other[name] == value for other in trained)
    ]


def used_training(arm: ArmResults) -> dict[str, object]:
    """The training settings that mean something to the arm's method."""
    if arm.train is None:
        return {}
    return arm.train.model_dump(exclude=set(list_unused(arm.method, arm.train)))


def own_settings(report: Report) -> dict[str, str]:
    """By arm: the parameters of its method, and the training settings that it reads and that not
    all arms share."""
    shared = {name for name, _ in common_training(report)}
    found = {}
    for arm in report.results.arms:
        own = parameters(arm)
        train = used_training(arm).items()
        own |= {worded(name): value for name, value in train if name not in shared}
        found[arm.name] = ", ".join(f"{name} {shown(value)}" for name, value in own.items())
    return found


def parameters(arm: ArmResults) -> dict[str, object]:
    """Of its method; which replica it is stands in its name alone."""
    written = arm.name[len(arm.template) + 1 :].split(",")
    replica = [part.partition("=")[2] for part in written if part.startswith("replica=")]
    own: dict[str, object] = arm.method.model_dump(exclude={"method"})
    return own | ({"replica": replica[0]} if replica else {})


def worded(name: str) -> str:
    return name.replace("_", " ")


def shown(value: object) -> str:
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def shown_ks(comparison: Comparison) -> list[int]:
    """Those of the tables: 1, 8, the one its words speak of, and the largest."""
    wanted = {*SHOWN_KS, comparison.k, comparison.ks[-1]}
    return [k for k in comparison.ks if k in wanted]


def thin(ks: Sequence[int], most: int = MOST_KS) -> list[int]:
    """Places of at most `most` ks, evenly spaced in log k, the first and the last among them."""
    if len(ks) <= most:
        return list(range(len(ks)))
    wanted = np.geomspace(ks[0], ks[-1], most)
    return sorted({int(np.abs(np.asarray(ks) - k).argmin()) for k in wanted})


def foremost(comparison: Comparison, most: int) -> list[str]:
    """Names of at most `most` graded arms, in the sweep's order.

    The baseline and the base model first, then those of the largest difference at its k.
    """
    place = comparison.ks.index(comparison.k)

    def rank(arm: ComparedArm) -> tuple[bool, float]:
        first = arm.is_baseline or arm.method.method == "base"
        return (not first, -arm.delta[place].mean if arm.delta else 0.0)

    graded = [arm for arm in comparison.arms if arm.pass_at]
    chosen = {arm.name for arm in sorted(graded, key=rank)[:most]}
    return [arm.name for arm in graded if arm.name in chosen]
