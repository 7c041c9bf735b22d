"""What happened to a sweep: what somebody did to it, and what became of its runs."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.actions import list_actions
from db.models import Arm, ArmRun, Run, RunEvent
from db.sweeps import require_sweep


@dataclass(frozen=True)
class Happening:
    """Either an `action` on the sweep, or that a run of its `arm` became `status`."""

    at: datetime
    actor: str
    reason: str
    action: str | None = None
    run_id: int | None = None
    arm: str | None = None
    seed: int | None = None
    status: str | None = None


def read_chronicle(db: Session, sweep_id: int, limit: int) -> list[Happening]:
    """The latest, newest first. Raises NotFound."""
    require_sweep(db, sweep_id)
    both = [*read_actions(db, sweep_id, limit), *read_transitions(db, sweep_id, limit)]
    return list(islice(sorted(both, key=lambda one: one.at, reverse=True), limit))


def read_actions(db: Session, sweep_id: int, limit: int) -> list[Happening]:
    found = list_actions(db, "sweep", sweep_id, limit, 0).actions
    return [Happening(one.at, one.actor, one.reason, action=one.action) for one in found]


def read_transitions(db: Session, sweep_id: int, limit: int) -> list[Happening]:
    rows = db.execute(
        select(
            RunEvent.at,
            RunEvent.actor,
            RunEvent.reason,
            RunEvent.new.label("status"),
            Run.id.label("run_id"),
            Run.seed,
            Arm.name.label("arm"),
        )
        .join(Run, Run.id == RunEvent.run_id)
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep_id)
        .order_by(RunEvent.id.desc())
        .limit(limit)
    )
    return [Happening(**row) for row in rows.mappings()]
