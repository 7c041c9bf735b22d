"""What a worker does with a run that it has claimed: prove that it lives, end it.

The attempt number is the fencing token; whoever holds an old one gets Fenced and stops its trainer.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from db import failures
from db.failures import Weight
from db.models import Attempt, Run
from db.runs import find, move
from db.sessions import RELOAD
from domain.errors import Fenced
from domain.lifecycle import LIVE, FailureClass, Retries, RunStatus
from domain.runs import RunSpec

Pulse = tuple[int, int]
"""The attempt and the number of its last heartbeat."""


@dataclass(frozen=True)
class Claim:
    """A run that is this worker's until somebody raises the attempt.

    What is recorded of it up to the checkpoint of `checkpoint_step` need not be trained again, by
    whoever has that checkpoint or one of the same `lineage`.
    """

    run_id: int
    attempt: int
    spec: RunSpec
    checkpoint_step: int
    lineage: str | None


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: drained, failed with a class, or (neither) succeeded."""

    exit_code: int | None = None
    failure: FailureClass | None = None
    message: str = ""
    drained: bool = False


def owned(run_id: int, attempt: int) -> list[ColumnElement[bool]]:
    return [Run.id == run_id, Run.attempt == attempt, Run.status.in_(LIVE)]


def beat(db: Session, run_id: int, attempt: int, step: int, phase: str) -> RunStatus:
    """Says that this attempt lives; answers the run's state, so that a cancel is heard.

    Raises Fenced when the run is no longer this attempt's.
    """
    status = db.scalar(
        update(Run)
        .where(*owned(run_id, attempt))
        .values(
            heartbeat_seq=Run.heartbeat_seq + 1,
            heartbeat_at=func.now(),
            step=step,
            phase=phase,
        )
        .returning(Run.status),
        execution_options=RELOAD,
    )
    return refuse_fenced(status, run_id, attempt)


def hold(db: Session, run_id: int, attempt: int) -> RunStatus:
    """Keeps the run this attempt's until the transaction ends. Raises Fenced like `beat`."""
    statement = select(Run.status).where(*owned(run_id, attempt)).with_for_update(read=True)
    return refuse_fenced(db.scalar(statement), run_id, attempt)


def refuse_fenced(status: str | None, run_id: int, attempt: int) -> RunStatus:
    if status is None:
        raise Fenced(f"attempt {attempt} no longer owns run {run_id}")
    return RunStatus(status)


def finish(db: Session, run_id: int, attempt: int, outcome: Outcome, retries: Retries) -> RunStatus:
    """Ends an attempt; under an accepted cancel it is a cancelled one, however it went.

    Saying it again changes nothing and answers the run's state. Raises Fenced when the run was
    taken away before.
    """
    locked = select(Run.status).where(*owned(run_id, attempt)).with_for_update()
    status = db.scalar(locked)
    if status is None:
        return answer_replay(db, run_id, attempt, outcome)
    said = str(RunStatus.CANCELLED) if status == RunStatus.CANCELLING else name(outcome)
    end_attempt(db, run_id, attempt, outcome, said)
    return leave(db, find(db, run_id), outcome, retries, f"attempt {attempt}")


def answer_replay(db: Session, run_id: int, attempt: int, outcome: Outcome) -> RunStatus:
    row = db.get(Attempt, (run_id, attempt), populate_existing=True)
    if row is None or row.outcome not in (name(outcome), RunStatus.CANCELLED):
        raise Fenced(f"attempt {attempt} no longer owns run {run_id}")
    return RunStatus(find(db, run_id).status)


def read_pulses(db: Session) -> dict[int, Pulse]:
    """The pulse of every live run."""
    live = select(Run.id, Run.attempt, Run.heartbeat_seq).where(Run.status.in_(LIVE))
    return {run_id: (attempt, seq) for run_id, attempt, seq in db.execute(live)}


def lose(
    db: Session, run_id: int, attempt: int, heartbeat_seq: int, reason: str, retries: Retries
) -> bool:
    """Takes a silent run from its worker, unless it has spoken since. True when it was taken."""
    guards = [*owned(run_id, attempt), Run.heartbeat_seq == heartbeat_seq]
    run = db.scalars(
        select(Run).where(*guards).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if run is None:
        return False
    outcome = Outcome(failure=FailureClass.LOST, message=reason)
    end_attempt(db, run_id, attempt, outcome, "lost")
    leave(db, run, outcome, retries, "reaper")
    return True


def lose_all_of(db: Session, worker: str, retries: Retries) -> int:
    """Takes back what an earlier life of this worker still holds; said when a worker starts."""
    held = db.scalars(select(Run).where(Run.worker == worker, Run.status.in_(LIVE))).all()
    reason = "its worker was started anew"
    return sum(lose(db, run.id, run.attempt, run.heartbeat_seq, reason, retries) for run in held)


def leave(db: Session, run: Run, outcome: Outcome, retries: Retries, actor: str) -> RunStatus:
    """Moves a locked live run to where its ended attempt leads."""
    status = RunStatus(run.status)
    weight = failures.weigh(db, run.id, outcome.failure) if outcome.failure else None
    new, reason, values = judge(run, outcome, weight, retries)
    if not move(db, [run.id], (status, new), actor, reason, **values):
        raise Fenced(f"run {run.id} moved while its row was locked")
    return new


def judge(
    run: Run, outcome: Outcome, weight: Weight | None, retries: Retries
) -> tuple[RunStatus, str, dict[str, Any]]:
    """Where a live run goes from here: the new state, the reason in words, the columns to set."""
    ended = {"finished_at": func.clock_timestamp(), "phase": ""}
    if run.status == RunStatus.CANCELLING:
        return RunStatus.CANCELLED, "stopped as asked", ended
    if outcome.drained:
        return RunStatus.QUEUED, "drained by its worker", {"worker": None, "phase": ""}
    if weight is None:
        return RunStatus.SUCCEEDED, "finished", {**ended, "step": run.total_steps}
    said = {"failure": outcome.failure, "error": outcome.message}
    if not weight.retried:
        return RunStatus.FAILED, f"{outcome.failure}: not retried", {**said, **ended}
    if run.restarts + weight.cost > retries.budget:
        reason = f"given up with {run.restarts} restarts spent; attempts that failed: {weight.told}"
        return RunStatus.FAILED, reason, {**said, **ended}
    wait = timedelta(seconds=retries.wait_seconds(run.restarts))
    again = {
        "restarts": run.restarts + weight.cost,
        "due_at": func.now() + wait,
        "worker": None,
        "phase": "",
    }
    reason = f"{outcome.failure}: {outcome.message or 'no message'}; queued again"
    return RunStatus.QUEUED, reason, {**said, **again}


def name(outcome: Outcome) -> str:
    if outcome.drained:
        return "drained"
    return str(outcome.failure) if outcome.failure else "succeeded"


def end_attempt(db: Session, run_id: int, attempt: int, outcome: Outcome, said: str) -> None:
    db.execute(
        update(Attempt)
        .where(Attempt.run_id == run_id, Attempt.number == attempt)
        .values(
            ended_at=func.clock_timestamp(),
            outcome=said,
            exit_code=outcome.exit_code,
            reason=outcome.message or None,
        ),
        execution_options=RELOAD,
    )
