"""Extending a sweep in the database: only the cells that it lacks are queued."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import actions, notices, previews
from db.models import Arm, ArmRun, Run, Sweep
from db.previews import Preview
from db.steering import hold, require_open, said
from db.submissions import insert_arms, queue_cells
from db.sweeps import read_spec
from domain.catalogue import Finder, find_shipped
from domain.errors import Conflict
from domain.extensions import ExtensionRequest
from domain.extensions import extend as unite
from domain.runs import content_hash
from domain.sweeps import Plan, SweepSpec, expand


@dataclass(frozen=True)
class Enlarged:
    """A sweep's specification with what is added, and all its cells.

    `before` is what was added to, `had` the same as it is stored.
    """

    had: dict[str, Any]
    before: SweepSpec
    spec: SweepSpec
    whole: Plan


@dataclass(frozen=True)
class Growth:
    """A sweep as it will be, and the part of its plan that it has not got."""

    spec: SweepSpec
    missing: Plan
    added_arms: list[str]
    added_seeds: list[int]


@dataclass(frozen=True)
class ExtensionPreview(Preview):
    """What an extension queues: its arms and runs are those that the sweep lacked."""

    sweep_id: int
    added_arms: list[str]
    added_seeds: list[int]
    note: str


def extend(
    db: Session,
    sweep_id: int,
    request: ExtensionRequest,
    actor: str,
    reason: str = "",
    find: Finder = find_shipped,
) -> ExtensionPreview:
    """Queues what the sweep lacks of it; one that was cancelled or drained asks for runs again.

    Raises Invalid like a submission, and Conflict when new cells could not be compared with those
    that are there.
    """
    # A large sweep takes its time, in which nobody else has to wait.
    enlarged = enlarge(require_open(db, sweep_id), request, find)
    sweep = hold(db, sweep_id)
    if sweep.spec != enlarged.had:
        enlarged = enlarge(sweep, request, find)
    growth = plan(db, sweep_id, enlarged)
    found = describe(db, sweep_id, growth)
    if growth.missing.runs:
        grow(db, sweep, growth, actor)
        words = said(found.note, reason)
        actions.record(db, actor, "extend", "sweep", sweep_id, words)
        notices.tell_of_sweeps(db, [sweep_id])  # every new cell may have a result already
    return found


def preview(
    db: Session, sweep_id: int, request: ExtensionRequest, find: Finder = find_shipped
) -> ExtensionPreview:
    """What `extend` would do. Raises what it would raise."""
    enlarged = enlarge(require_open(db, sweep_id), request, find)
    return describe(db, sweep_id, plan(db, sweep_id, enlarged))


def enlarge(sweep: Sweep, request: ExtensionRequest, find: Finder) -> Enlarged:
    if sweep.confirms_id is not None:
        raise Conflict(
            f"sweep {sweep.id} confirms an arm of sweep {sweep.confirms_id}, with seeds chosen "
            "once; confirm that arm again with further seeds instead"
        )
    before = read_spec(sweep)
    spec = unite(before, request, find)
    return Enlarged(sweep.spec, before, spec, expand(spec, find))


def plan(db: Session, sweep_id: int, enlarged: Enlarged) -> Growth:
    whole, known = enlarged.whole, read_cells(db, sweep_id)
    refuse_changed(sweep_id, whole, known)
    missing = [cell for cell in whole.runs if (cell.arm, cell.spec.seed) not in known]
    grown = {cell.arm for cell in missing}
    had = {arm for arm, _ in known}
    return Growth(
        spec=enlarged.spec,
        missing=whole.model_copy(
            update={"runs": missing, "arms": [arm for arm in whole.arms if arm.name in grown]}
        ),
        added_arms=[arm.name for arm in whole.arms if arm.name not in had],
        added_seeds=[seed for seed in enlarged.spec.seeds if seed not in enlarged.before.seeds],
    )


def read_cells(db: Session, sweep_id: int) -> dict[tuple[str, int], str]:
    """The content hash of each (arm, seed) that the sweep has."""
    rows = db.execute(
        select(Arm.name, ArmRun.seed, Run.content_hash)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(Arm.sweep_id == sweep_id)
    )
    return {(arm, seed): key for arm, seed, key in rows}


def refuse_changed(sweep_id: int, whole: Plan, known: dict[tuple[str, int], str]) -> None:
    """Old cells and new ones must be of one experiment. Raises Conflict."""
    for cell in whole.runs:
        key = known.get((cell.arm, cell.spec.seed))
        if key is not None and key != content_hash(cell.spec):
            raise Conflict(
                f"sweep {sweep_id} was submitted to another version of its model, its task or the "
                "trainer, so new cells could not be compared with its own; clone it instead"
            )


def grow(db: Session, sweep: Sweep, growth: Growth, actor: str) -> None:
    known = select(Arm.name, Arm.id).where(Arm.sweep_id == sweep.id)
    arm_ids = dict(db.execute(known).all())
    fresh = [arm for arm in growth.missing.arms if arm.name not in arm_ids]
    if fresh:
        arm_ids |= insert_arms(db, sweep.id, fresh, first=len(arm_ids))
    queue_cells(db, sweep.id, arm_ids, growth.missing.runs, actor)
    sweep.spec = growth.spec.model_dump(mode="json", exclude_unset=True)
    sweep.cancelled_at = sweep.drained_at = None


def describe(db: Session, sweep_id: int, growth: Growth) -> ExtensionPreview:
    found = previews.describe(db, growth.spec, growth.missing)
    return ExtensionPreview(
        **vars(found),
        sweep_id=sweep_id,
        added_arms=growth.added_arms,
        added_seeds=growth.added_seeds,
        note=note(sweep_id, found),
    )


def note(sweep_id: int, found: Preview) -> str:
    if not found.runs:
        return f"sweep {sweep_id} has all of this already: nothing was added"
    kept = len(found.existing) - found.queued_again
    done = f", {kept} of them shared with other sweeps" if kept else ""
    return f"{found.runs} runs added{done}"
