"""Runs: read, steer, and what they left behind."""

from fastapi import APIRouter, Request, Response

from api import figures, kept, schemas, verbs
from api.dependencies import (
    Actor,
    AttemptNumber,
    Db,
    Id,
    Limit,
    Offset,
    Step,
    SweepFilter,
)
from api.errors import documented
from api.verbs import QUEUE_PRIORITY, RUNS, PlaceBody, Reason, RunsBody
from api.windows import RunWindow
from db import actions, batches, grades, histories, listings, queues, runs, series
from db.actions import ActionPage
from db.batches import Result
from db.grades import GradePage
from db.histories import AttemptRecord, LogTail, RunDetail
from db.listings import RunPage
from domain.lifecycle import RunStatus

router = APIRouter(prefix="/runs", tags=["runs"])


@router.get("", response_model=schemas.RunPage, responses=documented(422, 503))
def list_runs(
    db: Db,
    status: RunStatus | None = None,
    sweep: SweepFilter = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> RunPage:
    """Runs, newest first."""
    return listings.list_runs(db, status, sweep, limit, offset)


@router.post(
    "/cancel",
    response_model=list[verbs.RunResult],
    responses=documented(403, 413, 415, 422, 503),
    openapi_extra=RUNS,
)
def cancel_runs(db: Db, actor: Actor, wanted: RunsBody) -> list[Result]:
    """Stops many runs, as one is stopped; each answers for itself."""
    return batches.cancel(db, wanted.ids, actor, wanted.reason or "cancelled by its user")


@router.post(
    "/retry",
    response_model=list[verbs.RunResult],
    responses=documented(403, 413, 415, 422, 503),
    openapi_extra=RUNS,
)
def retry_runs(db: Db, actor: Actor, wanted: RunsBody) -> list[Result]:
    """Queues many failed or cancelled runs again; each answers for itself."""
    return batches.retry(db, wanted.ids, actor, wanted.reason or "retried by its user")


@router.get("/{id}", response_model=schemas.RunDetail, responses=documented(404, 409, 422, 503))
def read_run(db: Db, run_id: Id) -> RunDetail:
    """One run with its specification, attempts and transitions."""
    return histories.find(db, run_id)


@router.post(
    "/{id}/cancel",
    response_model=schemas.RunDetail,
    responses=documented(403, 404, 409, 422, 503),
)
def cancel_run(db: Db, actor: Actor, run_id: Id, reason: Reason = "") -> RunDetail:
    """Stops a run, for every sweep that shares it: at once when queued, soon when running."""
    runs.cancel(db, run_id, actor, reason or "cancelled by its user")
    return histories.find(db, run_id)


@router.post(
    "/{id}/retry",
    response_model=schemas.RunDetail,
    responses=documented(403, 404, 409, 422, 503),
)
def retry_run(db: Db, actor: Actor, run_id: Id, reason: Reason = "") -> RunDetail:
    """Queues a failed or cancelled run again."""
    runs.retry(db, run_id, actor, reason or "retried by its user")
    return histories.find(db, run_id)


@router.post(
    "/{id}/restart",
    response_model=schemas.RunDetail,
    responses=documented(403, 404, 409, 422, 503),
)
def restart_run(db: Db, actor: Actor, run_id: Id, reason: Reason = "") -> RunDetail:
    """Queues a failed, cancelled or queued run to train from zero, without its checkpoint."""
    runs.restart(db, run_id, actor, reason or "restarted by its user")
    return histories.find(db, run_id)


@router.post(
    "/{id}/priority",
    response_model=schemas.RunDetail,
    responses=documented(403, 404, 409, 413, 415, 422, 503),
    openapi_extra=QUEUE_PRIORITY,
)
def prioritise_run(
    db: Db, actor: Actor, run_id: Id, wanted: PlaceBody, reason: Reason = ""
) -> RunDetail:
    """Moves a queued run within the queue of its sweeps."""
    queues.reorder(db, run_id, wanted.priority, actor, reason)
    return histories.find(db, run_id)


@router.get("/{id}/actions", response_model=verbs.ActionPage, responses=documented(404, 422, 503))
def list_run_actions(db: Db, run_id: Id, limit: Limit = 50, offset: Offset = 0) -> ActionPage:
    """Who restarted or moved it in the queue, newest first; its transitions tell the rest."""
    runs.find(db, run_id)
    return actions.list_actions(db, "run", run_id, limit, offset)


@router.get("/{id}/log", response_model=schemas.LogTail, responses=documented(404, 422, 503))
def read_run_log(db: Db, run_id: Id) -> LogTail:
    """The last lines its latest attempt wrote."""
    return histories.read_log(db, run_id)


@router.get(
    "/{id}/attempts/{number}/record",
    response_model=schemas.AttemptRecord,
    responses=documented(404, 422, 503),
)
def read_attempt_record(db: Db, run_id: Id, number: AttemptNumber) -> AttemptRecord:
    """Code, packages, device and data of one attempt, and a command that repeats the run."""
    return histories.read_record(db, run_id, number)


@router.get(
    "/{id}/metrics",
    response_model=figures.SeriesPage,
    responses=documented(404, 422, 503) | kept.UNCHANGED,
)
def read_run_metrics(db: Db, request: Request, run_id: Id, window: RunWindow) -> Response:
    """The named metrics of the run; `names` of the reply lists what there is.

    Made once for each state of the run; `If-None-Match` with its ETag answers 304.
    """
    asked = window.window()
    return kept.answer(
        request,
        key=f"{series.fingerprint_run(db, run_id)}-{asked}",
        make=lambda: series.read_run(db, run_id, asked),
        shape=figures.SeriesPage,
    )


@router.get("/{id}/grades", response_model=figures.GradePage, responses=documented(404, 422, 503))
def read_run_grades(db: Db, run_id: Id, step: Step = None) -> GradePage:
    """Its grades at one evaluated step."""
    return grades.read(db, run_id, step)
