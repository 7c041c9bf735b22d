"""Workers: told to drain, parked by themselves, resumed, forgotten."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import attempts, runs, workers
from db.attempts import Outcome
from db.models import Action, Run, Worker
from db.parking import park_failing
from db.workers import Identity, WorkerState
from domain.errors import Conflict, NotFound
from domain.lifecycle import FailureClass, Retries
from domain.needs import UNDERSTOOD
from tests.factories import claim_run, submit_sweep, try_claim

NAME = "host/cpu:0"
ALIVE = 60.0


def identity(name: str = NAME) -> Identity:
    return Identity(name=name, host="here", device="cpu:0", device_kind="cpu", pid=1)


@pytest.fixture(autouse=True)
def registered(db: Session) -> None:
    workers.register(db, identity())
    submit_sweep(db, seeds=list(range(8)), arms=[{"name": "grpo", "method": "grpo"}])


def state(db: Session, name: str = NAME) -> WorkerState:
    return workers.find(db, name, ALIVE)


def fail(db: Session, failure: FailureClass = FailureClass.CRASHED, name: str = NAME) -> int:
    """Takes the next due run and ends its attempt; it is due again at once, but last."""
    claim = claim_run(db, name)
    outcome = Outcome(failure=failure, message="as planned")
    attempts.finish(db, claim.run_id, claim.attempt, outcome, Retries(budget=100))
    return claim.run_id


def test_a_worker_says_what_it_serves(db: Session) -> None:
    known = Identity("gpu", "here", "cuda:0,1", "cuda", 1, 2, "H200", 150.8, "0.1.0")
    workers.register(db, known)
    found = state(db, "gpu")
    assert (found.devices, found.device_name, found.memory_gb, found.version) == (
        2,
        "H200",
        150.8,
        "0.1.0",
    )
    assert found.understands == UNDERSTOOD


def test_a_drained_worker_takes_no_run_until_it_is_resumed(db: Session) -> None:
    workers.drain(db, NAME, "ada", "new driver")
    assert state(db).status == "drained"
    assert try_claim(db, NAME) is None
    workers.resume(db, NAME, "ada", "")
    assert state(db).status == "idle"
    assert try_claim(db, NAME) is not None


def test_a_worker_hears_of_its_drain_when_it_beats(db: Session) -> None:
    assert workers.see(db, identity()) is False
    workers.drain(db, NAME, "ada", "")
    assert workers.see(db, identity()) is True
    workers.resume(db, NAME, "ada", "")
    assert workers.see(db, identity()) is False


def test_a_worker_that_holds_a_run_is_draining_until_it_has_given_it_back(db: Session) -> None:
    claim = claim_run(db, NAME)
    workers.drain(db, NAME, "ada", "")
    assert (state(db).status, state(db).run_id) == ("draining", claim.run_id)
    attempts.finish(db, claim.run_id, claim.attempt, Outcome(drained=True), Retries())
    assert state(db).status == "drained"


def test_draining_and_resuming_twice_is_recorded_once_each(db: Session) -> None:
    for _ in range(2):
        workers.drain(db, NAME, "ada", "new driver")
    for _ in range(2):
        workers.resume(db, NAME, "bob", "")
    db.flush()
    done = select(Action.actor, Action.action, Action.reason).where(Action.subject_id == NAME)
    assert db.execute(done.order_by(Action.id)).all() == [
        ("ada", "drain", "new driver"),
        ("bob", "resume", ""),
    ]


def test_a_drained_worker_that_stops_is_still_drained_when_it_comes_back(db: Session) -> None:
    workers.drain(db, NAME, "ada", "")
    workers.leave(db, identity())
    workers.register(db, identity())
    assert state(db).status == "drained"


def test_a_worker_that_stops_leaves_the_list(db: Session) -> None:
    workers.leave(db, identity())
    assert workers.list_workers(db, ALIVE) == []


def test_a_trainer_killed_for_a_cancel_says_nothing_against_its_worker(db: Session) -> None:
    claim = claim_run(db, NAME)
    runs.cancel(db, claim.run_id, "ada", "enough")
    killed = Outcome(exit_code=-9, failure=FailureClass.KILLED)
    attempts.finish(db, claim.run_id, claim.attempt, killed, Retries())
    assert park_failing(db, NAME, 1) is None


def test_runs_that_fail_one_after_another_park_their_worker(db: Session) -> None:
    ids = []
    for _ in range(2):
        ids.append(fail(db))
        assert park_failing(db, NAME, 3) is None
    ids.append(fail(db, FailureClass.KILLED))
    reason = park_failing(db, NAME, 3)
    assert reason == (
        "3 failures in a row that look like this worker's own: "
        f"run {ids[0]} crashed, run {ids[1]} crashed, run {ids[2]} killed"
    )
    assert (state(db).status, state(db).parked_reason) == ("parked", reason)
    assert try_claim(db, NAME) is None


def test_a_success_in_between_keeps_a_worker_from_parking(db: Session) -> None:
    fail(db)
    fail(db)
    claim = claim_run(db, NAME)
    attempts.finish(db, claim.run_id, claim.attempt, Outcome(exit_code=0), Retries())
    fail(db)
    assert park_failing(db, NAME, 3) is None


def test_an_attempt_handed_back_is_neither_good_nor_bad(db: Session) -> None:
    fail(db)
    fail(db)
    claim = claim_run(db, NAME)
    attempts.finish(db, claim.run_id, claim.attempt, Outcome(drained=True), Retries())
    db.get_one(Run, claim.run_id).priority = -1
    db.flush()
    fail(db)
    assert park_failing(db, NAME, 3) is not None


def test_a_run_that_fails_everywhere_parks_nobody(db: Session) -> None:
    poison = db.query(Run).order_by(Run.id).first()
    assert poison
    poison.priority = 50
    db.flush()
    for name in ("other", NAME, NAME, NAME):
        workers.register(db, identity(name))
        poison.due_at = func.now()
        db.flush()
        assert fail(db, name=name) == poison.id
    for _ in range(2):
        fail(db)
    assert park_failing(db, NAME, 3) is None


def test_resuming_a_parked_worker_counts_anew(db: Session) -> None:
    for _ in range(3):
        fail(db)
    assert park_failing(db, NAME, 3)
    workers.resume(db, NAME, "ada", "disk replaced")
    assert (state(db).status, state(db).parked_reason) == ("idle", None)
    fail(db)
    assert park_failing(db, NAME, 3) is None


def test_a_restart_does_not_unpark(db: Session) -> None:
    for _ in range(3):
        fail(db)
    assert park_failing(db, NAME, 3)
    workers.leave(db, identity())
    workers.register(db, identity())
    assert state(db).status == "parked"


@pytest.fixture
def silent(db: Session) -> str:
    db.get_one(Worker, NAME).seen_at = func.to_timestamp(0)
    db.flush()
    return NAME


def test_a_silent_worker_can_be_forgotten(db: Session, silent: str) -> None:
    assert state(db).status == "silent"
    assert workers.forget(db, silent, "ada", "sold", ALIVE).name == silent
    assert workers.list_workers(db, ALIVE) == []


def test_a_living_worker_is_not_forgotten(db: Session) -> None:
    with pytest.raises(Conflict, match="is idle; stop it first"):
        workers.forget(db, NAME, "ada", "", ALIVE)


def test_a_silent_worker_that_still_holds_a_run_is_not_forgotten(db: Session) -> None:
    claim = claim_run(db, NAME)
    db.get_one(Worker, NAME).seen_at = func.to_timestamp(0)
    db.flush()
    with pytest.raises(Conflict, match=f"still holds run {claim.run_id}"):
        workers.forget(db, NAME, "ada", "", ALIVE)


def test_a_worker_nobody_knows_is_not_found(db: Session) -> None:
    for verb in (workers.drain, workers.resume):
        with pytest.raises(NotFound, match="there is no worker nobody"):
            verb(db, "nobody", "ada", "")
