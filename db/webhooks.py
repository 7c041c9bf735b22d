"""Webhooks: who is told of what. What is to be delivered to them is in `db/deliveries.py`."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from db import actions, notices
from db.outsiders import Delivery, Webhook
from domain.errors import NotFound
from domain.webhooks import WebhookEvent, WebhookRequest, make_secret

SECRET_BYTES = 32


@dataclass(frozen=True)
class WebhookState:
    """A webhook without its secret, and how its deliveries stand.

    `pending` are still to be delivered or tried again, `failed` were given up.
    """

    id: int
    url: str
    events: list[str]
    created_at: datetime
    created_by: str
    pending: int
    failed: int
    delivered_at: datetime | None


@dataclass(frozen=True)
class NewWebhook(WebhookState):
    """With the secret that its messages are signed with, shown this once."""

    secret: str


def add(db: Session, request: WebhookRequest, actor: str) -> NewWebhook:
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))
    events = [str(event) for event in dict.fromkeys(request.events)]
    webhook = Webhook(url=request.url, events=events, secret=secret, created_by=actor)
    db.add(webhook)
    db.flush()
    actions.record(db, actor, "add", "webhook", webhook.id, host_of(webhook))
    return NewWebhook(**vars(find(db, webhook.id)), secret=secret)


def list_webhooks(db: Session) -> list[WebhookState]:
    return read_states(db)


def find(db: Session, webhook_id: int) -> WebhookState:
    require(db, webhook_id)
    return read_states(db, webhook_id)[0]


def remove(db: Session, webhook_id: int, actor: str) -> WebhookState:
    """Takes it off the list, with what was still to be delivered to it; answers what it was."""
    webhook, removed = require(db, webhook_id), find(db, webhook_id)
    actions.record(db, actor, "remove", "webhook", webhook_id, host_of(webhook))
    db.execute(delete(Webhook).where(Webhook.id == webhook_id))
    return removed


def send_test(db: Session, webhook_id: int, actor: str) -> int:
    """Queues a message that says nothing but that it arrived; answers the delivery's id."""
    require(db, webhook_id)
    data = {"message": "This is a test.", "asked_by": actor}
    notices.put(db, [webhook_id], WebhookEvent.TEST, secrets.token_hex(8), data)
    actions.record(db, actor, "test", "webhook", webhook_id)
    newest = select(func.max(Delivery.id)).where(
        Delivery.webhook_id == webhook_id, Delivery.event == WebhookEvent.TEST
    )
    return db.scalars(newest).one()


def require(db: Session, webhook_id: int) -> Webhook:
    webhook = db.get(Webhook, webhook_id)
    if webhook is None:
        raise NotFound(f"there is no webhook {webhook_id}")
    return webhook


def host_of(webhook: Webhook) -> str:
    """What the audit log may say of it: the rest of an address may be a secret of its receiver."""
    return urlsplit(webhook.url).hostname or ""


def read_states(db: Session, webhook_id: int | None = None) -> list[WebhookState]:
    pending = func.count(Delivery.due_at)
    failed = func.count().filter(
        Delivery.id.is_not(None), Delivery.due_at.is_(None), Delivery.delivered_at.is_(None)
    )
    rows = (
        select(
            Webhook.id,
            Webhook.url,
            Webhook.events,
            Webhook.created_at,
            Webhook.created_by,
            pending.label("pending"),
            failed.label("failed"),
            func.max(Delivery.delivered_at).label("delivered_at"),
        )
        .outerjoin(Delivery, Delivery.webhook_id == Webhook.id)
        .group_by(Webhook.id)
        .order_by(Webhook.id)
    )
    if webhook_id is not None:
        rows = rows.where(Webhook.id == webhook_id)
    return [WebhookState(**row) for row in db.execute(rows).mappings()]
