"""Deliveries to webhooks: taken by one courier at a time, tried again for a day, then given up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from db.outsiders import Delivery
from db.sessions import RELOAD
from db.webhooks import require
from domain.errors import Conflict, NotFound
from domain.webhooks import wait_before

KEPT_DAYS = 30


@dataclass(frozen=True)
class Parcel:
    """What a courier carries: one delivery, and where it goes."""

    id: int
    webhook_id: int
    url: str
    secret: str
    message_id: str
    payload: dict[str, Any]
    tries: int


@dataclass(frozen=True)
class DeliveryState:
    """`due_at` is when it is tried next; None once it was delivered or given up."""

    id: int
    event: str
    message_id: str
    created_at: datetime
    due_at: datetime | None
    tries: int
    delivered_at: datetime | None
    status_code: int | None
    error: str | None
    payload: dict[str, Any]


@dataclass(frozen=True)
class DeliveryPage:
    deliveries: list[DeliveryState]
    total: int


def take(db: Session, lease_seconds: float, busy: Collection[int]) -> Parcel | None:
    """The next due delivery, of a webhook that is not `busy`; nobody else has it for that long.

    A courier that dies with it loses nothing: it is due again when the lease is over.
    """
    due = (
        select(Delivery.id)
        .where(Delivery.due_at <= func.now(), Delivery.webhook_id.not_in(busy))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    leased = {"due_at": func.now() + timedelta(seconds=lease_seconds), "tries": Delivery.tries + 1}
    taken = db.scalars(
        update(Delivery).where(Delivery.id == due).values(**leased).returning(Delivery),
        execution_options=RELOAD,
    ).one_or_none()
    if taken is None:
        return None
    webhook = require(db, taken.webhook_id)
    return Parcel(
        id=taken.id,
        webhook_id=webhook.id,
        url=webhook.url,
        secret=webhook.secret,
        message_id=name(taken),
        payload=taken.payload,
        tries=taken.tries,
    )


def name(delivery: Delivery) -> str:
    """The same at every try, and for no other message, a restored database's included."""
    return f"msg_{delivery.created_at.astimezone(UTC):%Y%m%d%H%M%S}_{delivery.id}"


def deliver(db: Session, parcel: Parcel, status_code: int) -> None:
    """Notes that it arrived."""
    write(
        db,
        parcel,
        due_at=None,
        delivered_at=func.clock_timestamp(),
        status_code=status_code,
        error=None,
    )


def fail(db: Session, parcel: Parcel, status_code: int | None, error: str) -> None:
    """Notes a failed try; it is due again after a growing wait, or given up."""
    wait = wait_before(parcel.tries)
    again = None if wait is None else func.now() + timedelta(seconds=wait)
    write(db, parcel, due_at=again, status_code=status_code, error=error)


def write(db: Session, parcel: Parcel, **values: Any) -> None:
    """Only what the last try found out counts: one that outlived its lease changes nothing."""
    mine = (Delivery.id == parcel.id, Delivery.tries == parcel.tries)
    db.execute(
        update(Delivery).where(*mine, Delivery.delivered_at.is_(None)).values(**values),
        execution_options=RELOAD,
    )


def list_deliveries(db: Session, webhook_id: int, limit: int, offset: int) -> DeliveryPage:
    """Those of one webhook, newest first."""
    require(db, webhook_id)
    mine = Delivery.webhook_id == webhook_id
    total = db.scalar(select(func.count()).select_from(Delivery).where(mine)) or 0
    page = select(Delivery).where(mine).order_by(Delivery.id.desc()).limit(limit).offset(offset)
    return DeliveryPage([as_state(row) for row in db.scalars(page)], total)


def find(db: Session, webhook_id: int, delivery_id: int) -> DeliveryState:
    return as_state(require_delivery(db, webhook_id, delivery_id))


def redeliver(db: Session, webhook_id: int, delivery_id: int) -> DeliveryState:
    """Makes one due at once with all its tries, under the same message id.

    Raises Conflict for one that is still to be delivered.
    """
    delivery = require_delivery(db, webhook_id, delivery_id)
    if delivery.due_at is not None:
        at = f"{delivery.due_at:%Y-%m-%d %H:%M:%S %Z}"
        raise Conflict(f"delivery {delivery_id} is under way; it is tried again at {at}")
    fresh = {"due_at": func.now(), "tries": 0, "delivered_at": None, "error": None}
    db.execute(
        update(Delivery).where(Delivery.id == delivery_id).values(**fresh),
        execution_options=RELOAD,
    )
    return find(db, webhook_id, delivery_id)


def forget_old(db: Session) -> int:
    """Deletes what was delivered or given up long ago; answers how many."""
    age = func.now() - timedelta(days=KEPT_DAYS)
    old = delete(Delivery).where(Delivery.due_at.is_(None), Delivery.created_at < age)
    return len(db.scalars(old.returning(Delivery.id)).all())


def require_delivery(db: Session, webhook_id: int, delivery_id: int) -> Delivery:
    require(db, webhook_id)
    delivery = db.get(Delivery, delivery_id, populate_existing=True, with_for_update=True)
    if delivery is None or delivery.webhook_id != webhook_id:
        raise NotFound(f"webhook {webhook_id} has no delivery {delivery_id}")
    return delivery


def as_state(row: Delivery) -> DeliveryState:
    return DeliveryState(
        id=row.id,
        event=row.event,
        message_id=name(row),
        created_at=row.created_at,
        due_at=row.due_at,
        tries=row.tries,
        delivered_at=row.delivered_at,
        status_code=row.status_code,
        error=row.error,
        payload=row.payload,
    )
