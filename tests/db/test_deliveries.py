"""Deliveries: taken by one courier at a time, tried again, given up, and asked for anew."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, update
from sqlalchemy.orm import Session

from db import deliveries, webhooks
from db.deliveries import Parcel
from db.outsiders import Delivery
from db.sessions import transaction
from domain.errors import Conflict, NotFound
from domain.webhooks import WAITS, parse_webhook

LEASE = 60.0


def add(db: Session) -> int:
    return webhooks.add(db, parse_webhook({"url": "https://example.org/hook"}), "tester").id


def take(db: Session, *busy: int) -> Parcel:
    parcel = deliveries.take(db, LEASE, busy)
    assert parcel is not None
    return parcel


def make_due(db: Session) -> None:
    db.execute(update(Delivery).values(due_at=func.now() - timedelta(seconds=1)))


@pytest.fixture
def webhook(db: Session) -> int:
    return add(db)


@pytest.fixture
def delivery(db: Session, webhook: int) -> int:
    return webhooks.send_test(db, webhook, "tester")


def test_a_delivery_is_taken_once_and_again_after_its_lease(db: Session, delivery: int) -> None:
    assert take(db).id == delivery
    assert deliveries.take(db, LEASE, ()) is None
    make_due(db)
    assert take(db).tries == 2


def test_two_couriers_take_two_deliveries(engine: Engine) -> None:
    with transaction(engine) as db:
        ids = {webhooks.send_test(db, add(db), "tester") for _ in range(2)}
    with Session(engine) as one, Session(engine) as two:
        assert {take(one).id, take(two).id} == ids


def test_a_busy_webhook_is_passed_over(db: Session, webhook: int, delivery: int) -> None:
    assert deliveries.take(db, LEASE, [webhook]) is None
    second = webhooks.send_test(db, add(db), "tester")
    assert take(db, webhook).id == second


def test_what_arrived_is_not_due_again(db: Session, webhook: int, delivery: int) -> None:
    deliveries.deliver(db, take(db), 204)
    state = deliveries.find(db, webhook, delivery)
    assert (state.due_at, state.status_code, state.tries) == (None, 204, 1)
    assert state.delivered_at is not None
    assert webhooks.find(db, webhook).pending == 0


def test_a_failed_try_waits_and_the_last_one_gives_up(
    db: Session, webhook: int, delivery: int
) -> None:
    for _ in WAITS:
        deliveries.fail(db, take(db), 500, "answered 500")
        assert deliveries.find(db, webhook, delivery).due_at is not None
        make_due(db)
    deliveries.fail(db, take(db), None, "refused")
    state = deliveries.find(db, webhook, delivery)
    assert (state.due_at, state.error, state.tries) == (None, "refused", len(WAITS) + 1)
    assert (webhooks.find(db, webhook).pending, webhooks.find(db, webhook).failed) == (0, 1)


@pytest.mark.parametrize(
    "late",
    [
        lambda db, parcel: deliveries.fail(db, parcel, 500, "late"),
        lambda db, parcel: deliveries.deliver(db, parcel, 200),
    ],
)
def test_a_try_that_outlived_its_lease_changes_nothing(
    db: Session, webhook: int, delivery: int, late: Callable[[Session, Parcel], None]
) -> None:
    first = take(db)
    make_due(db)
    take(db)
    before = deliveries.find(db, webhook, delivery)
    late(db, first)
    assert deliveries.find(db, webhook, delivery) == before


def test_a_delivery_that_ended_can_be_asked_for_again_under_the_same_name(
    db: Session, webhook: int, delivery: int
) -> None:
    first = take(db)
    deliveries.deliver(db, first, 200)
    deliveries.redeliver(db, webhook, delivery)
    again = take(db)
    assert (again.message_id, again.tries) == (first.message_id, 1)


def test_one_under_way_is_not_asked_for_again(db: Session, webhook: int, delivery: int) -> None:
    with pytest.raises(Conflict, match="is under way"):
        deliveries.redeliver(db, webhook, delivery)


def test_a_delivery_of_another_webhook_is_not_found(db: Session, delivery: int) -> None:
    with pytest.raises(NotFound, match="has no delivery"):
        deliveries.redeliver(db, add(db), delivery)


def test_removing_a_webhook_takes_its_deliveries_along(
    db: Session, webhook: int, delivery: int
) -> None:
    webhooks.remove(db, webhook, "tester")
    assert deliveries.take(db, LEASE, ()) is None
    with pytest.raises(NotFound):
        webhooks.find(db, webhook)


def test_old_deliveries_are_forgotten_but_not_those_still_to_be_made(
    db: Session, webhook: int, delivery: int
) -> None:
    ended = webhooks.send_test(db, webhook, "tester")
    old = func.now() - timedelta(days=deliveries.KEPT_DAYS + 1)
    db.execute(update(Delivery).values(created_at=old))
    db.execute(update(Delivery).where(Delivery.id == ended).values(due_at=None))
    assert deliveries.forget_old(db) == 1
    page = deliveries.list_deliveries(db, webhook, 10, 0)
    assert [state.id for state in page.deliveries] == [delivery]
