"""Webhooks: who is told when a sweep finishes, a run fails or a worker parks itself."""

from fastapi import APIRouter

from api import subscriptions
from api.bodies import WEBHOOK, WebhookBody
from api.dependencies import Actor, Db, DeliveryId, Id, Limit, Offset
from api.errors import documented
from db import deliveries, webhooks
from db.deliveries import DeliveryPage, DeliveryState
from db.webhooks import NewWebhook, WebhookState

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.get("", response_model=list[subscriptions.Webhook], responses=documented(503))
def list_webhooks(db: Db) -> list[WebhookState]:
    """Every webhook, and how its deliveries stand."""
    return webhooks.list_webhooks(db)


@router.post(
    "",
    status_code=201,
    response_model=subscriptions.NewWebhook,
    responses=documented(403, 413, 415, 422, 503),
    openapi_extra=WEBHOOK,
)
def add_webhook(db: Db, actor: Actor, request: WebhookBody) -> NewWebhook:
    """Tells an address from now on, of everything or of the events it names.

    Messages are signed as Standard Webhooks says, with the secret of this answer.
    """
    return webhooks.add(db, request, actor)


@router.delete(
    "/{id}", response_model=subscriptions.Webhook, responses=documented(403, 404, 422, 503)
)
def remove_webhook(db: Db, actor: Actor, webhook_id: Id) -> WebhookState:
    """Removes a webhook with its deliveries; answers what it was."""
    return webhooks.remove(db, webhook_id, actor)


@router.post(
    "/{id}/test",
    status_code=202,
    response_model=subscriptions.Delivery,
    responses=documented(403, 404, 422, 503),
)
def check_webhook(db: Db, actor: Actor, webhook_id: Id) -> DeliveryState:
    """Queues a message of type `test`, delivered like any other."""
    return deliveries.find(db, webhook_id, webhooks.send_test(db, webhook_id, actor))


@router.get(
    "/{id}/deliveries",
    response_model=subscriptions.DeliveryPage,
    responses=documented(404, 422, 503),
)
def list_deliveries(db: Db, webhook_id: Id, limit: Limit = 50, offset: Offset = 0) -> DeliveryPage:
    """What was or is to be sent to it, newest first, kept for 30 days."""
    return deliveries.list_deliveries(db, webhook_id, limit, offset)


@router.post(
    "/{id}/deliveries/{delivery_id}/redeliver",
    status_code=202,
    response_model=subscriptions.Delivery,
    responses=documented(403, 404, 409, 422, 503),
)
def redeliver(db: Db, webhook_id: Id, delivery_id: DeliveryId) -> DeliveryState:
    """Sends a message that was delivered or given up once more, under the same webhook-id."""
    return deliveries.redeliver(db, webhook_id, delivery_id)
