"""What the API answers about webhooks and what was sent to them."""

from datetime import datetime

from pydantic import JsonValue

from api.schemas import Reply
from domain.webhooks import WebhookEvent


class Webhook(Reply):
    """Its deliveries of the last 30 days: `pending` are under way, `failed` were given up."""

    id: int
    url: str
    events: list[WebhookEvent]
    created_at: datetime
    created_by: str
    pending: int
    failed: int
    delivered_at: datetime | None


class NewWebhook(Webhook):
    """`secret` signs its messages (Standard Webhooks) and is shown this once."""

    secret: str


class Delivery(Reply):
    """One message. `due_at` is when it is tried next; null once it was delivered or given up."""

    id: int
    event: WebhookEvent
    message_id: str
    created_at: datetime
    due_at: datetime | None
    tries: int
    delivered_at: datetime | None
    status_code: int | None
    error: str | None
    payload: dict[str, JsonValue]


class DeliveryPage(Reply):
    deliveries: list[Delivery]
    total: int
