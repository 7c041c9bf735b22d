"""Submitting a sweep: stored, expanded and queued in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db import actions, notices, runs
from db.locks import lock_steering
from db.models import Arm, ArmRun, Sweep
from domain.arms import Arm as PlannedArm
from domain.catalogue import Finder, find_shipped
from domain.errors import Conflict
from domain.sweeps import PlannedRun, SweepSpec, expand


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
        owner=owner,
        idempotency_key=idempotency_key,
        baseline=plan.baseline,
        confirms_id=confirms.sweep_id if confirms else None,
        confirms_arm=confirms.arm if confirms else None,
        **written_columns(spec, written),
    )
    if sweep_id is None:
        return find_repeated(db, written, owner, idempotency_key)
    lock_steering(db)
    actions.record(db, owner, "submit", "sweep", sweep_id)
    queue_cells(db, sweep_id, insert_arms(db, sweep_id, plan.arms), plan.runs, owner)
    notices.tell_of_sweeps(db, [sweep_id])  # every one of its runs may have ended before
    return sweep_id


def written_columns(spec: SweepSpec, written: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": spec.name,
        "spec": written,
        "body_hash": hash_body(written),
        "priority": spec.priority,
        "max_running": spec.max_running,
        "device_kind": spec.resources.device_kind,
        "memory_gb": spec.resources.memory_gb,
    }


def hash_body(written: dict[str, Any]) -> str:
    return sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()


def queue_cells(
    db: Session,
    sweep_id: int,
    arm_ids: Mapping[str, int],
    cells: Sequence[PlannedRun],
    actor: str,
) -> None:
    """Gives each cell its run, new or not, and queues those that have no result."""
    specs = [cell.spec for cell in cells]
    run_ids = runs.submit(db, specs, actor, f"asked for by sweep {sweep_id}")
    rows = [
        {"arm_id": arm_ids[cell.arm], "seed": cell.spec.seed, "run_id": run_id}
        for cell, run_id in zip(cells, run_ids, strict=True)
    ]
    db.execute(insert(ArmRun), rows)


def insert_sweep(db: Session, **values: Any) -> int | None:
    """None when the owner has used the key before; waits for one who is using it now."""
    unless_known = insert(Sweep).values(values).on_conflict_do_nothing()
    return db.scalars(unless_known.returning(Sweep.id)).one_or_none()


def find_repeated(db: Session, written: dict[str, Any], owner: str, key: str | None) -> int:
    """By the body first sent: the sweep may have been extended since."""
    earlier = db.scalars(
        select(Sweep).where(Sweep.owner == owner, Sweep.idempotency_key == key)
    ).one()
    same = earlier.body_hash == hash_body(written) if earlier.body_hash else earlier.spec == written
    if not same:
        raise Conflict(f"this idempotency key has made sweep {earlier.id} from another body")
    return earlier.id


def insert_arms(
    db: Session, sweep_id: int, arms: Sequence[PlannedArm], first: int = 0
) -> dict[str, int]:
    """Their ids by name; `first` is where they come among the sweep's arms."""
    rows = [
        {
            "sweep_id": sweep_id,
            "position": position,
            "name": arm.name,
            "template": arm.template,
            "method": arm.method.model_dump(mode="json"),
            "train": arm.train.model_dump(mode="json") if arm.train else None,
        }
        for position, arm in enumerate(arms, first)
    ]
    found = db.execute(insert(Arm).returning(Arm.name, Arm.id), rows)
    return dict(found.all())
