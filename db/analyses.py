"""Asking for behaviour analyses of a sweep's runs, and how far those are that were asked for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db import actions, runs
from db.asking import UNTRAINED
from db.histories import missing
from db.listings import listed_error
from db.locks import lock_steering
from db.measurements import measure_analyses
from db.models import Arm, ArmRun, Run
from db.probes import Analysis, KeptWeights
from db.steering import hold, require_open
from db.sweeps import require_sweep
from domain.catalogue import Finder
from domain.errors import Conflict
from domain.estimates import estimate_analyses
from domain.inquiries import (
    PlannedAnalysis,
    RunInquiry,
    Subject,
    SweepInquiry,
    choose_subjects,
    plan_analyses,
    settle_inquiry,
)
from domain.lifecycle import RunStatus
from domain.probes import bill
from domain.runs import RunSpec, content_hash


@dataclass(frozen=True)
class AnalysisPreview:
    """What asking would do: `new` analyses would be queued, the others are there or on their way.

    The tokens are the most that the new ones draw, one after another, and read, many at once;
    `device_seconds` is None when nothing comparable was measured.
    """

    analyses: int
    new: int
    lexicon: str
    problems: int
    traces: int
    drawn_tokens: int
    scored_tokens: int
    device_seconds: float | None
    estimate_basis: str


@dataclass(frozen=True)
class AskedAnalysis:
    """An analysis a sweep asks for. `subject_id` and `seed` are None for the untrained model."""

    run_id: int
    subject_id: int | None
    arm: str
    seed: int | None
    step: int
    status: str
    phase: str
    failure: str | None
    error: str | None
    lexicon: str
    requested_by: str
    requested_at: datetime


@dataclass(frozen=True)
class Kept:
    """A run and the steps whose weights can be looked at."""

    run_id: int
    arm: str
    template: str
    seed: int
    total_steps: int
    steps: tuple[int, ...]


@dataclass(frozen=True)
class AnalysisList:
    analyses: list[AskedAnalysis]
    subjects: list[Kept]


@dataclass(frozen=True)
class AskedList(AnalysisList):
    """`asked` are the runs of those that were asked for just now, whether they existed or not."""

    asked: list[int]


def preview(db: Session, sweep_id: int, inquiry: SweepInquiry, find: Finder) -> AnalysisPreview:
    """Raises NotFound, Invalid, and Conflict where there is nothing to look at."""
    return describe_plan(db, plan(db, sweep_id, inquiry, find))


def ask(db: Session, sweep_id: int, inquiry: SweepInquiry, actor: str, find: Finder) -> AskedList:
    """Queues those that are not there yet, for the sweep. Raises as `preview` does."""
    planned = plan(db, sweep_id, inquiry, find)
    hold(db, sweep_id)  # only now: planning takes long, and everybody who steers waits for this
    asked = queue(db, sweep_id, planned, actor)
    return AskedList(**vars(list_analyses(db, sweep_id)), asked=asked)


def ask_of_run(
    db: Session, run_id: int, inquiry: RunInquiry, actor: str, find: Finder
) -> AskedList:
    """As `ask`, of one run and for the first sweep that has it; answers that run's alone."""
    sweep_id = find_home(db, run_id)
    planned = make_plan(inquiry, read_subjects(db, read_steps(db, sweep_id, run_id)), find)
    lock_steering(db)
    asked = queue(db, sweep_id, planned, actor)
    return AskedList(**vars(list_of_run(db, run_id)), asked=asked)


def plan(db: Session, sweep_id: int, inquiry: SweepInquiry, find: Finder) -> list[PlannedAnalysis]:
    require_open(db, sweep_id)
    chosen = choose_subjects(inquiry, read_steps(db, sweep_id))
    return make_plan(inquiry, read_subjects(db, chosen), find)


def make_plan(
    inquiry: RunInquiry, subjects: Sequence[Subject], find: Finder
) -> list[PlannedAnalysis]:
    spec = subjects[0].spec
    task = find(spec.model, spec.task, spec.task_settings).task
    return plan_analyses(inquiry, settle_inquiry(inquiry, task), subjects)


def queue(db: Session, sweep_id: int, planned: Sequence[PlannedAnalysis], actor: str) -> list[int]:
    """Their runs. A sweep that was drained or cancelled wants to run them all the same."""
    reason = f"asked for by sweep {sweep_id}"
    run_ids = runs.submit(db, [one.spec for one in planned], actor, reason)
    rows = [
        {
            "sweep_id": sweep_id,
            "run_id": run_id,
            "subject_id": one.subject_id,
            "step": one.step,
            "requested_by": actor,
        }
        for one, run_id in zip(planned, run_ids, strict=True)
    ]
    db.execute(insert(Analysis).on_conflict_do_nothing(), rows)
    runs.ask_all_again(db, run_ids)
    actions.record(db, actor, "analyse", "sweep", sweep_id, f"{len(planned)} analyses")
    return run_ids


