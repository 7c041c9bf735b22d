"""One run in full: what it is, who asked for it, and everything that happened to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from db.asking import named
from db.failures import read_last_lines
from db.listings import RunRow, fetch, with_first_arm
from db.models import Attempt, Run, RunEvent, Sweep
from domain.errors import NotFound
from domain.failures import Advice, advise
from domain.lifecycle import FailureClass
from domain.records import Record, write_command


@dataclass(frozen=True)
class SweepReference:
    id: int
    name: str
    arm: str


@dataclass(frozen=True)
class AttemptRow:
    """One execution; `recorded` says whether it left what it takes to repeat it."""

    number: int
    worker: str
    device: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    exit_code: int | None
    reason: str | None
    versions: dict[str, str] | None
    recorded: bool


@dataclass(frozen=True)
class RunDetail(RunRow):
    """`last_lines` are of the log of the attempt that `failure` is of.

    A retry goes on from `checkpoint_step`; 0 when there is no checkpoint.
    """

    failure_advice: Advice | None
    last_lines: str
    content_hash: str
    spec: dict[str, Any]
    checkpoint_step: int
    sweeps: list[SweepReference]
    attempts: list[AttemptRow]
    transitions: list[RunEvent]


@dataclass(frozen=True)
class AttemptRecord:
    """`command` repeats the run as that attempt found it."""

    run_id: int
    attempt: int
    command: str
    record: Record


@dataclass(frozen=True)
class LogTail:
    attempt: int
    text: str


def find(db: Session, run_id: int) -> RunDetail:
    rows = fetch(db, with_first_arm().where(Run.id == run_id))
    if not rows:
        raise missing(run_id)
    columns = (Run.error, Run.content_hash, Run.spec, Run.checkpoint_step)
    own = db.execute(select(*columns).where(Run.id == run_id)).one()
    failure = rows[0].failure
    return RunDetail(
        **vars(replace(rows[0], error=own.error)),
        failure_advice=advise(FailureClass(failure)) if failure else None,
        last_lines=read_last_lines(db, run_id, failure) if failure else "",
        content_hash=own.content_hash,
        spec=own.spec,
        checkpoint_step=own.checkpoint_step,
        sweeps=list_sweeps(db, run_id),
        attempts=list_attempts(db, run_id),
        transitions=list_transitions(db, run_id),
    )


def list_sweeps(db: Session, run_id: int) -> list[SweepReference]:
    wish = named(Run.id == run_id)
    rows = db.execute(
        select(Sweep.id, Sweep.name, wish.c.arm)
        .join(wish, wish.c.sweep_id == Sweep.id)
        .order_by(wish.c.first, Sweep.id)
    )
    return [SweepReference(*row) for row in rows]


def list_attempts(db: Session, run_id: int) -> list[AttemptRow]:
    rows = db.execute(
        select(
            Attempt.number,
            Attempt.worker,
            Attempt.device,
            Attempt.started_at,
            Attempt.ended_at,
            Attempt.outcome,
            Attempt.exit_code,
            Attempt.reason,
            Attempt.versions,
            Attempt.record.is_not(None).label("recorded"),
        )
        .where(Attempt.run_id == run_id)
        .order_by(Attempt.number)
    )
    return [AttemptRow(**row) for row in rows.mappings()]


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


def read_record(db: Session, run_id: int, number: int) -> AttemptRecord:
    """Raises NotFound, also for an attempt of a version that kept none, or that never began."""
    require_run(db, run_id)
    attempt = db.get(Attempt, (run_id, number), options=[defer(Attempt.log)])
    if attempt is None:
        raise NotFound(f"run {run_id} has no attempt {number}")
    if attempt.record is None:
        raise NotFound(f"attempt {number} of run {run_id} left no record of how to repeat it")
    record = Record.model_validate(attempt.record)
    return AttemptRecord(run_id, number, write_command(run_id, record), record)


def require_run(db: Session, run_id: int) -> None:
    if db.scalar(select(Run.id).where(Run.id == run_id)) is None:
        raise missing(run_id)


def missing(run_id: int) -> NotFound:
    return NotFound(f"there is no run {run_id}")
