"""Giving an idle worker the run that starts next: the one way into *running*.

Claims go one at a time, since each counts what the others have taken: so limits and fair shares are
exact. The row's own lock and the guard on its state keep a claim right against everybody else.
"""

from typing import Any

from pydantic import ValidationError
from sqlalchemy import ScalarSelect, exists, func, update
from sqlalchemy.orm import Session, aliased

from db.attempts import Claim, Outcome, finish
from db.locks import lock_claims
from db.models import Attempt, Run, Worker
from db.offers import fits, is_willing, offers, open_sweeps
from db.runs import log_events
from db.sessions import RELOAD
from domain.errors import from_validation
from domain.lifecycle import LIVE, FailureClass, Retries, RunStatus
from domain.methods import METHODS
from domain.runs import RunSpec


def claim(db: Session, worker: str, device: str) -> Claim | None:
    """Gives an idle worker the next due run that it fits: attempt + 1.

    What earlier attempts wrote stays until the trainer says where it goes on from.
    """
    lock_claims(db)
    run = db.scalars(
        update(Run)
        .where(Run.id == next_for(worker), Run.status == RunStatus.QUEUED)
        .values(**first_values(worker))
        .returning(Run),
        execution_options=RELOAD,
    ).one_or_none()
    if run is None:
        return None
    db.add(Attempt(run_id=run.id, number=run.attempt, worker=worker, device=device))
    edge = (RunStatus.QUEUED, RunStatus.RUNNING)
    log_events(db, {run.id: run.attempt}, edge, f"worker {worker}", "claimed")
    return read_claim(db, run) or claim(db, worker, device)


def next_for(worker: str) -> ScalarSelect[int]:
    """The most urgent sweep's next run, and among equals that of the sweep with the fewest live."""
    sweeps, other = open_sweeps(), aliased(Run)
    busy = exists().where(other.worker == worker, other.status.in_(LIVE))
    return (
        offers(sweeps)
        .join(Worker, Worker.name == worker)
        .where(fits(sweeps), is_willing(), ~busy)
        .order_by(sweeps.c.priority.desc(), sweeps.c.live, Run.priority.desc(), Run.id)
        .limit(1)
        .with_for_update(of=Run, skip_locked=True)
        .scalar_subquery()
    )


def read_claim(db: Session, run: Run) -> Claim | None:
    """None, and the run has failed, when its spec is no longer one: it must not block the queue."""
    try:
        spec = RunSpec.model_validate(run.spec)
    except ValidationError as error:
        message = f"this version cannot read the run: {from_validation(error, tags=METHODS)}"
        refused = Outcome(failure=FailureClass.USER_ERROR, message=message)
        finish(db, run.id, run.attempt, refused, Retries())
        return None
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
