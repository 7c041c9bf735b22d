"""A sweep: a named question, and its expansion into arms and runs in a stable order."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Protocol, TypeVar

from pydantic import AfterValidator, Field

from domain.arms import Arm, expand_arm
from domain.catalogue import Finder, ModelCard, TaskCard, find_shipped
from domain.errors import invalid, naming_arm
from domain.inputs import parse
from domain.methods import METHODS
from domain.runs import (
    EvalSettings,
    ModelSettings,
    RunSpec,
    Seed,
    TaskSettings,
    TrainSettings,
)
from domain.schemas import Strict
from domain.steering import Limit, Priority, Resources
from domain.templates import AnyArm

MAX_RUNS = 10_000
SIZES = {"prompts_per_step", "updates_per_rollout"}


def distinct_seeds(seeds: list[int]) -> list[int]:
    if len(set(seeds)) < len(seeds):
        raise ValueError("lists a seed twice")
    return seeds


class NamedArm(Protocol):
    """An arm in whatever shape: planned, or with its results."""

    @property
    def name(self) -> str: ...

    @property
    def template(self) -> str: ...


A = TypeVar("A", bound=NamedArm)


class SweepSpec(Strict):
    """What a user submits: model, task, budget, evaluation, arms, seeds and baseline.

    `priority`, `max_running` and `resources` say when and where runs start, not what they give.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)]
    question: Annotated[str, Field(max_length=2000)] = ""
    model: Annotated[str, Field(min_length=1, max_length=300)]
    model_settings: ModelSettings = ModelSettings()
    task: Annotated[str, Field(min_length=1, max_length=300)]
    task_settings: TaskSettings = TaskSettings()
    train: TrainSettings = TrainSettings()
    eval: EvalSettings = EvalSettings()
    seeds: Annotated[
        list[Seed], Field(min_length=1, max_length=1000), AfterValidator(distinct_seeds)
    ]
    baseline: Annotated[str, Field(min_length=1, max_length=400)]
    arms: Annotated[list[AnyArm], Field(min_length=1, max_length=200)]
    priority: Priority = 0
    max_running: Limit | None = None
    resources: Resources = Resources()


class PlannedRun(Strict):
    """One run of the plan: which arm it belongs to, and everything that determines its result."""

    arm: str
    spec: RunSpec


class Plan(Strict):
    """A sweep expanded. Runs go seed by seed, so a first full comparison is there early."""

    model: ModelCard
    task: TaskCard
    eval: EvalSettings
    baseline: str
    arms: list[Arm]
    runs: list[PlannedRun]


def parse_sweep(data: object) -> SweepSpec:
    """A SweepSpec from decoded JSON or YAML. Raises Invalid naming every wrong field."""
    return parse(SweepSpec, data, tags=METHODS)


def expand(sweep: SweepSpec, find: Finder = find_shipped) -> Plan:
    """The sweep's arms and runs, always in the same order. Raises Invalid naming the field."""
    model, task = find(sweep.model, sweep.task, sweep.task_settings)
    evaluation = sized_evaluation(sweep.eval, task)
    arms = expand_arms(sweep, task)
    baseline = find_arm("baseline", sweep.baseline, arms)
    runs = [
        PlannedRun(
            arm=arm.name,
            spec=RunSpec(
                model=model.name,
                model_version=model.version,
                task=task.name,
                task_version=task.version,
                method=arm.method,
                train=arm.train,
                eval=evaluation,
                seed=seed if arm.train else 0,
                replica=arm.replica,
                task_settings=sweep.task_settings,
                model_settings=sweep.model_settings,
            ),
        )
        for index, seed in enumerate(sweep.seeds)
        for arm in arms
        if arm.train or index == 0  # the base model is evaluated once, whatever the seeds
    ]
    if len(runs) > MAX_RUNS:
        raise invalid("arms", f"expands to {len(runs):,} runs; at most {MAX_RUNS:,} are allowed")
    return Plan(
        model=model, task=task, eval=evaluation, baseline=baseline.name, arms=arms, runs=runs
    )


def expand_arms(sweep: SweepSpec, task: TaskCard) -> list[Arm]:
    arms: list[Arm] = []
    seen: dict[str, str] = {}
    for index, template in enumerate(sweep.arms):
        with naming_arm(template.name):
            arms += distinct_arms(sweep, task, index, seen)
    return arms


def distinct_arms(
    sweep: SweepSpec, task: TaskCard, index: int, seen: dict[str, str]
) -> Iterator[Arm]:
    """Those of one template; `seen` are the names, by content, of all that came before."""
    template, where = sweep.arms[index], f"arms[{index}]"
    for arm in expand_arm(template, sized_training(sweep.train, task), where):
        if arm.train:
            own = SIZES & set(template.train)
            check_rollout(arm.train, task, f"{where}.train" if own else "train")
        content = arm.model_dump_json(exclude={"name", "template"})
        if arm.name in seen.values():
            raise invalid(f"{where}.name", f"arm {arm.name!r} exists twice; rename one")
        if content in seen:
            same = f"{arm.name!r} is the same as {seen[content]!r}"
            raise invalid(where, f"{same}; remove one, or make it a `replica` of the other")
        seen[content] = arm.name
        yield arm


def check_rollout(train: TrainSettings, task: TaskCard, where: str) -> None:
    """A rollout takes each training prompt once at most."""
    wanted = train.prompts_per_step * train.updates_per_rollout
    if wanted > task.train_problems:
        raise invalid(
            f"{where}.prompts_per_step",
            f"prompts_per_step x updates_per_rollout is {wanted:,} prompts a rollout; "
            f"{task.name} has {task.train_problems:,} for training",
        )


def find_arm(field: str, name: str, arms: Sequence[A]) -> A:
    """The arm of that name, or the only arm of the template of that name.

    Raises Invalid for `field`, with the names there are.
    """
    for arm in arms:
        if arm.name == name:
            return arm
    cells = [arm for arm in arms if arm.template == name]
    if len(cells) == 1:
        return cells[0]
    names = ", ".join(arm.name for arm in (cells or arms)[:20])
    raise invalid(field, f"{name!r} is not one arm of this sweep; choose one of: {names}")


def sized_evaluation(settings: EvalSettings, task: TaskCard) -> EvalSettings:
    available = task.eval_problems if settings.split == "eval" else task.held_out_problems
    if settings.problems > available:
        message = f"the {settings.split} split of {task.name} has {available} problems"
        raise invalid("eval.problems", f"{message}; ask for at most that many")
    tokens = settings.max_completion_tokens or task.completion_tokens
    return settings.model_copy(update={"max_completion_tokens": tokens})


def sized_training(settings: TrainSettings, task: TaskCard) -> TrainSettings:
    tokens = settings.max_completion_tokens or task.completion_tokens
    return settings.model_copy(update={"max_completion_tokens": tokens})
