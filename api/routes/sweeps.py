"""Sweeps: preview, submit, read, confirm, compare, report."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from api import exports, figures, kept, packed, plans, reports, schemas
from api.bodies import CONFIRMATION, SWEEP, ConfirmationBody, SweepBody
from api.dependencies import (
    Actor,
    Baseline,
    ComparedK,
    Config,
    Db,
    Find,
    Id,
    IdempotencyKey,
    SweepReport,
    Thin,
    Transaction,
)
from api.errors import documented
from api.windows import SweepWindow
from db import (
    comparisons,
    confirmations,
    grades,
    members,
    previews,
    regulation,
    series,
    submissions,
    sweeps,
)
from db.confirmations import ConfirmationPreview
from db.previews import Preview
from db.sweeps import SweepSummary

router = APIRouter(prefix="/sweeps", tags=["sweeps"])


@router.post(
    "/preview",
    response_model=plans.Preview,
    responses=documented(403, 413, 415, 422, 503),
    openapi_extra=SWEEP,
)
def preview_sweep(db: Db, find: Find, spec: SweepBody) -> Preview:
    """What a submission would do: arms, runs, those that exist already, and device time."""
    return previews.preview(db, spec, find)


@router.post(
    "",
    status_code=201,
    response_model=schemas.SweepSummary,
    responses=documented(403, 409, 413, 415, 422, 503),
    openapi_extra=SWEEP,
)
def submit_sweep(
    db: Db,
    find: Find,
    spec: SweepBody,
    config: Config,
    actor: Actor,
    idempotency_key: IdempotencyKey = None,
) -> SweepSummary:
    """Stores the sweep and queues every run that no earlier sweep has asked for."""
    sweep_id = submissions.submit(db, spec, actor, idempotency_key, find=find)
    return sweeps.summarise(db, sweep_id, config.alive_seconds)


@router.get("/{id}", response_model=schemas.SweepDetail, responses=documented(404, 409, 422, 503))
def read_sweep(db: Db, request: Request, config: Config, sweep_id: Id) -> Response:
    """One sweep with its arms."""
    found = sweeps.find(db, sweep_id, config.alive_seconds)
    return packed.answer(request, schemas.SweepDetail, found)


@router.get("/{id}/runs", response_model=schemas.SweepRuns, responses=documented(404, 422, 503))
def list_sweep_runs(db: Db, request: Request, sweep_id: Id, after: Transaction = None) -> Response:
    """All its runs at once, arm by arm; or those that are live or changed after a cursor.

    An error is cut after its first 500 characters.
    """
    return packed.answer(request, schemas.SweepRuns, members.list_runs(db, sweep_id, after))


@router.get(
    "/{id}/runs.csv",
    response_class=StreamingResponse,
    responses=documented(404, 422, 503) | exports.CSV,
)
def export_sweep_runs(db: Db, sweep_id: Id) -> StreamingResponse:
    """Every run with its state, attempts, times and whole error, one row each."""
    return exports.reply_with_csv(f"sweep-{sweep_id}-runs.csv", members.export(db, sweep_id))


@router.post(
    "/{id}/confirmations/preview",
    response_model=plans.ConfirmationPreview,
    responses=documented(403, 404, 409, 413, 415, 422, 503),
    openapi_extra=CONFIRMATION,
)
def preview_confirmation(
    db: Db, find: Find, actor: Actor, sweep_id: Id, request: ConfirmationBody
) -> ConfirmationPreview:
    """What confirming that arm would do: seeds, held-out problems, runs, and device time."""
    return confirmations.preview(db, sweep_id, request, actor, find)


@router.post(
    "/{id}/confirmations",
    status_code=201,
    response_model=schemas.SweepSummary,
    responses=documented(403, 404, 409, 413, 415, 422, 503),
    openapi_extra=CONFIRMATION,
)
def confirm_arm(
    db: Db, find: Find, config: Config, actor: Actor, sweep_id: Id, request: ConfirmationBody
) -> SweepSummary:
    """Queues one of its arms and the baseline with new seeds, graded on held-out problems.

    The same arm with the same seeds answers the sweep that confirms it already.
    """
    number = confirmations.confirm(db, sweep_id, request, actor, find)
    return sweeps.summarise(db, number, config.alive_seconds)


@router.get(
    "/{id}/comparison",
    response_model=figures.Comparison,
    responses=documented(404, 409, 422, 503) | kept.UNCHANGED,
)
def compare_sweep(
    db: Db,
    request: Request,
    sweep_id: Id,
    k: ComparedK = None,
    baseline: Baseline = None,
    thin: Thin = False,
) -> Response:
    """Every arm against the baseline, with intervals over seeds and problems.

    Adjusted intervals are for all arms against that baseline. Made once for each state of the
    sweep's runs; `If-None-Match` with its ETag answers 304.
    """
    return kept.answer(
        request,
        key=f"{comparisons.fingerprint(db, sweep_id)}-{k or ''}-{thin}-{baseline or ''}",
        make=lambda: comparisons.compare_sweep(db, sweep_id, k, baseline, thin=thin),
        shape=figures.Comparison,
    )


@router.get(
    "/{id}/conclusion",
    response_model=figures.Conclusion,
    responses=documented(404, 409, 422, 503) | kept.UNCHANGED,
)
def conclude_sweep(
    db: Db, request: Request, sweep_id: Id, k: ComparedK = None, baseline: Baseline = None
) -> Response:
    """The words of the comparison at one k, without its figures, which hold every k already."""
    return kept.answer(
        request,
        key=f"conclusion-{comparisons.fingerprint(db, sweep_id)}-{k or ''}-{baseline or ''}",
        make=lambda: comparisons.compare_sweep(db, sweep_id, k, baseline, thin=True),
        shape=figures.Conclusion,
    )


@router.get(
    "/{id}/metrics",
    response_model=figures.SeriesPage,
    responses=documented(404, 422, 503) | kept.UNCHANGED,
)
def read_sweep_metrics(db: Db, request: Request, sweep_id: Id, window: SweepWindow) -> Response:
    """The named metrics of all its runs; `names` of the reply lists what there is.

    Made once for each state of the sweep's runs; `If-None-Match` with its ETag answers 304.
    """
    asked = window.window()
    return kept.answer(
        request,
        key=f"{series.fingerprint_sweep(db, sweep_id)}-{asked}",
        make=lambda: series.read_sweep(db, sweep_id, asked),
        shape=figures.SeriesPage,
    )


@router.get(
    "/{id}/regulation",
    response_model=figures.Regulation,
    responses=documented(404, 422, 503) | kept.UNCHANGED,
)
def read_sweep_regulation(db: Db, request: Request, sweep_id: Id) -> Response:
    """Whether shaping regulated itself: how psi/|A| and entropy went in the finished runs.

    Made once for each state of the sweep's runs; `If-None-Match` with its ETag answers 304.
    """
    return kept.answer(
        request,
        key=f"regulation-{comparisons.fingerprint(db, sweep_id)}",
        make=lambda: regulation.read_regulation(db, sweep_id),
        shape=figures.Regulation,
    )


@router.get(
    "/{id}/report.html",
    response_class=Response,
    responses=documented(404, 409, 422, 503) | reports.HTML,
)
def report_sweep(report: SweepReport) -> Response:
    """One page to keep or print: question, setting, figures, caveats, and how to repeat it."""
    return reports.reply_with_html(report)


@router.get(
    "/{id}/report.md",
    response_class=Response,
    responses=documented(404, 409, 422, 503) | reports.MARKDOWN,
)
def report_sweep_in_markdown(report: SweepReport) -> Response:
    """The report's tables and sentences as Markdown."""
    return reports.reply_with_markdown(report)


@router.get(
    "/{id}/export.csv",
    response_class=StreamingResponse,
    responses=documented(404, 422, 503) | exports.CSV,
)
def export_sweep(db: Db, sweep_id: Id) -> StreamingResponse:
    """Every grade of every run, one row a problem, unsampled."""
    return exports.reply_with_csv(f"sweep-{sweep_id}.csv", grades.export(db, sweep_id))
