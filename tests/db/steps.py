"""What worker, reaper and user do to a run, each as one step to take in a transaction."""

from collections.abc import Callable, Sequence

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from db import attempts, claims, recordings, runs
from db.attempts import Claim, Outcome
from db.models import Run, RunEvent
from db.sessions import transaction
from domain.events import Started, TrainerEvent
from domain.lifecycle import FailureClass, Retries, RunStatus
from tests.factories import metrics

RETRIES = Retries(budget=3, first_wait_seconds=0.0)
DONE, DRAINED = Outcome(exit_code=0), Outcome(exit_code=75, drained=True)
CRASHED = Outcome(exit_code=1, failure=FailureClass.CRASHED, message="boom")
STARTED: TrainerEvent = Started(
    device="cpu", versions={}, total_steps=10, total_problems=4, lineage="first"
)
ONE_ARM = [{"name": "grpo", "method": "grpo"}]


def taking(worker: str) -> Callable[[Session], Claim | None]:
    return lambda db: claims.claim(db, worker, "cpu:0")


def cancelling(run_id: int) -> Callable[[Session], RunStatus]:
    return lambda db: runs.cancel(db, run_id, "tester", "enough")


def retrying(run_id: int) -> Callable[[Session], RunStatus]:
    return lambda db: runs.retry(db, run_id, "tester", "again")


def finishing(claim: Claim, outcome: Outcome = DONE) -> Callable[[Session], RunStatus]:
    return lambda db: attempts.finish(db, claim.run_id, claim.attempt, outcome, RETRIES)


def beating(claim: Claim) -> Callable[[Session], RunStatus]:
    return lambda db: attempts.beat(db, claim.run_id, claim.attempt, 3, "training")


def starting(claim: Claim, *steps: int) -> Callable[[Session], RunStatus]:
    return recording(claim, STARTED, *points(steps))


def saying(claim: Claim, *steps: int) -> Callable[[Session], RunStatus]:
    return recording(claim, *points(steps))


def points(steps: Sequence[int]) -> list[TrainerEvent]:
    return [metrics(step, {"x": step}) for step in steps]


def recording(claim: Claim, *events: TrainerEvent) -> Callable[[Session], RunStatus]:
    return lambda db: recordings.record(db, claim.run_id, claim.attempt, events, None)


def losing(engine: Engine, claim: Claim) -> Callable[[Session], bool]:
    """What a reaper does that has seen the run fall silent by now."""
    with transaction(engine) as db:
        seq = runs.find(db, claim.run_id).heartbeat_seq
    return lambda db: attempts.lose(db, claim.run_id, claim.attempt, seq, "silent", RETRIES)


def lose(db: Session, claim: Claim) -> None:
    """What a reaper does that has seen the run be silent; it may start again at once."""
    run = runs.find(db, claim.run_id)
    assert attempts.lose(db, run.id, claim.attempt, run.heartbeat_seq, "silent", Retries())
    runs.find(db, run.id).due_at = func.now()
    db.flush()


def now(engine: Engine, run_id: int) -> Run:
    with Session(engine, expire_on_commit=False) as db:
        return runs.find(db, run_id)


def story(engine: Engine, run_id: int) -> list[str]:
    """The states that the run has been in, from its events."""
    with transaction(engine) as db:
        told = select(RunEvent.new).where(RunEvent.run_id == run_id).order_by(RunEvent.id)
        return list(db.scalars(told))


def lives(engine: Engine) -> list[tuple[str | None, int]]:
    with transaction(engine) as db:
        live = select(Run.worker, Run.attempt).where(Run.status == RunStatus.RUNNING)
        return [(worker, attempt) for worker, attempt in db.execute(live.order_by(Run.id))]
