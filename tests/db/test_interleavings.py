"""Every guarded statement of a run's life against those it may meet, two transactions at once.

What is first has done its work, uncommitted, when the second begins. tests/db/mutants/ says which
guard each of them tests.
"""

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from db import attempts, claims, runs
from db.attempts import Claim, Outcome
from db.models import Attempt, Run
from db.sessions import transaction
from domain.errors import Conflict, Fenced
from domain.lifecycle import Retries, RunStatus
from tests.db.overlaps import overlap
from tests.db.steps import (
    CRASHED,
    DRAINED,
    ONE_ARM,
    RETRIES,
    beating,
    cancelling,
    finishing,
    lives,
    losing,
    now,
    retrying,
    story,
    taking,
)
from tests.factories import claim_run, enlist, submit_sweep


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


# Claims


def test_two_claims_of_one_run_make_one_attempt(engine: Engine, queued: int) -> None:
    one, two = overlap(engine, taking("worker-1"), taking("worker-2"))
    assert one is not None
    assert two is None
    assert lives(engine) == [("worker-1", 1)]
    assert story(engine, queued) == ["queued", "running"]


def test_two_claims_of_one_worker_make_one_live_run(engine: Engine) -> None:
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0, 1], arms=ONE_ARM)
        enlist(db, "worker-1")
    overlap(engine, taking("worker-1"), taking("worker-1"))
    assert lives(engine) == [("worker-1", 1)]


def test_a_worker_with_a_run_is_given_no_other(engine: Engine) -> None:
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0, 1], arms=ONE_ARM)
        claim_run(db)
        assert claims.claim(db, "worker-1", "cpu:0") is None


def test_a_claim_goes_by_a_run_that_runs(engine: Engine) -> None:
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0, 1], arms=ONE_ARM)
        assert claim_run(db, "worker-1").run_id < claim_run(db, "worker-2").run_id


def test_a_claim_goes_by_a_run_that_is_being_cancelled(engine: Engine, queued: int) -> None:
    _, two = overlap(engine, cancelling(queued), taking("worker-1"))
    assert two is None
    assert story(engine, queued) == ["queued", "cancelled"]


def test_a_claim_waits_for_nobody_who_holds_a_run(engine: Engine) -> None:
    """One run being cancelled, or reaped, must not keep a worker from the next."""
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0, 1], arms=ONE_ARM)
        enlist(db, "worker-1")
        first, second = db.scalars(select(Run.id).order_by(Run.id))
    with transaction(engine) as holder:
        runs.lock(holder, [first])
        with transaction(engine) as db:
            db.execute(text("SET LOCAL lock_timeout = '500ms'"))
            taken = claims.claim(db, "worker-1", "cpu:0")
    assert taken is not None
    assert taken.run_id == second


def test_a_cancel_of_a_run_being_claimed_stops_its_worker(engine: Engine, queued: int) -> None:
    one, two = overlap(engine, taking("worker-1"), cancelling(queued))
    assert two is RunStatus.CANCELLING
    assert one is not None
    with transaction(engine) as db:
        assert beating(one)(db) is RunStatus.CANCELLING
        assert finishing(one)(db) is RunStatus.CANCELLED


def test_a_run_that_waits_for_its_next_attempt_is_not_claimed(engine: Engine, queued: int) -> None:
    with transaction(engine) as db:
        later = func.now() + func.make_interval(0, 0, 0, 0, 1)
        db.execute(update(Run).values(due_at=later))
    with transaction(engine) as db:
        assert taking("worker-1")(db) is None


# Silence: the reaper against the worker


def test_a_reaper_leaves_a_run_that_speaks_at_that_moment(engine: Engine, claim: Claim) -> None:
    _, taken = overlap(engine, beating(claim), losing(engine, claim))
    assert taken is False
    assert now(engine, claim.run_id).status == RunStatus.RUNNING


def test_a_worker_that_speaks_too_late_is_fenced(engine: Engine, claim: Claim) -> None:
    taken, beat = overlap(engine, losing(engine, claim), beating(claim))
    assert taken is True
    assert isinstance(beat, Fenced)


def test_two_reapers_take_a_run_once(engine: Engine, claim: Claim) -> None:
    lose = losing(engine, claim)
    assert overlap(engine, lose, lose) == (True, False)
    assert now(engine, claim.run_id).restarts == 1
    assert story(engine, claim.run_id) == ["queued", "running", "queued"]


def test_a_reaper_that_comes_late_leaves_the_next_attempt_alone(
    engine: Engine, claim: Claim
) -> None:
    """The next attempt may stand at the same heartbeat number as the one that was silent."""
    lose = losing(engine, claim)
    with transaction(engine) as db:
        finishing(claim, DRAINED)(db)
        claim_run(db, "worker-2")
        number = now(engine, claim.run_id).heartbeat_seq
        db.execute(update(Run).values(heartbeat_seq=number))
    with transaction(engine) as db:
        assert lose(db) is False
    assert lives(engine) == [("worker-2", 2)]


def test_a_new_life_of_a_worker_gives_back_what_it_held_once(engine: Engine, claim: Claim) -> None:
    def start_anew(db: Session) -> int:
        return attempts.lose_all_of(db, "worker-1", RETRIES)

    one, two = overlap(engine, losing(engine, claim), start_anew)
    assert (one, two) == (True, 0)
    assert now(engine, claim.run_id).restarts == 1


