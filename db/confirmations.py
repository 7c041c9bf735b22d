"""Confirming an arm of a finished search by a sweep of its own."""

import json
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import previews, submissions
from db.models import Arm, ArmRun, Run, Sweep
from db.previews import Preview
from db.submissions import Confirmed
from db.sweeps import read_spec, require_sweep
from domain.catalogue import Finder, find_shipped
from domain.confirmations import ConfirmationRequest, plan_confirmation
from domain.errors import Conflict
from domain.lifecycle import FINAL, RunStatus
from domain.runs import EvalSettings
from domain.sweeps import SweepSpec, expand


@dataclass(frozen=True)
class Planned:
    """A confirmation of `arm`, by the name it has in the search."""

    spec: SweepSpec
    arm: str
    evaluation: EvalSettings


@dataclass(frozen=True)
class ConfirmationPreview(Preview):
    """`sweep_id` is the sweep that confirms this arm with these seeds already, if there is one."""

    arm: str
    question: str
    seeds: list[int]
    problems: int
    samples: int
    sweep_id: int | None


def confirm(
    db: Session,
    search_id: int,
    request: ConfirmationRequest,
    owner: str,
    find: Finder = find_shipped,
) -> int:
    """The new sweep's id, or that of the one which the same arm and seeds have made.

    Raises NotFound, Invalid as a plan does, and Conflict while the search is not finished.
    """
    planned = plan(db, search_id, request, find)
    known = find_known(db, search_id, planned, owner)
    if known is not None:
        return known
    refuse_unfinished(db, search_id, planned.arm)
    confirmed = Confirmed(search_id, planned.arm)
    key = write_key(search_id, planned)
    return submissions.submit(db, planned.spec, owner, key, confirmed, find)


def preview(
    db: Session,
    search_id: int,
    request: ConfirmationRequest,
    owner: str,
    find: Finder = find_shipped,
) -> ConfirmationPreview:
    """What `confirm` would do. Raises what it would raise."""
    planned = plan(db, search_id, request, find)
    known = find_known(db, search_id, planned, owner)
    if known is None:
        refuse_unfinished(db, search_id, planned.arm)
    return ConfirmationPreview(
        **vars(previews.preview(db, planned.spec, find)),
        arm=planned.arm,
        question=planned.spec.question,
        seeds=planned.spec.seeds,
        problems=planned.evaluation.problems,
        samples=planned.evaluation.samples,
        sweep_id=known,
    )


def plan(db: Session, search_id: int, request: ConfirmationRequest, find: Finder) -> Planned:
    search = read_spec(require_sweep(db, search_id))
    spec = plan_confirmation(search, request.arm, request.seeds, find)
    expanded = expand(spec, find)
    arm = next(arm.name for arm in expanded.arms if arm.name != expanded.baseline)
    return Planned(spec, arm, expanded.runs[0].spec.eval)


def write_key(search_id: int, planned: Planned) -> str:
    """An idempotency key; its spaces keep it apart from those that users send."""
    content = json.dumps([planned.arm, planned.spec.seeds])
    return f"confirmation of sweep {search_id}: {sha256(content.encode()).hexdigest()}"


def find_known(db: Session, search_id: int, planned: Planned, owner: str) -> int | None:
    key = write_key(search_id, planned)
    return db.scalar(select(Sweep.id).where(Sweep.owner == owner, Sweep.idempotency_key == key))


def refuse_unfinished(db: Session, search_id: int, arm: str) -> None:
    rows = db.execute(
        select(Arm.name, Run.status, func.count())
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(Arm.sweep_id == search_id)
        .group_by(Arm.name, Run.status)
    )
    counts = Counter({(name, RunStatus(status)): number for name, status, number in rows})
    totals = {
        state: sum(counts[name, status] for name, status in counts if status == state)
        for state in RunStatus
        if state not in FINAL
    }
    if moving := [f"{number} {state}" for state, number in totals.items() if number]:
        raise Conflict(
            f"sweep {search_id} is not finished: {', '.join(moving)}; "
            "an arm can be confirmed once every run has ended, so wait or cancel the rest"
        )
    if not counts[arm, RunStatus.SUCCEEDED]:
        raise Conflict(
            f"no run of {arm} in sweep {search_id} has succeeded, so there is nothing to confirm; "
            "retry its runs first"
        )
