"""A worker on which run after run fails parks itself: it takes no more until somebody resumes it.

So a broken host costs a few attempts and not the sweep.
"""

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from db import notices
from db.models import Attempt, Worker
from domain.failures import End, streak
from domain.lifecycle import FailureClass, RunStatus

LATEST = 50
NO_SIGN = ("drained", RunStatus.CANCELLED, FailureClass.LOST)
"""Ends that say neither good nor bad of the machine."""


def park_failing(db: Session, worker: str, most: int) -> str | None:
    """Parks the worker once `most` of its ends in a row speak against it; answers why, if so."""
    row = db.get(Worker, worker, with_for_update=True, populate_existing=True)
    if row is None or row.parked_at is not None:
        return None
    bad = streak(list_ends(db, row))
    if len(bad) < most:
        return None
    said = ", ".join(f"run {end.run_id} {end.outcome}" for end in reversed(bad[:most]))
    reason = f"{most} failures in a row that look like this worker's own: {said}"
    row.parked_at, row.parked_reason = func.clock_timestamp(), reason
    db.flush()
    notices.tell_of_parked(db, row)
    return reason


def list_ends(db: Session, worker: Worker) -> list[End]:
    """The latest first, since it was resumed."""
    own = [
        Attempt.worker == worker.name,
        Attempt.ended_at.is_not(None),
        Attempt.outcome.not_in(NO_SIGN),
    ]
    if worker.resumed_at is not None:
        own.append(Attempt.ended_at > worker.resumed_at)
    ends = select(Attempt.run_id, Attempt.outcome, failed_elsewhere()).where(*own)
    rows = db.execute(ends.order_by(Attempt.ended_at.desc()).limit(LATEST))
    return [End(run_id, str(outcome), elsewhere) for run_id, outcome, elsewhere in rows]


def failed_elsewhere() -> ColumnElement[bool]:
    """Whether the attempt's run ended in the same way on another worker."""
    other = aliased(Attempt)
    return exists().where(
        other.run_id == Attempt.run_id,
        other.outcome == Attempt.outcome,
        other.worker != Attempt.worker,
    )
