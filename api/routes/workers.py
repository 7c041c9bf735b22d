"""Workers: who works, and who shall not for now."""

from fastapi import APIRouter

from api import schemas
from api.dependencies import Actor, Config, Db, Reason, WorkerName
from api.errors import documented
from db import workers
from db.workers import WorkerState

router = APIRouter(prefix="/workers", tags=["workers"])


@router.get("", response_model=list[schemas.WorkerReply], responses=documented(503))
def list_workers(db: Db, config: Config) -> list[WorkerState]:
    """Every worker that has not left or been forgotten, living ones first."""
    return workers.list_workers(db, config.alive_seconds)


# Names hold slashes, as host/cpu:0 does.
@router.post(
    "/{name:path}/drain",
    response_model=schemas.WorkerReply,
    responses=documented(403, 404, 422, 503),
)
def drain_worker(
    db: Db, config: Config, actor: Actor, name: WorkerName, reason: Reason = ""
) -> WorkerState:
    """Lets it take no further run; the one under way is saved and goes back to the queue."""
    workers.drain(db, name, actor, reason)
    return workers.find(db, name, config.alive_seconds)


@router.post(
    "/{name:path}/resume",
    response_model=schemas.WorkerReply,
    responses=documented(403, 404, 422, 503),
)
def resume_worker(
    db: Db, config: Config, actor: Actor, name: WorkerName, reason: Reason = ""
) -> WorkerState:
    """Lets a drained or parked worker take runs; its earlier failures no longer count."""
    workers.resume(db, name, actor, reason)
    return workers.find(db, name, config.alive_seconds)


@router.post(
    "/{name:path}/forget",
    response_model=schemas.WorkerReply,
    responses=documented(403, 404, 409, 422, 503),
)
def forget_worker(
    db: Db, config: Config, actor: Actor, name: WorkerName, reason: Reason = ""
) -> WorkerState:
    """Takes a worker that is gone off the list; answers what it was. 409 while it lives."""
    return workers.forget(db, name, actor, reason, config.alive_seconds)
