"""What a run's attempts so far say about its latest failure: is it tried again, at what cost."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from db.models import Attempt, Metric, RunEvent
from domain.lifecycle import REPEATABLE, RETRYABLE, FailureClass, RunStatus

SHOWN_LINES = 20
FAILED = tuple(FailureClass)


@dataclass(frozen=True)
class Weight:
    """`cost` is what a further attempt takes of the restarts; `told` names all that failed."""

    retried: bool
    cost: int
    told: str


def weigh(db: Session, run_id: int, failure: FailureClass) -> Weight:
    """Of the failure that an attempt has just ended in.

    Memory that was enough before was taken by something else. A full disk is the host's: the run
    pays for it only once it has filled another worker's too.
    """
    retried = failure in RETRYABLE
    if failure is FailureClass.OUT_OF_MEMORY:
        retried = has_trained(db, run_id)
    free = failure is FailureClass.DISK and not on_several_workers(db, run_id, failure)
    return Weight(retried, 0 if free else 1, tell(db, run_id))


def has_trained(db: Session, run_id: int) -> bool:
    return bool(db.scalar(select(exists().where(Metric.run_id == run_id, Metric.step > 0))))


def on_several_workers(db: Session, run_id: int, failure: FailureClass) -> bool:
    hosts = select(func.count(func.distinct(Attempt.worker)))
    alike = hosts.where(Attempt.run_id == run_id, Attempt.outcome == failure)
    return (db.scalar(alike) or 0) > 1


def tell(db: Session, run_id: int) -> str:
    """The failed attempts since the run was last retried by hand: `1 crashed, 2 killed`."""
    retried = select(func.coalesce(func.max(RunEvent.attempt), 0)).where(
        RunEvent.run_id == run_id,
        RunEvent.old.in_(REPEATABLE),
        RunEvent.new == RunStatus.QUEUED,
    )
    failed = (
        select(Attempt.number, Attempt.outcome)
        .where(Attempt.run_id == run_id, Attempt.outcome.in_(FAILED))
        .where(Attempt.number > retried.scalar_subquery())
        .order_by(Attempt.number)
    )
    return ", ".join(f"{number} {outcome}" for number, outcome in db.execute(failed))


def read_last_lines(db: Session, run_id: int, failure: str) -> str:
    """The end of the log of the latest attempt that failed so; empty where it left none."""
    log = db.scalar(
        select(Attempt.log)
        .where(Attempt.run_id == run_id, Attempt.outcome == failure)
        .order_by(Attempt.number.desc())
        .limit(1)
    )
    return "\n".join((log or "").rstrip().splitlines()[-SHOWN_LINES:])
