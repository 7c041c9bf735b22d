"""Steering whole sweeps: a verb answers the sweep as it is then."""

from fastapi import APIRouter

from api import plans, schemas, verbs
from api.dependencies import Actor, Config, Db, Find, Id, Limit, Offset
from api.errors import documented
from api.verbs import By, CloneBody, ExtensionBody, LimitBody, PriorityBody, Reason
from db import actions, clones, extensions, steering, sweeps
from db.actions import ActionPage
from db.extensions import ExtensionPreview
from db.sweeps import SweepSummary

router = APIRouter(prefix="/sweeps/{id}", tags=["sweeps"])
REFUSALS = documented(403, 404, 409, 422, 503)
BODY_REFUSALS = documented(403, 404, 409, 413, 415, 422, 503)


@router.post("/pause", response_model=schemas.SweepSummary, responses=REFUSALS)
def pause_sweep(
    db: Db, config: Config, actor: Actor, sweep_id: Id, reason: Reason = ""
) -> SweepSummary:
    """Starts no further run for it; what runs goes on."""
    steering.pause(db, sweep_id, actor, reason)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.post("/resume", response_model=schemas.SweepSummary, responses=REFUSALS)
def resume_sweep(
    db: Db, config: Config, actor: Actor, sweep_id: Id, reason: Reason = ""
) -> SweepSummary:
    """Lets a paused sweep start runs again."""
    steering.resume(db, sweep_id, actor, reason)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.post("/drain", response_model=schemas.SweepSummary, responses=REFUSALS)
def drain_sweep(
    db: Db, config: Config, actor: Actor, sweep_id: Id, reason: Reason = ""
) -> SweepSummary:
    """Cancels what is queued, but for what other sweeps share; what runs finishes."""
    steering.drain(db, sweep_id, actor, reason)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.post("/cancel", response_model=schemas.SweepSummary, responses=REFUSALS)
def cancel_sweep(
    db: Db,
    config: Config,
    actor: Actor,
    sweep_id: Id,
    include_shared: bool = False,
    reason: Reason = "",
) -> SweepSummary:
    """Cancels its unfinished runs, but for those that other sweeps share (unless included)."""
    steering.cancel(db, sweep_id, actor, include_shared, reason)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.post("/retry", response_model=schemas.SweepSummary, responses=REFUSALS)
def retry_sweep(
    db: Db, config: Config, actor: Actor, sweep_id: Id, reason: Reason = ""
) -> SweepSummary:
    """Queues its failed and cancelled runs again."""
    steering.retry(db, sweep_id, actor, reason)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.post("/archive", response_model=schemas.SweepSummary, responses=REFUSALS)
def archive_sweep(
    db: Db, config: Config, actor: Actor, sweep_id: Id, reason: Reason = ""
) -> SweepSummary:
    """Takes a finished sweep off the list; nothing of it is deleted."""
    steering.archive(db, sweep_id, actor, reason)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.post("/unarchive", response_model=schemas.SweepSummary, responses=REFUSALS)
def unarchive_sweep(
    db: Db, config: Config, actor: Actor, sweep_id: Id, reason: Reason = ""
) -> SweepSummary:
    """Puts it on the list again."""
    steering.unarchive(db, sweep_id, actor, reason)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.post(
    "/priority",
    response_model=schemas.SweepSummary,
    responses=BODY_REFUSALS,
    openapi_extra=verbs.SWEEP_PRIORITY,
)
def prioritise_sweep(
    db: Db, config: Config, actor: Actor, sweep_id: Id, wanted: PriorityBody, reason: Reason = ""
) -> SweepSummary:
    """Runs of the sweep with the highest priority start first."""
    steering.prioritise(db, sweep_id, wanted.priority, actor, reason)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.post(
    "/limit",
    response_model=schemas.SweepSummary,
    responses=BODY_REFUSALS,
    openapi_extra=verbs.SWEEP_LIMIT,
)
def limit_sweep(
    db: Db, config: Config, actor: Actor, sweep_id: Id, wanted: LimitBody, reason: Reason = ""
) -> SweepSummary:
    """Lets at most so many of its runs run at once; those that run already go on."""
    steering.limit(db, sweep_id, wanted.max_running, actor, reason)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.post(
    "/clone",
    status_code=201,
    response_model=schemas.SweepSummary,
    responses=BODY_REFUSALS,
    openapi_extra=verbs.CLONE,
)
def clone_sweep(
    db: Db, find: Find, config: Config, by: By, sweep_id: Id, wanted: CloneBody
) -> SweepSummary:
    """A new sweep of the same specification, which shares every run that the old one has."""
    number = clones.clone(db, sweep_id, wanted, by.actor, by.reason, find)
    return sweeps.summarise(db, number, config.alive_seconds)


@router.post(
    "/extensions/preview",
    response_model=plans.Extension,
    responses=BODY_REFUSALS,
    openapi_extra=verbs.EXTENSION,
)
def preview_extension(db: Db, find: Find, sweep_id: Id, more: ExtensionBody) -> ExtensionPreview:
    """What an extension would add: arms, seeds, runs, and device time."""
    return extensions.preview(db, sweep_id, more, find)


@router.post(
    "/extensions",
    response_model=plans.Extension,
    responses=BODY_REFUSALS,
    openapi_extra=verbs.EXTENSION,
)
def extend_sweep(
    db: Db, find: Find, actor: Actor, sweep_id: Id, more: ExtensionBody, reason: Reason = ""
) -> ExtensionPreview:
    """Adds seeds, values and arms; only the cells that the sweep lacks are queued."""
    return extensions.extend(db, sweep_id, more, actor, reason, find)


@router.get("/actions", response_model=verbs.ActionPage, responses=documented(404, 422, 503))
def list_sweep_actions(db: Db, sweep_id: Id, limit: Limit = 50, offset: Offset = 0) -> ActionPage:
    """Who did what to it and why, newest first."""
    sweeps.require_sweep(db, sweep_id)
    return actions.list_actions(db, "sweep", sweep_id, limit, offset)
