"""Two connections at once: whoever no longer owns a run can neither write nor end it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from db import attempts, recordings, runs
from db.models import Grade, Metric, Run
from db.sessions import transaction
from domain.errors import Fenced
from domain.events import TrainerEvent
from domain.lifecycle import FailureClass, Retries, RunStatus
from tests.db.steps import STARTED, lose
from tests.factories import claim_run, finish, graded, metrics, record, submit_sweep, try_claim


@pytest.fixture
def stale(engine: Engine) -> attempts.Claim:
    """A claim whose run was taken back and is running again under the next attempt."""
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0], arms=[{"name": "grpo", "method": "grpo"}])
        claim = claim_run(db)
        record(db, claim, [metrics(1, {"reward/mean": 0.1}), *graded([1, 2], step=1)])
        lose(db, claim)
        again = claim_run(db, "worker-2")
        record(db, again, [metrics(1, {"reward/mean": 0.7})])
    return claim


SPOKEN: list[list[TrainerEvent]] = [
    [metrics(2, {"reward/mean": 0.2})],
    graded([1], step=2),
    [],
]


@pytest.mark.parametrize("events", SPOKEN)
def test_a_stale_attempt_writes_nothing(
    engine: Engine, stale: attempts.Claim, events: list[TrainerEvent]
) -> None:
    with pytest.raises(Fenced), transaction(engine) as db:
        record(db, stale, events)


def test_a_stale_attempt_cannot_beat(engine: Engine, stale: attempts.Claim) -> None:
    with pytest.raises(Fenced), transaction(engine) as db:
        attempts.beat(db, stale.run_id, stale.attempt, 2, "training")


def test_a_stale_attempt_cannot_finish(engine: Engine, stale: attempts.Claim) -> None:
    with pytest.raises(Fenced), transaction(engine) as db:
        finish(db, stale)


def test_an_attempt_from_the_start_makes_the_record_anew(
    engine: Engine, stale: attempts.Claim
) -> None:
    with transaction(engine) as db:
        record(db, attempts_now(db, stale), [STARTED])
        assert db.scalar(select(func.count()).select_from(Grade)) == 0
        values = select(Metric.value).where(Metric.name == "reward/mean")
        assert db.scalars(values).all() == [0.7], "its own words stay"


def attempts_now(db: Session, claim: attempts.Claim) -> attempts.Claim:
    run = runs.find(db, claim.run_id)
    return replace(claim, attempt=run.attempt)


def test_a_run_that_has_spoken_since_is_not_lost(engine: Engine) -> None:
    with transaction(engine) as db:
        submit_sweep(db)
        claim = claim_run(db)
        seen = runs.find(db, claim.run_id).heartbeat_seq
        attempts.beat(db, claim.run_id, claim.attempt, 1, "training")
        assert not attempts.lose(db, claim.run_id, claim.attempt, seen, "silent", Retries())
        assert runs.find(db, claim.run_id).status == RunStatus.RUNNING


def test_a_lost_run_that_was_being_cancelled_is_cancelled(engine: Engine) -> None:
    with transaction(engine) as db:
        submit_sweep(db)
        claim = claim_run(db)
        runs.cancel(db, claim.run_id, "tester", "enough")
        seen = runs.find(db, claim.run_id).heartbeat_seq
        assert attempts.lose(db, claim.run_id, claim.attempt, seen, "silent", Retries())
        assert runs.find(db, claim.run_id).status == RunStatus.CANCELLED


def test_a_worker_that_starts_anew_gives_back_what_it_held(engine: Engine) -> None:
    with transaction(engine) as db:
        submit_sweep(db)
        claim = claim_run(db, "worker-1")
        other = claim_run(db, "worker-2")
        assert attempts.lose_all_of(db, "worker-1", Retries()) == 1
        assert runs.find(db, claim.run_id).failure == FailureClass.LOST
        assert runs.find(db, other.run_id).status == RunStatus.RUNNING


def test_a_batch_in_flight_holds_off_the_reaper(engine: Engine) -> None:
    """Without the row lock the reaper could commit first and the batch would land afterwards."""
    with transaction(engine) as db:
        submit_sweep(db)
        claim = claim_run(db)
        seq = runs.find(db, claim.run_id).heartbeat_seq
    with transaction(engine) as writer:
        recordings.record(writer, claim.run_id, claim.attempt, [metrics(1, {"x": 1.0})], None)
        with pytest.raises(OperationalError, match="lock timeout"):
            reap_impatiently(engine, claim, seq)


def reap_impatiently(engine: Engine, claim: attempts.Claim, seq: int) -> None:
    with transaction(engine) as db:
        db.execute(text("SET LOCAL lock_timeout = '200ms'"))
        attempts.lose(db, claim.run_id, claim.attempt, seq, "silent", Retries())


def test_two_claims_at_once_get_two_different_runs(engine: Engine) -> None:
    """The second waits for the first: only then does it know what is left of a sweep's share."""
    with transaction(engine) as db:
        submit_sweep(db)
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as one:
            first = claim_run(one, "worker-1").run_id
            second = pool.submit(claim_in_turn, engine, "worker-2")
            wait_until_blocked(engine)
        assert second.result(timeout=60) != first


