"""The queue: what starts next, why the rest waits, and moving a run within it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Subquery, case, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from db import actions, runs
from db.asking import asked, named
from db.locks import lock_claims
from db.models import Run, Sweep, Worker
from db.offers import count_live, is_willing, still_asks
from db.workers import heard_within
from domain.errors import Conflict
from domain.lifecycle import RunStatus
from domain.steering import AskingSweep, KnownWorker, WaitingRun, demand, explain_wait


@dataclass(frozen=True)
class QueuedRun:
    """A queued run under the sweep that will probably start it; `waits` says why it has not.

    `others` counts the other sweeps that still ask for it.
    """

    run_id: int
    sweep_id: int
    sweep_name: str
    arm: str
    analysed_step: int | None
    seed: int
    sweep_priority: int
    priority: int
    due_at: datetime
    others: int
    waits: str


@dataclass(frozen=True)
class QueuePage:
    runs: list[QueuedRun]
    total: int


def list_queue(db: Session, limit: int, offset: int, alive_seconds: float) -> QueuePage:
    """Queued runs in the order in which they would start, if nothing ended or changed meanwhile."""
    order = in_order()
    total = db.scalar(select(func.count()).select_from(order)) or 0
    place = (order.c.withdrawn, order.c.sweep_priority.desc(), order.c.turn)
    tied = (order.c.priority.desc(), order.c.run_id)
    page = db.execute(select(order).order_by(*place, *tied).limit(limit).offset(offset)).all()
    asking = read_asking(db, [row.run_id for row in page])
    workers = read_workers(db, alive_seconds)
    now = db.scalars(select(func.statement_timestamp())).one()
    return QueuePage(
        [
            QueuedRun(
                run_id=row.run_id,
                sweep_id=row.sweep_id,
                sweep_name=row.sweep_name,
                arm=row.arm,
                analysed_step=row.analysed_step,
                seed=row.seed,
                sweep_priority=row.sweep_priority,
                priority=row.priority,
                due_at=row.due_at,
                others=count_others(asking[row.run_id], row.sweep_id),
                waits=explain_wait(
                    WaitingRun(row.due_at, row.unread, row.devices, row.needs),
                    now,
                    asking[row.run_id],
                    workers,
                ),
            )
            for row in page
        ],
        total,
    )


def in_order() -> Subquery:
    """Every queued run once, with its turn: how many of the sweep run before it does.

    A run that several sweeps ask for stands where the one that starts it first puts it.
    """
    counts, wish = count_live(), named(Run.status == RunStatus.QUEUED)
    own = (Run.priority.desc(), Run.id)
    place = func.row_number().over(partition_by=Sweep.id, order_by=own)
    withdrawn = (~still_asks(Sweep, Run)).label("withdrawn")
    turns = (
        select(
            Run.id.label("run_id"),
            Run.seed,
            Run.priority,
            Run.due_at,
            Run.devices,
            Run.needs,
            case((Run.failure.is_(None), Run.error)).label("unread"),
            Sweep.id.label("sweep_id"),
            Sweep.name.label("sweep_name"),
            wish.c.arm,
            wish.c.analysed_step,
            Sweep.priority.label("sweep_priority"),
            withdrawn,
            (func.coalesce(counts.c.live, 0) + place).label("turn"),
        )
        .join(wish, wish.c.run_id == Run.id)
        .join(Sweep, Sweep.id == wish.c.sweep_id)
        .outerjoin(counts, counts.c.sweep_id == Sweep.id)
        .where(Run.status == RunStatus.QUEUED)
        .subquery()
    )
    best = (turns.c.run_id, turns.c.withdrawn, turns.c.sweep_priority.desc(), turns.c.turn)
    return select(turns).ext(distinct_on(turns.c.run_id)).order_by(*best).subquery()


def read_asking(db: Session, run_ids: Sequence[int]) -> defaultdict[int, list[AskingSweep]]:
    """The sweeps of each run."""
    counts, wish = count_live(), asked(Run.id.in_(run_ids))
    rows = db.execute(
        select(
            wish.c.run_id,
            Sweep,
            (~still_asks(Sweep, Run)).label("withdrawn"),
            func.coalesce(counts.c.live, 0),
        )
        .join(Sweep, Sweep.id == wish.c.sweep_id)
        .join(Run, Run.id == wish.c.run_id)
        .outerjoin(counts, counts.c.sweep_id == Sweep.id)
        .order_by(wish.c.run_id, Sweep.id)
    )
    asking: defaultdict[int, list[AskingSweep]] = defaultdict(list)
    for run_id, sweep, withdrawn, live in rows:
        asking[run_id].append(as_asking(sweep, withdrawn, live))
    return asking


def as_asking(sweep: Sweep, withdrawn: bool, live: int) -> AskingSweep:
    return AskingSweep(
        id=sweep.id,
        paused=sweep.paused_at is not None,
        withdrawn=withdrawn,
        max_running=sweep.max_running,
        live=live,
        resources=demand(sweep.device_kind, sweep.memory_gb),
    )


def count_others(asking: Sequence[AskingSweep], sweep_id: int) -> int:
    return len({one.id for one in asking if not one.withdrawn} - {sweep_id})


def read_workers(db: Session, alive_seconds: float) -> list[KnownWorker]:
    """The living workers that take runs."""
    rows = db.execute(
        select(Worker.device_kind, Worker.devices, Worker.memory_gb, Worker.understands)
        .where(heard_within(alive_seconds), is_willing())
        .distinct()
    )
    return [KnownWorker(*row) for row in rows]


def reorder(
    db: Session, run_id: int, place: int | Literal["first", "last"], actor: str, reason: str = ""
) -> None:
    """Moves a queued run ahead of, or behind, others of its sweeps.

    Raises Conflict for a run that is not queued.
    """
    lock_claims(db)
    run = runs.find(db, run_id)
    if run.status != RunStatus.QUEUED:
        raise Conflict(f"run {run_id} is {run.status}; only queued runs have a place in the queue")
    priority = find_place(db, run_id, place) if isinstance(place, str) else place
    if priority != run.priority:
        db.execute(
            update(Run)
            .where(Run.id == run_id, Run.status == RunStatus.QUEUED)
            .values(priority=priority)
        )
        actions.record(db, actor, "priority", "run", run_id, f"to {place}; {reason}".rstrip("; "))


def find_place(db: Session, run_id: int, place: Literal["first", "last"]) -> int:
    """A priority above, or below, that of every other queued run."""
    edge, step = (func.max, 1) if place == "first" else (func.min, -1)
    others = select(edge(Run.priority)).where(Run.status == RunStatus.QUEUED, Run.id != run_id)
    found = db.scalar(others)
    return 0 if found is None else found + step
