"""One run in full: what it is, who asked for it, and everything that happened to it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from db.listings import RunRow, fetch, with_first_arm
from db.models import Arm, ArmRun, Attempt, Run, RunEvent, Sweep
from domain.errors import NotFound


@dataclass(frozen=True)
class SweepReference:
    id: int
    name: str
    arm: str


@dataclass(frozen=True)
class RunDetail(RunRow):
    content_hash: str
    spec: dict[str, Any]
    sweeps: list[SweepReference]
    attempts: list[Attempt]
    transitions: list[RunEvent]


@dataclass(frozen=True)
class LogTail:
    attempt: int
    text: str


def find(db: Session, run_id: int) -> RunDetail:
    rows = fetch(db, with_first_arm().where(Run.id == run_id))
    if not rows:
        raise missing(run_id)
    content_hash, spec = db.execute(
        select(Run.content_hash, Run.spec).where(Run.id == run_id)
    ).one()
    return RunDetail(
        **vars(rows[0]),
        content_hash=content_hash,
        spec=spec,
        sweeps=list_sweeps(db, run_id),
        attempts=list_attempts(db, run_id),
        transitions=list_transitions(db, run_id),
    )


def list_sweeps(db: Session, run_id: int) -> list[SweepReference]:
    rows = db.execute(
        select(Sweep.id, Sweep.name, Arm.name)
        .join(Arm, Arm.sweep_id == Sweep.id)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .where(ArmRun.run_id == run_id)
        .order_by(Arm.id)
    )
    return [SweepReference(*row) for row in rows]


def list_attempts(db: Session, run_id: int) -> list[Attempt]:
    attempts = select(Attempt).options(defer(Attempt.log)).where(Attempt.run_id == run_id)
    return list(db.scalars(attempts.order_by(Attempt.number)))


def list_transitions(db: Session, run_id: int) -> list[RunEvent]:
    events = select(RunEvent).where(RunEvent.run_id == run_id).order_by(RunEvent.id)
    return list(db.scalars(events))


def read_log(db: Session, run_id: int) -> LogTail:
    """The log of the latest attempt; attempt 0 when there was none. Raises NotFound."""
    require_run(db, run_id)
    latest = (
        select(Attempt.number, Attempt.log)
        .where(Attempt.run_id == run_id)
        .order_by(Attempt.number.desc())
        .limit(1)
    )
    number, log = db.execute(latest).one_or_none() or (0, "")
    return LogTail(number, log)


def require_run(db: Session, run_id: int) -> None:
    if db.scalar(select(Run.id).where(Run.id == run_id)) is None:
        raise missing(run_id)


def missing(run_id: int) -> NotFound:
    return NotFound(f"there is no run {run_id}")
