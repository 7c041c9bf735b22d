"""What happens, told as it happens to pages that stay open."""

from fastapi import APIRouter, Response

from api.dependencies import Config, LastEvent, Lookouts, SweepFilter, Transaction
from api.errors import documented
from api.events import EVENTS
from api.listeners import Stream

router = APIRouter(tags=["events"])


# Async where everything else is not: a thread for each page that listens would leave none to answer
# with. Nothing here waits for the database; one thread looks for all of them (api/lookouts.py).
@router.get("/events", response_class=Response, responses=documented(422) | EVENTS)
async def follow_events(
    config: Config,
    lookout: Lookouts,
    sweep: SweepFilter = None,
    after: Transaction = None,
    last_event_id: LastEvent = None,
) -> Stream:
    """What changes from now on, or after a cursor: that of a sweep's runs, or an event's id.

    The stream ends after some minutes and is asked for again, so that a session is checked anew.
    """
    listener = lookout.join(sweep, after if last_event_id is None else last_event_id)
    return Stream(listener, config.stream_seconds, lambda: lookout.leave(listener))
