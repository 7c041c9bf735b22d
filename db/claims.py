"""Giving an idle worker the run that starts next: the one way into *running*.

Claims go one at a time, since each counts what the others have taken: so limits and fair shares are
exact. The row's own lock and the guard on its state keep a claim right against everybody else.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Select, exists, func, update
from sqlalchemy.orm import Session, aliased

from db.attempts import Claim
from db.locks import lock_claims
from db.models import Attempt, Run, Worker
from db.offers import fits, is_willing, offers, open_sweeps
from db.runs import log_events
from db.sessions import RELOAD
from domain.errors import from_validation
from domain.lifecycle import LIVE, RunStatus
from domain.methods import METHODS
from domain.runs import RunSpec

LOOKS = (1, *[100] * 10)  # runs looked at, one look after another, for one that can be read
UNREAD_WAIT = timedelta(seconds=30)
UNREAD = "the worker that was free is of another version and does not know the run's {}; upgrade it"


def claim(db: Session, worker: str, device: str) -> Claim | None:
    """Gives an idle worker the next due run that it fits and can read: attempt + 1.

    What earlier attempts wrote stays until the trainer says where it goes on from.
    """
    lock_claims(db)
    found = find_readable(db, worker)
    return found and start(db, *found, worker, device)


def find_readable(db: Session, worker: str) -> tuple[int, RunSpec] | None:
    """A run that this version cannot read, being older, is left to others and must not block it."""
    for most in LOOKS:
        rows = db.execute(next_for(worker, most)).all()
        specs = {run_id: read(spec) for run_id, spec in rows}
        put_off(db, {run_id: spec for run_id, spec in specs.items() if isinstance(spec, str)})
        readable = ((key, spec) for key, spec in specs.items() if isinstance(spec, RunSpec))
        if (found := next(readable, None)) or len(rows) < most:
            return found
    return None


def next_for(worker: str, most: int) -> Select[int, dict[str, Any]]:
    """The most urgent sweep's next run, and among equals that of the sweep with the fewest live.

    Or the `most` next, each locked, with their specs; once for each sweep that lets it start.
    """
    sweeps, other = open_sweeps(), aliased(Run)
    busy = exists().where(other.worker == worker, other.status.in_(LIVE))
    return (
        offers(sweeps)
        .add_columns(Run.spec)
        .join(Worker, Worker.name == worker)
        .where(fits(sweeps), is_willing(), ~busy)
        .order_by(sweeps.c.priority.desc(), sweeps.c.live, Run.priority.desc(), Run.id)
        .limit(most)
        .with_for_update(of=Run, skip_locked=True)
    )


def read(spec: dict[str, Any]) -> RunSpec | str:
    """Or the fields that cannot be read."""
    try:
        return RunSpec.model_validate(spec)
    except ValidationError as error:
        return ", ".join(one.field for one in from_validation(error, tags=METHODS).errors)


def put_off(db: Session, unread: Mapping[int, str]) -> None:
    """Lets the workers of another version come first, and says why the runs wait."""
    for fields in sorted(set(unread.values())):
        alike = [run_id for run_id, strange in unread.items() if strange == fields]
        db.execute(
            update(Run)
            .where(Run.id.in_(alike), Run.status == RunStatus.QUEUED)
            .values(due_at=func.now() + UNREAD_WAIT, failure=None, error=UNREAD.format(fields)),
            execution_options=RELOAD,
        )


def start(db: Session, run_id: int, spec: RunSpec, worker: str, device: str) -> Claim | None:
    """None when the run is not queued any more."""
    run = db.scalars(
        update(Run)
        .where(Run.id == run_id, Run.status == RunStatus.QUEUED)
        .values(**first_values(worker))
        .returning(Run),
        execution_options=RELOAD,
    ).one_or_none()
    if run is None:
        return None
    db.add(Attempt(run_id=run.id, number=run.attempt, worker=worker, device=device))
    edge = (RunStatus.QUEUED, RunStatus.RUNNING)
    log_events(db, {run.id: run.attempt}, edge, f"worker {worker}", "claimed")
    return Claim(run.id, run.attempt, spec, run.checkpoint_step, run.lineage)


def first_values(worker: str) -> dict[str, Any]:
    return {
        "status": RunStatus.RUNNING,
        "attempt": Run.attempt + 1,
        "worker": worker,
        "step": Run.checkpoint_step,
        "phase": "starting",
        "heartbeat_seq": Run.heartbeat_seq + 1,
        "heartbeat_at": func.now(),
        "started_at": func.now(),
        "finished_at": None,
        "failure": None,
        "error": None,
    }
