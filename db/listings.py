"""Runs as lists show them, each with an arm it answers for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from db.asking import UNTRAINED
from db.models import Arm, ArmRun, Run
from db.probes import Analysis
from domain.lifecycle import RunStatus

Rows = Select[*tuple[Any, ...]]
LISTED_ERROR = 500  # characters; the whole of it is on the run's own page
COLUMNS = (
    Run.id,
    Run.seed,
    Run.status,
    Run.attempt,
    Run.restarts,
    Run.step,
    Run.total_steps,
    Run.phase,
    Run.failure,
    Run.worker,
    Run.created_at,
    Run.started_at,
    Run.finished_at,
)


@dataclass(frozen=True)
class RunRow:
    """A run and one of its arms: that of the sweep asked about, else its first.

    Of an analysis it is the arm that is looked at, after `analysed_step`.
    """

    id: int
    sweep_id: int
    arm: str
    analysed_step: int | None
    seed: int
    status: str
    attempt: int
    restarts: int
    step: int
    total_steps: int
    phase: str
    failure: str | None
    error: str | None
    worker: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class RunPage:
    runs: list[RunRow]
    total: int


def list_runs(
    db: Session, status: RunStatus | None, sweep_id: int | None, limit: int, offset: int
) -> RunPage:
    """Runs, newest first."""
    rows = with_first_arm() if sweep_id is None else in_sweep(sweep_id)
    wanted = [Run.status == status] if status else []
    listed = asked_for() if sweep_id is None else of_arms(sweep_id)
    total = db.scalar(select(func.count()).select_from(Run).where(listed, *wanted)) or 0
    page = rows.where(*wanted).order_by(Run.id.desc()).limit(limit).offset(offset)
    return RunPage(fetch(db, page), total)


def sweep_runs(db: Session, sweep_id: int) -> list[RunRow]:
    """Every run of a sweep, arm by arm in the sweep's order, then by seed."""
    return fetch(db, in_sweep(sweep_id).order_by(Arm.position, Run.seed))


def in_sweep(sweep_id: int) -> Rows:
    return (
        select(*COLUMNS, listed_error(), *of_arm())
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, and_(Arm.id == ArmRun.arm_id, Arm.sweep_id == sweep_id))
    )


def listed_error() -> ColumnElement[str | None]:
    """The beginning: ten thousand runs may have failed alike."""
    return func.left(Run.error, LISTED_ERROR).label("error")


def with_first_arm() -> Rows:
    arm = (
        select(*of_arm(), Arm.id.label("first"))
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .where(ArmRun.run_id == Run.id)
    )
    name = (
        select(Arm.name)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .where(ArmRun.run_id == Analysis.subject_id, Arm.sweep_id == Analysis.sweep_id)
        .limit(1)
        .scalar_subquery()
    )
    looked_at = select(
        func.coalesce(name, UNTRAINED), Analysis.sweep_id, Analysis.step, literal(0)
    ).where(Analysis.run_id == Run.id)
    either = union_all(arm, looked_at).order_by("first", "sweep_id").limit(1).lateral()
    columns = (either.c.arm, either.c.sweep_id, either.c.analysed_step)
    return select(*COLUMNS, listed_error(), *columns).join(either, true())


def of_arm() -> tuple[ColumnElement[Any], ...]:
    """What a row of a list says of an Arm row that is no analysis."""
    nothing = null().cast(Integer).label("analysed_step")
    return Arm.name.label("arm"), Arm.sweep_id.label("sweep_id"), nothing


def asked_for() -> ColumnElement[bool]:
    return or_(exists().where(ArmRun.run_id == Run.id), exists().where(Analysis.run_id == Run.id))


def of_arms(sweep_id: int) -> ColumnElement[bool]:
    return exists().where(
        ArmRun.run_id == Run.id, ArmRun.arm_id == Arm.id, Arm.sweep_id == sweep_id
    )


def fetch(db: Session, rows: Rows) -> list[RunRow]:
    return [RunRow(**row) for row in db.execute(rows).mappings()]
