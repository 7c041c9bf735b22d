"""Behaviour analyses: asking for them, and reading what they found."""

from fastapi import APIRouter, Request, Response

from api import behaviours as replies
from api import kept
from api import sweepbehaviours as figures
from api.bodies import RUN_INQUIRY, SWEEP_INQUIRY, RunInquiryBody, SweepInquiryBody
from api.dependencies import (
    Actor,
    ArmName,
    Baseline,
    BehaviourPlace,
    Db,
    Find,
    Id,
    InquiryKey,
    Limit,
    Offset,
)
from api.errors import documented
from db import analyses, behaviours, bonuses, inquiries, sweepbehaviours
from db.analyses import AnalysisList, AnalysisPreview, AskedList
from db.behaviours import TracePage
from domain.findings import RareList

router = APIRouter(tags=["behaviour"])


@router.post(
    "/sweeps/{id}/analyses/preview",
    response_model=replies.AnalysisPreview,
    responses=documented(403, 404, 409, 413, 415, 422, 503),
    openapi_extra=SWEEP_INQUIRY,
)
def preview_analyses(
    db: Db, find: Find, sweep_id: Id, inquiry: SweepInquiryBody
) -> AnalysisPreview:
    """How many analyses that would be, how many of them new, and what they cost at most."""
    return analyses.preview(db, sweep_id, inquiry, find)


@router.post(
    "/sweeps/{id}/analyses",
    status_code=201,
    response_model=replies.AskedPage,
    responses=documented(403, 404, 409, 413, 415, 422, 503),
    openapi_extra=SWEEP_INQUIRY,
)
def analyse_sweep(
    db: Db, find: Find, actor: Actor, sweep_id: Id, inquiry: SweepInquiryBody
) -> AskedList:
    """Queues analyses of its runs; one that exists, for whoever asked, is not made again."""
    return analyses.ask(db, sweep_id, inquiry, actor, find)


@router.get(
    "/sweeps/{id}/analyses",
    response_model=replies.AnalysisPage,
    responses=documented(404, 409, 422, 503),
)
def list_analyses(db: Db, sweep_id: Id) -> AnalysisList:
    """Its analyses and how far they are, and of which steps there could be more."""
    return analyses.list_analyses(db, sweep_id)


@router.get(
    "/sweeps/{id}/behaviour",
    response_model=figures.SweepBehaviour,
    responses=documented(404, 409, 422, 503) | kept.UNCHANGED,
)
def read_sweep_behaviour(
    db: Db, request: Request, sweep_id: Id, inquiry: InquiryKey = None
) -> Response:
    """What its finished analyses found: every arm after every step, over seeds and problems.

    Made once for each state of its analyses; `If-None-Match` with its ETag answers 304.
    """
    return kept.answer(
        request,
        key=f"behaviour-{inquiries.fingerprint(db, sweep_id)}-{inquiry or ''}",
        make=lambda: sweepbehaviours.read_sweep(db, sweep_id, inquiry),
        shape=figures.SweepBehaviour,
    )


@router.get(
    "/sweeps/{id}/behaviour/differences",
    response_model=figures.BehaviourDifferences,
    responses=documented(404, 409, 422, 503) | kept.UNCHANGED,
)
def read_behaviour_differences(
    db: Db, request: Request, sweep_id: Id, place: BehaviourPlace, baseline: Baseline = None
) -> Response:
    """Every arm against the baseline, or `untrained`; p allows for all arms, kinds and measures."""
    return kept.answer(
        request,
        key=f"differences-{inquiries.fingerprint(db, sweep_id)}-{place}-{baseline or ''}",
        make=lambda: sweepbehaviours.read_differences(db, sweep_id, place, baseline),
        shape=figures.BehaviourDifferences,
    )


@router.get(
    "/sweeps/{id}/behaviour/gaps",
    response_model=figures.ArmGaps,
    responses=documented(404, 409, 422, 503) | kept.UNCHANGED,
)
def read_behaviour_gaps(
    db: Db, request: Request, sweep_id: Id, arm: ArmName, place: BehaviourPlace
) -> Response:
    """Entropy of one arm at words and sentences against the rest, also within tenths of the trace
    and within problems."""
    return kept.answer(
        request,
        key=f"gaps-{inquiries.fingerprint(db, sweep_id)}-{place}-{arm}",
        make=lambda: sweepbehaviours.read_gaps(db, sweep_id, arm, place),
        shape=figures.ArmGaps,
    )


@router.get(
    "/sweeps/{id}/regulation/kinds",
    response_model=figures.ArmBonuses,
    responses=documented(404, 409, 422, 503) | kept.UNCHANGED,
)
def read_regulation_by_kind(db: Db, request: Request, sweep_id: Id, arm: ArmName) -> Response:
    """psi/|A|, share at the cap and entropy of one arm by kind of token, in kept completions."""
    return kept.answer(
        request,
        key=f"bonuses-{bonuses.fingerprint(db, sweep_id, arm)}",
        make=lambda: bonuses.read_arm(db, sweep_id, arm),
        shape=figures.ArmBonuses,
    )


@router.post(
    "/runs/{id}/analyses",
    status_code=201,
    response_model=replies.AskedPage,
    responses=documented(403, 404, 409, 413, 415, 422, 503),
    openapi_extra=RUN_INQUIRY,
)
def analyse_run(db: Db, find: Find, actor: Actor, run_id: Id, inquiry: RunInquiryBody) -> AskedList:
    """Queues analyses of one run, for the first sweep that has it."""
    return analyses.ask_of_run(db, run_id, inquiry, actor, find)


@router.get(
    "/runs/{id}/analyses",
    response_model=replies.AnalysisPage,
    responses=documented(404, 409, 422, 503),
)
def list_run_analyses(db: Db, run_id: Id) -> AnalysisList:
    """Those of one run, and of the untrained model it began from."""
    return analyses.list_of_run(db, run_id)


@router.get(
    "/runs/{id}/behaviour",
    response_model=replies.RunBehaviour,
    responses=documented(404, 409, 422, 503) | kept.UNCHANGED,
)
def read_behaviour(db: Db, request: Request, run_id: Id) -> Response:
    """What one analysis found so far; its id is that of its own run."""
    return kept.answer(
        request,
        key=f"behaviour-of-{run_id}-{behaviours.fingerprint_of(db, run_id)}",
        make=lambda: behaviours.read_run(db, run_id),
        shape=replies.RunBehaviour,
    )


@router.get(
    "/runs/{id}/behaviour/sentences",
    response_model=replies.RareSentences,
    responses=documented(404, 409, 422, 503),
)
def read_rare_sentences(db: Db, run_id: Id) -> RareList:
    """The rarest sentences that an analysis found, to read."""
    return behaviours.read_sentences(db, run_id)


@router.get(
    "/runs/{id}/behaviour/traces",
    response_model=replies.TracePage,
    responses=documented(404, 409, 422, 503),
)
def read_traces(db: Db, run_id: Id, limit: Limit = 8, offset: Offset = 0) -> TracePage:
    """The traces that an analysis kept token by token."""
    return behaviours.read_traces(db, run_id, limit, offset)
