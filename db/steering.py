"""Cancelling and retrying a whole sweep."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from db import runs
from db.models import Arm, ArmRun, Run
from db.submissions import lock_steering
from db.sweeps import asked_elsewhere, require_sweep
from domain.errors import Conflict
from domain.lifecycle import REPEATABLE, UNFINISHED, RunStatus


def cancel(db: Session, sweep_id: int, actor: str, include_shared: bool) -> int:
    """Cancels unfinished runs; answers how many. Runs of other sweeps are kept unless included.

    Raises Conflict when there is none to cancel.
    """
    sweep = require_sweep(db, sweep_id)
    lock_steering(db)
    unfinished = list_runs(db, sweep_id, UNFINISHED)
    chosen = [run_id for run_id, shared in unfinished if include_shared or not shared]
    if unfinished and not chosen:
        raise Conflict(
            f"other sweeps share all {len(unfinished)} unfinished runs of sweep {sweep_id}; "
            "cancel with include_shared=true to stop them for every sweep"
        )
    if not chosen:
        raise Conflict(f"sweep {sweep_id} has no queued or running run")
    sweep.cancelled_at = func.now()
    return runs.cancel_all(db, chosen, actor, f"sweep {sweep_id} was cancelled")


def retry(db: Session, sweep_id: int, actor: str) -> int:
    """Queues failed and cancelled runs again. Raises Conflict when there are none."""
    sweep = require_sweep(db, sweep_id)
    lock_steering(db)
    ended = list_runs(db, sweep_id, REPEATABLE)
    if not ended:
        raise Conflict(f"sweep {sweep_id} has no failed or cancelled run")
    sweep.cancelled_at = None
    ids = [run_id for run_id, _ in ended]
    return runs.retry_all(db, ids, actor, f"sweep {sweep_id} was retried")


def list_runs(
    db: Session, sweep_id: int, statuses: Sequence[RunStatus]
) -> Sequence[tuple[int, bool]]:
    """Ids in order, and whether another sweep has the run as well.

    Whoever analyses the tables while a large sweep is being stored leaves PostgreSQL with the idea
    that they are empty, and a plan for that takes minutes: they are counted anew first.
    """
    db.execute(text("ANALYZE arms, arm_runs, runs"))
    rows = db.execute(
        select(Run.id, asked_elsewhere(sweep_id))
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep_id, Run.status.in_(statuses))
        .order_by(Run.id)
    )
    return rows.all()
