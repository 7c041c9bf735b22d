"""The queue: what waits, in which order, and why."""

from fastapi import APIRouter

from api import verbs
from api.dependencies import Config, Db, Limit, Offset
from api.errors import documented
from db import queues
from db.queues import QueuePage

router = APIRouter(tags=["runs"])


@router.get("/queue", response_model=verbs.QueuePage, responses=documented(422, 503))
def list_queue(db: Db, config: Config, limit: Limit = 50, offset: Offset = 0) -> QueuePage:
    """Queued runs in the order in which they would start, each with why it waits."""
    return queues.list_queue(db, limit, offset, config.alive_seconds)
