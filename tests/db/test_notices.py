"""What webhooks hear of: each end once, in the transaction that makes it true."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from db import notices, parking, runs, steering, webhooks
from db.models import Worker
from db.outsiders import Delivery
from db.sessions import transaction
from domain.lifecycle import FailureClass
from domain.webhooks import WebhookEvent, parse_webhook
from tests.factories import claim_run, enlist, finish, finish_runs, submit_sweep

FINISHED, FAILED = WebhookEvent.SWEEP_FINISHED, WebhookEvent.RUN_FAILED
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def add(db: Session, *events: WebhookEvent) -> int:
    request = {"url": "https://example.org/hook", **({"events": list(events)} if events else {})}
    return webhooks.add(db, parse_webhook(request), "tester").id


def told(db: Session) -> list[Delivery]:
    return list(db.scalars(select(Delivery).order_by(Delivery.id)))


def finish_all(db: Session) -> list[int]:
    return finish_runs(db, lambda _: [1, 2, 3, 4])


def test_a_sweep_is_finished_when_its_last_run_is(db: Session) -> None:
    add(db)
    sweep_id = submit_sweep(db)
    finish_runs(db, lambda _: [1, 2, 3, 4], most=4)
    assert told(db) == []
    finish_all(db)
    (row,) = told(db)
    assert (row.event, row.due_at is not None) == (FINISHED, True)
    sweep = row.payload["data"]["sweep"]
    assert (sweep["id"], sweep["status"]) == (sweep_id, "succeeded")
    assert sweep["runs"] == {"succeeded": 5, "failed": 0, "cancelled": 0}
    assert row.payload["data"]["page"] == f"/sweeps/{sweep_id}"


def test_a_failed_run_is_told_with_its_cause_and_its_sweeps(db: Session) -> None:
    add(db, FAILED)
    sweep_id = submit_sweep(db)
    claim = claim_run(db)
    finish(db, claim, FailureClass.BAD_DATA)
    (row,) = told(db)
    run = row.payload["data"]["run"]
    assert (run["id"], run["failure"], run["error"]) == (claim.run_id, "bad_data", "it bad_data")
    assert [sweep["id"] for sweep in row.payload["data"]["sweeps"]] == [sweep_id]


def test_a_crash_that_is_tried_again_is_no_failed_run(db: Session) -> None:
    add(db, FAILED)
    submit_sweep(db)
    finish(db, claim_run(db), FailureClass.CRASHED)
    assert told(db) == []


def test_webhooks_hear_of_what_they_asked_for_alone(db: Session) -> None:
    one, both = add(db, FAILED), add(db)
    submit_sweep(db)
    finish(db, claim_run(db), FailureClass.USER_ERROR)
    finish_all(db)
    assert [(row.webhook_id, row.event) for row in told(db)] == [
        (one, FAILED),
        (both, FAILED),
        (both, FINISHED),
    ]


def test_a_cancelled_sweep_has_finished_too(db: Session) -> None:
    add(db, FINISHED)
    sweep_id = submit_sweep(db)
    steering.cancel(db, sweep_id, "tester", include_shared=False)
    (row,) = told(db)
    assert row.payload["data"]["sweep"]["status"] == "cancelled"


def test_a_sweep_that_is_retried_finishes_again(db: Session) -> None:
    add(db, FINISHED)
    sweep_id = submit_sweep(db)
    finish(db, claim_run(db), FailureClass.USER_ERROR)
    finish_all(db)
    steering.retry(db, sweep_id, "tester")
    finish_all(db)
    assert [row.payload["data"]["sweep"]["status"] for row in told(db)] == ["failed", "succeeded"]


def test_a_sweep_of_finished_runs_is_finished_when_it_is_submitted(db: Session) -> None:
    submit_sweep(db)
    finish_all(db)
    add(db, FINISHED)
    again = submit_sweep(db, name="the same cells again")
    assert [row.payload["data"]["sweep"]["id"] for row in told(db)] == [again]


def test_a_run_of_two_sweeps_finishes_both(db: Session) -> None:
    add(db, FINISHED)
    first, second = submit_sweep(db), submit_sweep(db, name="the same cells again")
    finish_all(db)
    assert [row.payload["data"]["sweep"]["id"] for row in told(db)] == [first, second]


def test_the_same_end_is_told_once_whoever_notices(db: Session) -> None:
    add(db, FINISHED)
    sweep_id = submit_sweep(db)
    finish_all(db)
    notices.tell_of_sweeps(db, [sweep_id])
    assert len(told(db)) == 1


def test_a_parked_worker_is_told_once_for_each_time(db: Session) -> None:
    add(db)
    enlist(db, "worker-1", parked_reason="three crashes in a row")
    first, second = (datetime(2030, 1, day, tzinfo=UTC) for day in (1, 2))
    worker = db.get_one(Worker, "worker-1")
    for at in (first, first, second):
        worker.parked_at = at
        notices.tell_of_parked(db, worker)
    data = [row.payload["data"] for row in told(db)]
    assert [one["parked_at"] for one in data] == [first.isoformat(), second.isoformat()]
    assert (data[0]["worker"]["name"], data[0]["reason"]) == ("worker-1", "three crashes in a row")


def test_a_worker_that_parks_itself_is_told(db: Session) -> None:
    add(db, WebhookEvent.WORKER_PARKED)
    submit_sweep(db)
    for _ in range(3):
        finish(db, claim_run(db), FailureClass.CRASHED)
    reason = parking.park_failing(db, "worker-1", 3)
    (row,) = told(db)
    assert (row.event, row.payload["data"]["reason"]) == ("worker.parked", reason)


def test_a_move_that_is_rolled_back_is_told_to_nobody(engine: Engine) -> None:
    with transaction(engine) as db:
        add(db)
        submit_sweep(db)
        claim = claim_run(db)
    with Session(engine) as db:
        finish(db, claim, FailureClass.USER_ERROR)
        assert len(told(db)) == 1
        db.rollback()
        assert told(db) == []


def test_two_last_runs_that_end_at_once_finish_the_sweep_once(engine: Engine) -> None:
    with transaction(engine) as db:
        add(db, FINISHED)
        submit_sweep(db, seeds=[0], arms=[{"name": "base", "method": "base"}], baseline="base")
        submit_sweep(db)
        finish_runs(db, lambda _: [1, 2, 3, 4], most=3)
        claims = [claim_run(db, f"worker-{number}") for number in (2, 3)]
    before = len(tell(engine))
    with Session(engine) as db:
        finish(db, claims[0])
        other = Thread(target=finish_alone, args=(engine, claims[1].run_id, claims[1].attempt))
        other.start()
        with engine.connect() as watcher:
            while not watcher.scalar(text(WAITING)):
                assert other.is_alive(), "it did not wait for its turn"
        db.commit()
    other.join()
    assert len(tell(engine)) == before + 1


def finish_alone(engine: Engine, run_id: int, attempt: int) -> None:
    from db import attempts
    from domain.lifecycle import Retries

    with transaction(engine) as db:
        attempts.finish(db, run_id, attempt, attempts.Outcome(exit_code=0), Retries())


def tell(engine: Engine) -> list[str]:
    with transaction(engine) as db:
        return [row.dedup_key for row in told(db)]


def test_removing_a_webhook_never_fails_the_run_that_would_tell_it(engine: Engine) -> None:
    with transaction(engine) as db:
        webhook_id = add(db)
        submit_sweep(db)
        claim = claim_run(db)
    with Session(engine) as removing:
        webhooks.remove(removing, webhook_id, "tester")
        other = Thread(target=finish_alone, args=(engine, claim.run_id, claim.attempt))
        other.start()
        removing.commit()
    other.join()
    with transaction(engine) as db:
        assert runs.find(db, claim.run_id).status == "succeeded"


@pytest.mark.parametrize("event", [FINISHED, FAILED])
def test_without_webhooks_nothing_is_written(db: Session, event: WebhookEvent) -> None:
    submit_sweep(db)
    finish(db, claim_run(db), FailureClass.USER_ERROR)
    finish_all(db)
    assert told(db) == []