def claim_in_turn(engine: Engine, worker: str) -> int:
    with transaction(engine) as db:
        return claim_run(db, worker).run_id


def test_ten_workers_share_the_runs_without_a_double(engine: Engine) -> None:
    with transaction(engine) as db:
        submit_sweep(db, seeds=list(range(10)))
    claimed = at_once(10, lambda number: take_all(engine, f"worker-{number}"))
    ids = [run_id for some in claimed for run_id in some]
    with transaction(engine) as db:
        assert sorted(ids) == sorted(db.scalars(select(Run.id)))
        assert set(db.scalars(select(Run.attempt))) == {1}


def take_all(engine: Engine, worker: str) -> list[int]:
    taken: list[int] = []
    while True:
        with transaction(engine) as db:
            claim = try_claim(db, worker)
            if claim is None:
                return taken
            finish(db, claim)
            taken.append(claim.run_id)


def at_once(count: int, work: Callable[[int], list[int]]) -> list[list[int]]:
    results: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(work(n)), daemon=True)
        for n in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == count
    return results


def test_the_same_batch_twice_is_the_same_record(engine: Engine) -> None:
    events = [metrics(1, {"x": 1.0, "y": float("nan")}), *graded([1, 2, 3], step=1)]
    with transaction(engine) as db:
        submit_sweep(db)
        claim = claim_run(db)
        record(db, claim, events)
        record(db, claim, events)
        assert db.scalar(select(func.count()).select_from(Grade)) == 3
        assert db.scalar(select(func.count()).select_from(Metric)) == 3


def test_a_cancel_waits_for_a_drain_under_way_and_still_cancels(engine: Engine) -> None:
    """Without the lock the run could slip from running to queued between the two moves."""
    with transaction(engine) as db:
        submit_sweep(db)
        claim = claim_run(db)
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as worker:
            drained = attempts.Outcome(exit_code=75, drained=True)
            attempts.finish(worker, claim.run_id, claim.attempt, drained, Retries())
            cancelled = pool.submit(cancel_run, engine, claim.run_id)
            wait_until_blocked(engine)
        assert cancelled.result(timeout=60) is RunStatus.CANCELLED


def cancel_run(engine: Engine, run_id: int) -> RunStatus:
    with transaction(engine) as db:
        return runs.cancel(db, run_id, "tester", "enough")


def wait_until_blocked(engine: Engine) -> None:
    """Until some statement of this database waits for a row that another one holds."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    deadline = time.monotonic() + 10
    with engine.connect() as connection:
        while not connection.scalar(waiting):
            assert time.monotonic() < deadline, "nothing is waiting"
            connection.rollback()
            time.sleep(0.01)