def describe_plan(db: Session, planned: Sequence[PlannedAnalysis]) -> AnalysisPreview:
    hashes = {content_hash(one.spec): one.spec for one in planned}
    repeated = (RunStatus.FAILED, RunStatus.CANCELLED)
    there = select(Run.content_hash).where(
        Run.content_hash.in_(hashes), Run.status.not_in(repeated)
    )
    known = set(db.scalars(there))
    unknown = [spec.analysis for key, spec in hashes.items() if key not in known]
    bills = [bill(settings) for settings in unknown if settings]
    first = planned[0].spec
    settings = first.analysis
    time = estimate_analyses(bills, measure_analyses(db, first.model, first.task))
    return AnalysisPreview(
        analyses=len(hashes),
        new=len(bills),
        lexicon=settings.lexicon.name if settings else "",
        problems=settings.probe.problems if settings else 0,
        traces=settings.probe.traces if settings else 0,
        drawn_tokens=sum(one.drawn_tokens for one in bills),
        scored_tokens=sum(one.scored_tokens for one in bills),
        device_seconds=time.seconds,
        estimate_basis=time.basis,
    )


def list_analyses(db: Session, sweep_id: int, run_id: int | None = None) -> AnalysisList:
    """Those of a sweep, in the order of its arms, seeds and steps. Raises NotFound.

    Or those of one run of it, and of the untrained model it began from.
    """
    require_sweep(db, sweep_id)
    kept = [one for one in read_steps(db, sweep_id, run_id) if one.total_steps]
    subject = Analysis.subject_id
    which = (or_(subject == run_id, subject.is_(None)),) if run_id else ()
    names = {one.run_id: (place, one) for place, one in enumerate(kept)}
    rows = db.execute(
        select(
            Analysis,
            Run.status,
            Run.phase,
            Run.failure,
            listed_error(),
            Run.spec[("analysis", "lexicon", "name")].astext,
        )
        .join(Run, Run.id == Analysis.run_id)
        .where(Analysis.sweep_id == sweep_id, *which)
    ).all()
    found = [as_asked(row[0], names, tuple(row)[1:]) for row in rows]
    places = {run_id: place for run_id, (place, _) in names.items()}
    found.sort(key=lambda one: (places.get(one.subject_id or 0, -1), one.step))
    return AnalysisList(found, kept)


def as_asked(
    row: Analysis, names: dict[int, tuple[int, Kept]], rest: tuple[str, ...]
) -> AskedAnalysis:
    subject = names[row.subject_id][1] if row.subject_id in names else None
    status, phase, failure, error, lexicon = rest
    return AskedAnalysis(
        run_id=row.run_id,
        subject_id=row.subject_id,
        arm=subject.arm if subject else UNTRAINED,
        seed=subject.seed if subject else None,
        step=row.step,
        status=status,
        phase=phase,
        failure=failure,
        error=error,
        lexicon=lexicon,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
    )


def list_of_run(db: Session, run_id: int) -> AnalysisList:
    """Those of one run, and of the untrained model it began from. Raises NotFound."""
    return list_analyses(db, find_home(db, run_id), run_id)


def find_home(db: Session, run_id: int) -> int:
    """The first sweep of a run. Raises NotFound and Conflict."""
    sweep_id = db.scalar(
        select(func.min(Arm.sweep_id))
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .where(ArmRun.run_id == run_id)
    )
    if sweep_id is None:
        if db.get(Run, run_id) is None:
            raise missing(run_id)
        raise Conflict(f"run {run_id} is an analysis itself; ask for those of the run it looks at")
    return sweep_id


def read_subjects(db: Session, rows: Sequence[Kept]) -> list[Subject]:
    """The same with their specs."""
    chosen = select(Run.id, Run.spec).where(Run.id.in_([row.run_id for row in rows]))
    specs: dict[int, dict[str, Any]] = dict(db.execute(chosen).all())
    return [
        Subject(
            run_id=row.run_id,
            arm=row.arm,
            template=row.template,
            seed=row.seed,
            spec=RunSpec.model_validate(specs[row.run_id]),
            steps=row.steps,
        )
        for row in rows
    ]


def read_steps(db: Session, sweep_id: int, run_id: int | None = None) -> list[Kept]:
    """The runs of a sweep, or one of them, arm by arm, with the steps that can be looked at.

    Without specs, which are large: a sweep may have ten thousand runs.
    """
    which = (ArmRun.run_id == run_id,) if run_id else ()
    rows = db.execute(
        select(Arm.name, Arm.template, Run.id, Run.seed, Run.status, Run.total_steps)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(Arm.sweep_id == sweep_id, *which)
        .order_by(Arm.position, Run.seed)
    ).all()
    kept: defaultdict[int, set[int]] = defaultdict(set)
    weights = (
        select(KeptWeights.run_id, KeptWeights.step)
        .join(ArmRun, ArmRun.run_id == KeptWeights.run_id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep_id, *which)
    )
    for subject_id, step in db.execute(weights):
        kept[subject_id].add(step)
    for row in rows:
        if row.status == RunStatus.SUCCEEDED and row.total_steps:
            kept[row.id].add(row.total_steps)
    return [
        Kept(row.id, row.name, row.template, row.seed, row.total_steps, tuple(sorted(kept[row.id])))
        for row in rows
    ]
