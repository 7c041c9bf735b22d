"""Sweeps as they are read; `db/overviews.py` lists them, `db/submissions.py` makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, RowMapping, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from db.asking import asked
from db.models import Arm, ArmRun, Run, Sweep
from db.offers import still_asks
from db.progress import Progress, read_progress
from domain.errors import Conflict, Invalid, NotFound
from domain.lifecycle import RunStatus, overall
from domain.steering import Resources, SweepStatus, demand, name_status
from domain.sweeps import SweepSpec, parse_sweep


@dataclass(frozen=True)
class Confirms:
    """The sweep, and its arm, that a sweep confirms."""

    sweep_id: int
    name: str
    arm: str


@dataclass(frozen=True)
class Confirmation:
    """A sweep that confirms an arm of another, with the state of its runs in one word."""

    sweep_id: int
    name: str
    arm: str
    status: RunStatus


@dataclass(frozen=True)
class SweepSummary:
    id: int
    name: str
    owner: str
    model: str
    task: str
    created_at: datetime
    arms: int
    seeds: int
    cancelled_at: datetime | None
    paused_at: datetime | None
    drained_at: datetime | None
    archived_at: datetime | None
    priority: int
    max_running: int | None
    resources: Resources
    status: SweepStatus
    confirms: Confirms | None
    progress: Progress


@dataclass(frozen=True)
class SweepArm:
    """`shared` counts the runs that another sweep asked for as well."""

    name: str
    template: str
    method: dict[str, Any]
    train: dict[str, Any] | None
    is_baseline: bool
    shared: int


@dataclass(frozen=True)
class SweepDetail(SweepSummary):
    question: str
    baseline: str
    spec: dict[str, Any]
    arms_list: list[SweepArm]
    confirmations: list[Confirmation]


def summarise(db: Session, sweep_id: int, alive_seconds: float) -> SweepSummary:
    require_sweep(db, sweep_id)
    return read_summaries(db, [sweep_id], alive_seconds)[0]


def find(db: Session, sweep_id: int, alive_seconds: float) -> SweepDetail:
    sweep = require_sweep(db, sweep_id)
    return SweepDetail(
        **vars(summarise(db, sweep_id, alive_seconds)),
        question=sweep.spec.get("question", ""),
        baseline=sweep.baseline,
        spec=sweep.spec,
        arms_list=list_arms(db, sweep),
        confirmations=list_confirmations(db, sweep_id),
    )


def require_sweep(db: Session, sweep_id: int) -> Sweep:
    sweep = db.get(Sweep, sweep_id)
    if sweep is None:
        raise NotFound(f"there is no sweep {sweep_id}")
    return sweep


def read_spec(sweep: Sweep) -> SweepSpec:
    """As it was written. Raises Conflict for one that says what this version does not read."""
    try:
        return parse_sweep(sweep.spec)
    except Invalid as error:
        raise Conflict(
            f"sweep {sweep.id} was written by another version of Forkpoint, most likely a newer "
            f"one, and its {', '.join(one.field for one in error.errors)} cannot be read by this "
            "one; bring this server to the newest version"
        ) from error


def read_summaries(
    db: Session, sweep_ids: Sequence[int], alive_seconds: float
) -> list[SweepSummary]:
    """In the order of the ids, in a constant number of queries."""
    progress = read_progress(db, sweep_ids, alive_seconds)
    arms = select(func.count()).where(Arm.sweep_id == Sweep.id).scalar_subquery()
    search = aliased(Sweep)
    rows = db.execute(
        select(
            Sweep.id,
            Sweep.name,
            Sweep.owner,
            Sweep.spec["model"].astext.label("model"),
            Sweep.spec["task"].astext.label("task"),
            Sweep.created_at,
            arms.label("arms"),
            func.jsonb_array_length(Sweep.spec["seeds"]).label("seeds"),
            Sweep.cancelled_at,
            Sweep.paused_at,
            Sweep.drained_at,
            Sweep.archived_at,
            Sweep.priority,
            Sweep.max_running,
            Sweep.device_kind,
            Sweep.memory_gb,
            Sweep.confirms_id,
            Sweep.confirms_arm,
            search.name.label("confirms_name"),
        )
        .outerjoin(search, search.id == Sweep.confirms_id)
        .where(Sweep.id.in_(sweep_ids))
    )
    found = {row["id"]: as_summary(row, progress[row["id"]]) for row in rows.mappings()}
    return [found[sweep_id] for sweep_id in sweep_ids]


def as_summary(row: RowMapping, progress: Progress) -> SweepSummary:
    columns = dict(row)
    keys = ("confirms_id", "confirms_name", "confirms_arm")
    number, name, arm = (columns.pop(key) for key in keys)
    confirms = None if number is None else Confirms(number, name, arm)
    resources = demand(columns.pop("device_kind"), columns.pop("memory_gb"))
    found = {status for status in RunStatus if getattr(progress, status)}
    status = name_status(found, row["paused_at"] is not None, row["drained_at"] is not None)
    return SweepSummary(
        **columns, status=status, resources=resources, confirms=confirms, progress=progress
    )


def list_confirmations(db: Session, sweep_id: int) -> list[Confirmation]:
    """Those of a sweep's arms, oldest first."""
    rows = db.execute(
        select(Sweep.id, Sweep.name, Sweep.confirms_arm, func.array_agg(Run.status.distinct()))
        .join(Arm, Arm.sweep_id == Sweep.id)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(Sweep.confirms_id == sweep_id)
        .group_by(Sweep.id)
        .order_by(Sweep.id)
    )
    return [
        Confirmation(number, name, str(arm), overall([RunStatus(status) for status in statuses]))
        for number, name, arm, statuses in rows
    ]


def list_arms(db: Session, sweep: Sweep) -> list[SweepArm]:
    rows = db.execute(
        select(Arm, func.count(ArmRun.run_id).filter(asked_elsewhere(sweep.id, ArmRun.run_id)))
        .outerjoin(ArmRun, ArmRun.arm_id == Arm.id)
        .where(Arm.sweep_id == sweep.id)
        .group_by(Arm.id)
        .order_by(Arm.position)
    )
    return [as_arm(row, sweep.baseline) for row in rows]


def asked_elsewhere(
    sweep_id: int, run_id: ColumnElement[int] | InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Whether another sweep still asks for a run as well."""
    sweep, run, wish = aliased(Sweep), aliased(Run), asked()
    return (
        select(sweep.id)
        .join(wish, wish.c.sweep_id == sweep.id)
        .join(run, run.id == wish.c.run_id)
        .where(wish.c.run_id == run_id, sweep.id != sweep_id, still_asks(sweep, run))
        .exists()
    )


def as_arm(row: Row[Arm, int], baseline: str) -> SweepArm:
    arm, shared = row
    return SweepArm(arm.name, arm.template, arm.method, arm.train, arm.name == baseline, shared)
