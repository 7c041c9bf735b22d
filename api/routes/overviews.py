"""Sweeps at a glance: the list of them, and what the first page of one shows."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api import figures, glances, kept, schemas
from api.dependencies import Config, Db, Find, Id, Limit, Offset, Search
from api.errors import documented
from db import chronicles, comparisons, conditions, overviews
from db.chronicles import Happening
from db.conditions import Conditions
from db.overviews import SweepPage, SweepSort, WantedSweeps

router = APIRouter(prefix="/sweeps", tags=["sweeps"])


def want(
    search: Search = "",
    archived: bool = False,
    sort: SweepSort = "-created",
    limit: Limit = 50,
    offset: Offset = 0,
) -> WantedSweeps:
    return WantedSweeps(search, archived, sort, limit, offset)


@router.get("", response_model=schemas.SweepPage, responses=documented(422, 503))
def list_sweeps(
    db: Db, config: Config, wanted: Annotated[WantedSweeps, Depends(want)]
) -> SweepPage:
    """Sweeps, newest first unless sorted: those that are archived, or those that are not."""
    return overviews.list_sweeps(db, wanted, config.alive_seconds)


@router.get(
    "/{id}/leader",
    response_model=figures.Leader,
    responses=documented(404, 409, 422, 503) | kept.UNCHANGED,
)
def read_leader(db: Db, request: Request, sweep_id: Id) -> Response:
    """The arm its conclusion speaks of, in what a list has room for.

    Made once for each state of the sweep's runs, as comparisons are.
    """
    return kept.answer(
        request,
        key=f"leader-{comparisons.fingerprint(db, sweep_id)}",
        make=lambda: comparisons.lead_sweep(db, sweep_id),
        shape=figures.Leader,
    )


@router.get(
    "/{id}/conditions", response_model=glances.Conditions, responses=documented(404, 409, 422, 503)
)
def read_conditions(db: Db, find: Find, sweep_id: Id) -> Conditions:
    """What all its runs share: model and task with their cards, training and evaluation."""
    return conditions.read_conditions(db, sweep_id, find)


@router.get(
    "/{id}/chronicle",
    response_model=list[glances.Happening],
    responses=documented(404, 422, 503),
)
def read_chronicle(db: Db, sweep_id: Id, limit: Limit = 20) -> list[Happening]:
    """The latest that was done to it and that became of its runs, newest first."""
    return chronicles.read_chronicle(db, sweep_id, limit)