def test_a_new_life_of_a_worker_leaves_other_workers_runs_alone(
    engine: Engine, claim: Claim
) -> None:
    with transaction(engine) as db:
        assert attempts.lose_all_of(db, "worker-2", RETRIES) == 0
    assert lives(engine) == [("worker-1", 1)]


# Ends


def test_a_cancel_that_came_first_wins_over_the_end(engine: Engine, claim: Claim) -> None:
    _, ended = overlap(engine, cancelling(claim.run_id), finishing(claim))
    assert ended is RunStatus.CANCELLED
    assert story(engine, claim.run_id)[-2:] == ["cancelling", "cancelled"]
    with transaction(engine) as db:
        assert db.get_one(Attempt, (claim.run_id, 1)).outcome == "cancelled"
        assert finishing(claim)(db) is RunStatus.CANCELLED, "said again, it is answered"


def test_a_cancel_that_came_after_the_end_is_refused(engine: Engine, claim: Claim) -> None:
    _, cancelled = overlap(engine, finishing(claim), cancelling(claim.run_id))
    assert isinstance(cancelled, Conflict)
    assert now(engine, claim.run_id).status == RunStatus.SUCCEEDED


@pytest.mark.parametrize("outcome", [DRAINED, CRASHED], ids=["drained", "crashed"])
def test_a_cancel_finds_a_run_that_goes_back_to_the_queue(
    engine: Engine, claim: Claim, outcome: Outcome
) -> None:
    """Without the lock the run could slip from running to queued between the cancel's two moves."""
    _, cancelled = overlap(engine, finishing(claim, outcome), cancelling(claim.run_id))
    assert cancelled is RunStatus.CANCELLED


def test_a_run_that_is_lost_while_it_is_cancelled_is_cancelled(
    engine: Engine, claim: Claim
) -> None:
    _, taken = overlap(engine, cancelling(claim.run_id), losing(engine, claim))
    assert taken is True
    assert now(engine, claim.run_id).status == RunStatus.CANCELLED


def test_a_run_that_ends_while_it_is_reaped_has_ended(engine: Engine, claim: Claim) -> None:
    _, taken = overlap(engine, finishing(claim), losing(engine, claim))
    assert taken is False
    assert story(engine, claim.run_id) == ["queued", "running", "succeeded"]


def test_a_run_that_was_reaped_cannot_be_ended_by_its_former_worker(
    engine: Engine, claim: Claim
) -> None:
    _, ended = overlap(engine, losing(engine, claim), finishing(claim))
    assert isinstance(ended, Fenced)
    assert story(engine, claim.run_id) == ["queued", "running", "queued"]


def test_an_end_said_twice_at_once_is_one_end(engine: Engine, claim: Claim) -> None:
    one, two = overlap(engine, finishing(claim), finishing(claim))
    assert one is two is RunStatus.SUCCEEDED
    assert story(engine, claim.run_id) == ["queued", "running", "succeeded"]


def test_an_end_said_again_after_the_next_claim_changes_nothing(
    engine: Engine, claim: Claim
) -> None:
    with transaction(engine) as db:
        finishing(claim, DRAINED)(db)
    one, two = overlap(engine, taking("worker-2"), finishing(claim, DRAINED))
    assert one is not None
    assert two is RunStatus.QUEUED
    assert lives(engine) == [("worker-2", 2)]


def test_another_end_than_the_first_is_refused(engine: Engine, claim: Claim) -> None:
    _, two = overlap(engine, finishing(claim, DRAINED), finishing(claim))
    assert isinstance(two, Fenced)
    with transaction(engine) as db:
        assert db.get_one(Attempt, (claim.run_id, 1)).outcome == "drained"


def test_a_poison_run_ends_within_its_budget(engine: Engine, claim: Claim) -> None:
    given = claim
    for number in range(1, RETRIES.budget + 1):
        with transaction(engine) as db:
            assert finishing(given, CRASHED)(db) is RunStatus.QUEUED
            assert runs.find(db, given.run_id).restarts == number
        with transaction(engine) as db:
            given = claim_run(db)
    with transaction(engine) as db:
        assert finishing(given, CRASHED)(db) is RunStatus.FAILED


def test_a_run_waits_longer_after_each_failure(engine: Engine, claim: Claim) -> None:
    with transaction(engine) as db:
        patient = Retries(budget=3, first_wait_seconds=3600)
        attempts.finish(db, claim.run_id, claim.attempt, CRASHED, patient)
    with transaction(engine) as db:
        assert taking("worker-2")(db) is None


# Retries


def test_two_retries_at_once_are_one_new_life(engine: Engine, claim: Claim) -> None:
    with transaction(engine) as db:
        cancelling(claim.run_id)(db)
        finishing(claim)(db)
    _, two = overlap(engine, retrying(claim.run_id), retrying(claim.run_id))
    assert two is RunStatus.QUEUED
    assert story(engine, claim.run_id)[-2:] == ["cancelled", "queued"]


def test_a_retry_while_the_cancel_is_under_way_is_refused(engine: Engine, claim: Claim) -> None:
    _, retried = overlap(engine, cancelling(claim.run_id), retrying(claim.run_id))
    assert isinstance(retried, Conflict)
    assert now(engine, claim.run_id).status == RunStatus.CANCELLING
