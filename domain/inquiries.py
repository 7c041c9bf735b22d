"""Which analyses somebody asks for: of which runs of a sweep, after which of their steps."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import AfterValidator, Field

from domain.analyses import AnalysisSettings, CollapseSettings, ProbeSettings, RareSettings
from domain.catalogue import TaskCard
from domain.errors import Conflict, invalid
from domain.lexicons import Lexicon, find_lexicon
from domain.probes import settle_analysis
from domain.runs import RunSpec, Seed, analysis_of
from domain.schemas import Strict
from domain.sweeps import distinct_seeds

MOST_ANALYSES = 1_000
Step = Annotated[int, Field(ge=0, le=1_000_000)]
ArmName = Annotated[str, Field(min_length=1, max_length=400)]


class RunInquiry(Strict):
    """What to look at in runs, and after which `steps`: the last one, all whose weights are there,
    or those that are listed; 0 is the untrained model, which is looked at as well if `untrained`.

    The lexicon is one that ships, by name, or one written out; by default it is the task's.
    """

    steps: Literal["last", "all"] | Annotated[list[Step], Field(min_length=1, max_length=1000)] = (
        "last"
    )
    untrained: bool = True
    lexicon: Lexicon | Annotated[str, Field(min_length=1, max_length=80)] | None = None
    probe: ProbeSettings = ProbeSettings()
    rare: RareSettings | None = RareSettings()
    collapse: CollapseSettings | None = CollapseSettings()
    shown: Annotated[int, Field(ge=0, le=512)] = 16


class SweepInquiry(RunInquiry):
    """As of runs: those of the named arms and seeds, or all. A template names all its arms."""

    arms: Annotated[list[ArmName], Field(max_length=1000)] = Field(default_factory=list)
    seeds: Annotated[list[Seed], Field(max_length=1000), AfterValidator(distinct_seeds)] = Field(
        default_factory=list
    )


class Cell(Protocol):
    """A run of a sweep; one of no steps is of the untrained model."""

    @property
    def arm(self) -> str: ...
    @property
    def template(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def total_steps(self) -> int: ...


C = TypeVar("C", bound=Cell)


@dataclass(frozen=True)
class Subject:
    """A run that could be looked at: `steps` are those whose weights are kept."""

    run_id: int
    arm: str
    template: str
    seed: int
    spec: RunSpec
    steps: tuple[int, ...]


@dataclass(frozen=True)
class PlannedAnalysis:
    """`subject_id` is None for the untrained model."""

    subject_id: int | None
    step: int
    spec: RunSpec


def settle_inquiry(inquiry: RunInquiry, task: TaskCard) -> AnalysisSettings:
    """What to look at, at any step. Raises Invalid naming the field."""
    settings = AnalysisSettings(
        lexicon=find_lexicon(inquiry.lexicon, task.name),
        probe=inquiry.probe,
        rare=inquiry.rare,
        collapse=inquiry.collapse,
        shown=inquiry.shown,
    )
    return settle_analysis(settings, task)


def choose_subjects(inquiry: SweepInquiry, subjects: Sequence[C]) -> list[C]:
    """Raises Invalid for an arm or a seed that the sweep does not have."""
    names = {name for one in subjects for name in (one.arm, one.template)}
    refuse_unknown("arms", inquiry.arms, names)
    refuse_unknown("seeds", inquiry.seeds, {one.seed for one in subjects})
    return [
        one
        for one in subjects
        if (not inquiry.arms or {one.arm, one.template} & set(inquiry.arms))
        and (not inquiry.seeds or one.seed in inquiry.seeds or not one.total_steps)
    ]


def refuse_unknown(
    field: str, wanted: Sequence[str] | Sequence[int], known: Collection[str] | Collection[int]
) -> None:
    for place, name in enumerate(wanted):
        if name not in known:
            there = ", ".join(map(str, sorted(known)))
            raise invalid(f"{field}[{place}]", f"{name!r} is none of the sweep's; it has: {there}")


def plan_analyses(
    inquiry: RunInquiry, settings: AnalysisSettings, subjects: Sequence[Subject]
) -> list[PlannedAnalysis]:
    """The untrained model first, then run by run and step by step.

    Raises Invalid for a step whose weights are not there, Conflict where there is nothing to do.
    """
    trained = [one for one in subjects if one.spec.train]
    asked = 0 in inquiry.steps if isinstance(inquiry.steps, list) else False
    planned: list[PlannedAnalysis] = []
    if subjects and (inquiry.untrained or asked or not trained):
        first = subjects[0].spec
        planned.append(PlannedAnalysis(None, 0, analysis_of(first, at(settings, 0))))
    for one in trained:
        planned += [
            PlannedAnalysis(one.run_id, step, analysis_of(one.spec, at(settings, step)))
            for step in chosen_steps(inquiry, one)
        ]
    if trained and all(one.subject_id is None for one in planned) and inquiry.steps != [0]:
        raise Conflict(
            "no run that was asked for has weights to look at yet: wait until one has succeeded, "
            "or ask for steps: [0], the untrained model"
        )
    if len(planned) > MOST_ANALYSES:
        raise invalid(
            "steps", f"that makes {len(planned):,} analyses; at most {MOST_ANALYSES:,} at once"
        )
    return planned


def chosen_steps(inquiry: RunInquiry, subject: Subject) -> Iterator[int]:
    """Above 0. Raises Invalid."""
    total = subject.spec.total_steps
    if inquiry.steps == "all":
        yield from subject.steps
    elif inquiry.steps == "last":
        yield from (step for step in subject.steps if step == total)
    else:
        for place, step in enumerate(inquiry.steps):
            if step and step not in subject.steps:
                raise invalid(f"steps[{place}]", explain_missing(subject, int(step)))
            if step:
                yield int(step)


def explain_missing(subject: Subject, step: int) -> str:
    there = ", ".join(map(str, subject.steps)) or "none yet"
    return (
        f"run {subject.run_id} ({subject.arm}, seed {subject.seed}) has no weights of step {step}; "
        f"it has: {there}. train.keep_every keeps those of further steps"
    )


def at(settings: AnalysisSettings, step: int) -> AnalysisSettings:
    return settings.model_copy(update={"step": step})
