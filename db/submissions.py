"""Submitting a sweep: stored, expanded and queued in one transaction."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db import notices, runs
from db.models import Arm, ArmRun, Sweep
from domain.catalogue import Finder, find_shipped
from domain.errors import Conflict
from domain.sweeps import Plan, SweepSpec, expand

STEERING_LOCK = 0x464F525332


@dataclass(frozen=True)
class Confirmed:
    """The sweep and its arm that another sweep confirms."""

    sweep_id: int
    arm: str


def submit(
    db: Session,
    spec: SweepSpec,
    owner: str,
    idempotency_key: str | None,
    confirms: Confirmed | None = None,
    find: Finder = find_shipped,
) -> int:
    """The new sweep's id, or that of the sweep which this key has made from this body.

    Raises Invalid when it cannot be expanded, Conflict when the key was used for another body.
    """
    plan = expand(spec, find)
    written = spec.model_dump(mode="json", exclude_unset=True)
    sweep_id = insert_sweep(
        db,
        name=spec.name,
        owner=owner,
        idempotency_key=idempotency_key,
        spec=written,
        baseline=plan.baseline,
        confirms_id=confirms.sweep_id if confirms else None,
        confirms_arm=confirms.arm if confirms else None,
    )
    if sweep_id is None:
        return find_repeated(db, written, owner, idempotency_key)
    lock_steering(db)
    arm_ids = insert_arms(db, sweep_id, plan)
    specs = [planned.spec for planned in plan.runs]
    run_ids = runs.submit(db, specs, owner, f"asked for by sweep {sweep_id}")
    rows = [
        {"arm_id": arm_ids[planned.arm], "seed": planned.spec.seed, "run_id": run_id}
        for planned, run_id in zip(plan.runs, run_ids, strict=True)
    ]
    db.execute(insert(ArmRun), rows)
    notices.tell_of_sweeps(db, [sweep_id])  # every one of its runs may have ended before
    return sweep_id


def insert_sweep(db: Session, **values: Any) -> int | None:
    """None when the owner has used the key before; waits for one who is using it now."""
    unless_known = insert(Sweep).values(values).on_conflict_do_nothing()
    return db.scalars(unless_known.returning(Sweep.id)).one_or_none()


def find_repeated(db: Session, written: dict[str, Any], owner: str, key: str | None) -> int:
    earlier = db.scalars(
        select(Sweep).where(Sweep.owner == owner, Sweep.idempotency_key == key)
    ).one()
    if earlier.spec != written:
        raise Conflict(f"this idempotency key has made sweep {earlier.id} from another body")
    return earlier.id


def insert_arms(db: Session, sweep_id: int, plan: Plan) -> dict[str, int]:
    rows = [
        {
            "sweep_id": sweep_id,
            "position": position,
            "name": arm.name,
            "template": arm.template,
            "method": arm.method.model_dump(mode="json"),
            "train": arm.train.model_dump(mode="json") if arm.train else None,
        }
        for position, arm in enumerate(plan.arms)
    ]
    found = db.execute(insert(Arm).returning(Arm.name, Arm.id), rows)
    return dict(found.all())


def lock_steering(db: Session) -> None:
    """One submission, cancel or retry of a whole sweep at a time.

    They touch many runs, shared between sweeps: in turn, they neither deadlock nor cancel a run
    that another sweep asks for at the same moment.
    """
    db.execute(select(func.pg_advisory_xact_lock(STEERING_LOCK)))
