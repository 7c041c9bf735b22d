"""Rollouts: which runs of a sweep kept any, and those of a run to read."""

from fastapi import APIRouter, Request, Response

from api import packed
from api import rollouts as replies
from api.dependencies import ChosenRollouts, Db, Id, SeedFilter, Step
from api.errors import documented
from db import rolloutindexes, rollouts

router = APIRouter(tags=["rollouts"])


@router.get(
    "/sweeps/{id}/rollouts",
    response_model=replies.RolloutIndex,
    responses=documented(404, 422, 503),
)
def list_sweep_rollouts(
    db: Db, request: Request, sweep_id: Id, step: Step = None, seed: SeedFilter = None
) -> Response:
    """The steps with kept completions, and which runs have which problems at one of them."""
    found = rolloutindexes.read(db, sweep_id, step, seed)
    return packed.answer(request, replies.RolloutIndex, found)


@router.get(
    "/runs/{id}/rollouts", response_model=replies.RolloutPage, responses=documented(404, 422, 503)
)
def read_run_rollouts(db: Db, request: Request, run_id: Id, query: ChosenRollouts) -> Response:
    """Its kept training completions at one step, with their values token by token."""
    return packed.answer(request, replies.RolloutPage, rollouts.read(db, run_id, query))
