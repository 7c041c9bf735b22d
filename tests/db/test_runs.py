"""Submitting, cancelling and retrying runs."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import attempts, runs
from db.models import Arm, ArmRun, Attempt, Run, RunEvent
from domain.errors import Conflict, NotFound
from domain.lifecycle import FailureClass, Retries, RunStatus
from domain.runs import RunSpec
from domain.sweeps import expand, parse_sweep
from tests.factories import claim_run, finish, submit_sweep, sweep_body, try_claim


def specs(**changes: object) -> list[RunSpec]:
    return [run.spec for run in expand(parse_sweep(sweep_body(**changes))).runs]


def submitted(db: Session, count: int = 1) -> list[int]:
    """That many runs of one sweep."""
    grpo = {"name": "grpo", "method": "grpo"}
    sweep_id = submit_sweep(db, arms=[grpo], seeds=list(range(count)))
    mine = select(ArmRun.run_id).join(Arm, Arm.id == ArmRun.arm_id).where(Arm.sweep_id == sweep_id)
    return list(db.scalars(mine.order_by(ArmRun.seed)))


def status(db: Session, run_id: int) -> str:
    return runs.find(db, run_id).status


def test_equal_specs_are_the_same_run(db: Session) -> None:
    first = runs.submit(db, specs(), "tester", "first")
    assert runs.submit(db, list(reversed(specs())), "tester", "again") == list(reversed(first))


def test_runs_are_claimed_in_the_order_of_the_plan(db: Session) -> None:
    ids = submitted(db, 3)
    assert [claim_run(db, f"worker-{n}").run_id for n in range(3)] == ids


def test_submitting_again_revives_cancelled_and_failed_runs(db: Session) -> None:
    cancelled, failed = submitted(db, 2)
    runs.cancel(db, cancelled, "tester", "not now")
    finish(db, claim_run(db), FailureClass.USER_ERROR)
    assert (status(db, cancelled), status(db, failed)) == ("cancelled", "failed")
    submitted(db, 2)
    assert (status(db, cancelled), status(db, failed)) == ("queued", "queued")


def test_submitting_again_leaves_a_finished_run_alone(db: Session) -> None:
    [run_id] = submitted(db)
    finish(db, claim_run(db))
    submitted(db)
    assert status(db, run_id) == "succeeded"


def test_a_queued_run_is_cancelled_at_once(db: Session) -> None:
    [run_id] = submitted(db)
    assert runs.cancel(db, run_id, "tester", "enough") is RunStatus.CANCELLED
    assert try_claim(db) is None


def test_a_running_run_is_cancelled_when_its_worker_stops_it(db: Session) -> None:
    [run_id] = submitted(db)
    claim = claim_run(db)
    assert runs.cancel(db, run_id, "tester", "enough") is RunStatus.CANCELLING
    assert attempts.beat(db, run_id, claim.attempt, 1, "training") is RunStatus.CANCELLING
    finish(db, claim)
    assert status(db, run_id) == "cancelled"


def test_cancelling_twice_answers_the_same(db: Session) -> None:
    [run_id] = submitted(db)
    assert runs.cancel(db, run_id, "a", "x") == runs.cancel(db, run_id, "b", "y") == "cancelled"


def test_a_finished_run_refuses_to_be_cancelled_and_says_its_state(db: Session) -> None:
    [run_id] = submitted(db)
    finish(db, claim_run(db))
    with pytest.raises(Conflict, match="has succeeded"):
        runs.cancel(db, run_id, "tester", "too late")


def test_a_finished_run_refuses_to_be_retried(db: Session) -> None:
    [run_id] = submitted(db)
    finish(db, claim_run(db))
    with pytest.raises(Conflict, match="only failed and cancelled"):
        runs.retry(db, run_id, "tester", "once more")


def test_a_retry_resets_restarts_but_never_the_attempt(db: Session) -> None:
    [run_id] = submitted(db)
    for _ in range(2):
        finish(db, claim_run(db), FailureClass.USER_ERROR)
        runs.retry(db, run_id, "tester", "mended")
    run = runs.find(db, run_id)
    assert (run.status, run.restarts, run.attempt, run.error) == ("queued", 0, 2, None)


def test_an_unknown_run_is_not_found(db: Session) -> None:
    with pytest.raises(NotFound, match="no run 999999"):
        runs.cancel(db, 999999, "tester", "x")


def test_every_transition_is_recorded_with_actor_and_reason(db: Session) -> None:
    [run_id] = submitted(db)
    finish(db, claim_run(db))
    rows = db.scalars(select(RunEvent).where(RunEvent.run_id == run_id).order_by(RunEvent.id)).all()
    sweep_id = db.scalar(select(Arm.sweep_id))
    assert [(row.old, row.new, row.attempt, row.actor, row.reason) for row in rows] == [
        (None, "queued", 0, "local", f"asked for by sweep {sweep_id}"),
        ("queued", "running", 1, "worker worker-1", "claimed"),
        ("running", "succeeded", 1, "attempt 1", "finished"),
    ]


def test_an_illegal_edge_is_refused_before_the_database_is_asked(db: Session) -> None:
    with pytest.raises(ValueError, match="not a legal move"):
        runs.move(db, [1], (RunStatus.SUCCEEDED, RunStatus.QUEUED), "tester", "x")


def test_a_busy_worker_gets_no_second_run(db: Session) -> None:
    submitted(db, 2)
    claim_run(db)
    assert try_claim(db) is None


def test_a_replayed_finish_answers_the_same_and_changes_nothing(db: Session) -> None:
    [run_id] = submitted(db)
    claim = claim_run(db)
    finish(db, claim)
    ended = db.get_one(Attempt, (run_id, 1)).ended_at
    finish(db, claim)
    assert db.get_one(Attempt, (run_id, 1), populate_existing=True).ended_at == ended


def test_an_infrastructure_failure_is_queued_again_later(db: Session) -> None:
    [run_id] = submitted(db)
    finish(db, claim_run(db), FailureClass.CRASHED)
    run = runs.find(db, run_id)
    assert (run.status, run.restarts, run.worker) == ("queued", 1, None)
    assert try_claim(db) is None, "it waits for its backoff"


def test_a_poison_run_ends_when_its_budget_is_spent(db: Session) -> None:
    [run_id] = submitted(db)
    for _ in range(4):
        db.get_one(Run, run_id).due_at = func.now()
        db.flush()
        finish(db, claim_run(db), FailureClass.CRASHED)
    run = runs.find(db, run_id)
    assert (run.status, run.failure, run.attempt) == ("failed", "crashed", 4)


def test_a_user_error_is_not_retried(db: Session) -> None:
    [run_id] = submitted(db)
    finish(db, claim_run(db), FailureClass.OUT_OF_MEMORY)
    run = runs.find(db, run_id)
    assert (run.status, run.failure, run.restarts) == ("failed", "out_of_memory", 0)


def test_a_drained_run_is_queued_at_no_cost(db: Session) -> None:
    [run_id] = submitted(db)
    claim = claim_run(db)
    outcome = attempts.Outcome(exit_code=75, drained=True)
    attempts.finish(db, run_id, claim.attempt, outcome, Retries())
    run = runs.find(db, run_id)
    assert (run.status, run.restarts) == ("queued", 0)


def test_cancelling_many_skips_what_has_ended_meanwhile(db: Session) -> None:
    ids = submitted(db, 3)
    finish(db, claim_run(db))
    claim_run(db)
    assert runs.cancel_all(db, ids, "tester", "enough") == 2
    assert [status(db, run_id) for run_id in ids] == ["succeeded", "cancelling", "cancelled"]


def test_a_run_still_being_cancelled_cannot_be_asked_for_anew(db: Session) -> None:
    """Else it would end as cancelled in a sweep that nobody cancelled."""
    [run_id] = submitted(db)
    claim_run(db)
    runs.cancel(db, run_id, "tester", "enough")
    with pytest.raises(Conflict, match="still being cancelled"):
        submitted(db)
