"""Sweeps of one run a seed, and what became of them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import actions, runs
from db.models import Arm, ArmRun
from tests.factories import submit_sweep

GRPO = {"name": "grpo", "method": "grpo"}


def submit(db: Session, seeds: list[int], **changes: Any) -> int:
    """A sweep of one run a seed."""
    return submit_sweep(db, arms=[GRPO], seeds=seeds, **changes)


def run_ids(db: Session, sweep_id: int) -> list[int]:
    mine = select(ArmRun.run_id).join(Arm, Arm.id == ArmRun.arm_id).where(Arm.sweep_id == sweep_id)
    return list(db.scalars(mine.order_by(ArmRun.seed)))


def states(db: Session, sweep_id: int) -> list[str]:
    return [runs.find(db, run_id).status for run_id in run_ids(db, sweep_id)]


def done(db: Session, sweep_id: int) -> list[str]:
    """What was done to a sweep, oldest first."""
    page = actions.list_actions(db, "sweep", sweep_id, 50, 0)
    return [action.action for action in reversed(page.actions)]
