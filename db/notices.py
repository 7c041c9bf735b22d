"""The outbox: what webhooks shall hear of is written in the transaction that makes it true.

Each event is one row in `deliveries` for each webhook that asked for it, told apart by a key, so
that a repeated transaction adds nothing.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.asking import named
from db.models import Arm, ArmRun, Run, RunEvent, Sweep, Worker
from db.outsiders import Delivery, Webhook
from domain.lifecycle import FINAL, RunStatus, overall
from domain.webhooks import WebhookEvent

FINISH_LOCK = 0x464F524E


def tell_of_moves(db: Session, run_ids: Sequence[int], new: RunStatus) -> None:
    """Writes what follows from runs that have just moved: said by `runs.move` alone."""
    if not run_ids or new not in FINAL:
        return
    if new is RunStatus.FAILED and (told := subscribers(db, WebhookEvent.RUN_FAILED)):
        failed = select(Run).where(Run.id.in_(run_ids)).order_by(Run.id)
        for run in db.scalars(failed, execution_options={"populate_existing": True}):
            tell_of_failure(db, told, run)
    if subscribers(db, WebhookEvent.SWEEP_FINISHED):
        asked = select(Arm.sweep_id).join(ArmRun).where(ArmRun.run_id.in_(run_ids)).distinct()
        tell_of_sweeps(db, db.scalars(asked).all())


def tell_of_sweeps(db: Session, sweep_ids: Collection[int]) -> None:
    """Writes that sweeps have finished, those of them whose runs are all final.

    Two last runs that end at the same moment see each other's end only in turn: hence the lock.
    """
    told = subscribers(db, WebhookEvent.SWEEP_FINISHED)
    if not told:
        return
    db.execute(select(func.pg_advisory_xact_lock(FINISH_LOCK)))
    for sweep in db.scalars(select(Sweep).where(Sweep.id.in_(sweep_ids)).order_by(Sweep.id)):
        statuses = count_statuses(db, sweep.id)
        if statuses and FINAL.issuperset(statuses):
            tell_of_end(db, told, sweep, statuses)


def tell_of_parked(db: Session, worker: Worker) -> None:
    """Writes that a worker takes no more runs, in the transaction that parks it."""
    at = written(worker.parked_at)
    data = {
        "worker": {"name": worker.name, "device": worker.device, "host": worker.host},
        "reason": worker.parked_reason,
        "parked_at": at,
        "page": "/workers",
    }
    told = subscribers(db, WebhookEvent.WORKER_PARKED)
    put(db, told, WebhookEvent.WORKER_PARKED, f"{worker.name} {at}", data)


def tell_of_failure(db: Session, told: Sequence[int], run: Run) -> None:
    wish = named(Run.id == run.id)
    sweeps = db.execute(
        select(Sweep.id, Sweep.name, wish.c.arm)
        .join(wish, wish.c.sweep_id == Sweep.id)
        .order_by(Sweep.id)
    )
    data = {
        "run": {
            "id": run.id,
            "seed": run.seed,
            "status": run.status,
            "failure": run.failure,
            "error": run.error,
            "attempt": run.attempt,
            "worker": run.worker,
            "started_at": written(run.started_at),
            "finished_at": written(run.finished_at),
        },
        "sweeps": [{"id": number, "name": name, "arm": arm} for number, name, arm in sweeps],
        "page": f"/runs/{run.id}",
    }
    put(db, told, WebhookEvent.RUN_FAILED, f"{run.id} {run.attempt}", data)


def tell_of_end(
    db: Session, told: Sequence[int], sweep: Sweep, statuses: dict[RunStatus, int]
) -> None:
    """A sweep ends anew after a retry or an extension: its runs' last transition tells which end.

    So the same end is told once, whoever notices it.
    """
    last = db.scalar(
        select(func.max(RunEvent.id))
        .join(ArmRun, ArmRun.run_id == RunEvent.run_id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep.id)
    )
    data = {
        "sweep": {
            "id": sweep.id,
            "name": sweep.name,
            "status": overall(statuses),
            "runs": {status: statuses.get(status, 0) for status in sorted(FINAL)},
            "created_at": written(sweep.created_at),
        },
        "page": f"/sweeps/{sweep.id}",
    }
    put(db, told, WebhookEvent.SWEEP_FINISHED, f"{sweep.id} {last}", data)


def put(
    db: Session, told: Sequence[int], event: WebhookEvent, key: str, data: dict[str, Any]
) -> None:
    """One row for each webhook; none where that webhook has one by this key already."""
    payload = {"type": event, "timestamp": datetime.now(UTC).isoformat(), "data": data}
    rows = [
        {"webhook_id": one, "event": event, "dedup_key": f"{event} {key}", "payload": payload}
        for one in told
    ]
    if rows:
        db.execute(insert(Delivery).on_conflict_do_nothing(), rows)


def subscribers(db: Session, event: WebhookEvent) -> Sequence[int]:
    """The webhooks that asked for it, held until the transaction ends.

    One that is being removed must not make a run's end fail for the row that refers to it.
    """
    wanted = select(Webhook.id).where(Webhook.events.contains([event])).order_by(Webhook.id)
    return db.scalars(wanted.with_for_update(read=True, key_share=True)).all()


def count_statuses(db: Session, sweep_id: int) -> dict[RunStatus, int]:
    rows = db.execute(
        select(Run.status, func.count())
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep_id)
        .group_by(Run.status)
    )
    return {RunStatus(status): number for status, number in rows}


def written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
