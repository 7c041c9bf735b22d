"""Where a run goes when an attempt of it has failed, and what is said of it."""

import pytest
from sqlalchemy import func
from sqlalchemy.orm import Session

from db import attempts, failures, recordings, runs
from db.attempts import Claim, Outcome
from db.models import Run, RunEvent
from domain.lifecycle import FailureClass, Retries, RunStatus
from tests.factories import claim_run, metrics, record, submit_sweep


@pytest.fixture(autouse=True)
def one_run(db: Session) -> None:
    submit_sweep(db, seeds=[0], arms=[{"name": "grpo", "method": "grpo"}])


def fail(db: Session, failure: FailureClass, worker: str = "worker-1") -> RunStatus:
    """One more attempt of the run, which ends in this failure."""
    return end(db, claim_now(db, worker), failure)


def claim_now(db: Session, worker: str = "worker-1") -> Claim:
    db.query(Run).update({"due_at": func.now()})
    return claim_run(db, worker)


def end(db: Session, claim: Claim, failure: FailureClass) -> RunStatus:
    outcome = Outcome(exit_code=1, failure=failure, message=f"it {failure}")
    return attempts.finish(db, claim.run_id, claim.attempt, outcome, Retries(budget=3))


def last_reason(db: Session) -> str:
    return db.query(RunEvent).order_by(RunEvent.id.desc()).limit(1).one().reason


@pytest.mark.parametrize(
    "failure", [FailureClass.CRASHED, FailureClass.KILLED, FailureClass.STALLED, FailureClass.DISK]
)
def test_what_may_be_the_machines_fault_is_tried_again(db: Session, failure: FailureClass) -> None:
    assert fail(db, failure) is RunStatus.QUEUED


@pytest.mark.parametrize(
    "failure", [FailureClass.USER_ERROR, FailureClass.BAD_DATA, FailureClass.OUT_OF_MEMORY]
)
def test_what_the_user_has_to_mend_is_not_tried_again(db: Session, failure: FailureClass) -> None:
    assert fail(db, failure) is RunStatus.FAILED


def test_memory_that_was_enough_for_a_step_may_be_enough_again(db: Session) -> None:
    claim = claim_now(db)
    record(db, claim, [metrics(1, {"reward/mean": 0.5})])
    assert end(db, claim, FailureClass.OUT_OF_MEMORY) is RunStatus.QUEUED
    assert fail(db, FailureClass.OUT_OF_MEMORY) is RunStatus.QUEUED, "an earlier attempt had room"


def test_a_poison_run_ends_within_its_budget_and_names_every_failure(db: Session) -> None:
    kinds = [FailureClass.CRASHED, FailureClass.KILLED, FailureClass.STALLED, FailureClass.CRASHED]
    assert [fail(db, kind) for kind in kinds] == [*[RunStatus.QUEUED] * 3, RunStatus.FAILED]
    assert last_reason(db) == (
        "given up with 3 restarts spent; attempts that failed: "
        "1 crashed, 2 killed, 3 stalled, 4 crashed"
    )


def test_a_retried_run_names_only_the_failures_since(db: Session) -> None:
    for _ in range(4):
        fail(db, FailureClass.CRASHED)
    run_id = db.query(Run).one().id
    runs.retry(db, run_id, "tester", "again")
    for _ in range(4):
        fail(db, FailureClass.KILLED)
    assert last_reason(db).endswith(": 5 killed, 6 killed, 7 killed, 8 killed")


def test_a_full_disk_costs_the_run_nothing_while_one_worker_alone_has_it(db: Session) -> None:
    for _ in range(5):
        assert fail(db, FailureClass.DISK) is RunStatus.QUEUED
    assert db.query(Run).one().restarts == 0


def test_a_run_that_fills_every_workers_disk_ends_within_its_budget(db: Session) -> None:
    fail(db, FailureClass.DISK, "worker-1")
    for _ in range(3):
        assert fail(db, FailureClass.DISK, "worker-2") is RunStatus.QUEUED
    assert fail(db, FailureClass.DISK, "worker-1") is RunStatus.FAILED


def test_the_last_lines_are_those_of_the_latest_attempt_that_failed_so(db: Session) -> None:
    for kind, log in ((FailureClass.KILLED, "killed"), (FailureClass.CRASHED, "a\nb\n" * 30)):
        claim = claim_now(db)
        recordings.record(db, claim.run_id, claim.attempt, [], log)
        end(db, claim, kind)
    run_id = db.query(Run).one().id
    assert failures.read_last_lines(db, run_id, "crashed") == "\n".join(["a\nb"] * 10)
    assert failures.read_last_lines(db, run_id, "killed") == "killed"
    assert failures.read_last_lines(db, run_id, "lost") == ""
