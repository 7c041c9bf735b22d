"""A new sweep of the same specification; equal cells are shared by their content hash."""

from sqlalchemy.orm import Session

from db import actions, submissions
from db.models import Sweep
from db.steering import said
from db.submissions import Confirmed
from db.sweeps import read_spec, require_sweep
from domain.catalogue import Finder, find_shipped
from domain.confirmations import LONGEST_NAME
from domain.steering import CloneRequest
from domain.wordings import shortened

COPY = " (copy)"


def clone(
    db: Session,
    sweep_id: int,
    request: CloneRequest,
    owner: str,
    reason: str = "",
    find: Finder = find_shipped,
) -> int:
    """The new sweep's id. Nothing that has a result is run again; what failed is queued again."""
    sweep = require_sweep(db, sweep_id)
    name = request.name or shortened(sweep.name, LONGEST_NAME - len(COPY)) + COPY
    spec = read_spec(sweep).model_copy(update={"name": name})
    number = submissions.submit(db, spec, owner, None, find_link(sweep), find)
    actions.record(db, owner, "clone", "sweep", sweep_id, said(f"as sweep {number}", reason))
    return number


def find_link(sweep: Sweep) -> Confirmed | None:
    """A clone of a confirmation confirms the same arm."""
    if sweep.confirms_id is None or sweep.confirms_arm is None:
        return None
    return Confirmed(sweep.confirms_id, sweep.confirms_arm)
