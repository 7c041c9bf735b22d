"""Workers: who serves which device, and when each was last heard of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import Run, Worker
from db.offers import fits, is_willing, offers, open_sweeps
from domain.lifecycle import LIVE


@dataclass(frozen=True)
class Identity:
    """A worker's name (unique in the installation), and what it serves.

    `memory_gb`, of each of its `devices`, and `device_name` are None where nobody could say.
    """

    name: str
    host: str
    device: str
    device_kind: str
    pid: int
    devices: int = 1
    device_name: str | None = None
    memory_gb: float | None = None
    version: str | None = None


@dataclass(frozen=True)
class WorkerState:
    """A worker as it was last heard of; `run_id` is what it holds."""

    name: str
    host: str
    device: str
    device_kind: str
    alive: bool
    run_id: int | None
    started_at: datetime
    seen_at: datetime


def register(db: Session, worker: Identity) -> None:
    """Announces a worker, or a new life of one by that name, which stays drained or parked."""
    upsert(db, worker, {"started_at": func.now()})


def see(db: Session, worker: Identity) -> bool:
    """Says that a worker lives; one that was forgotten is announced again. True: it shall drain."""
    return upsert(db, worker, {})


def upsert(db: Session, worker: Identity, more: dict[str, Any]) -> bool:
    values = {**vars(worker), "seen_at": func.clock_timestamp(), **more}
    statement = insert(Worker).values(values)
    told = statement.on_conflict_do_update(index_elements=["name"], set_=values)
    return db.scalar(told.returning(Worker.draining_at)) is not None


def leave(db: Session, worker: Identity) -> None:
    """Takes a worker that stops off the list, unless a new life of it has come already.

    One that is draining or parked stays on it: its next life must know.
    """
    mine = (Worker.name == worker.name, Worker.host == worker.host, Worker.pid == worker.pid)
    db.execute(delete(Worker).where(*mine, is_willing()))


def count_due(db: Session) -> int:
    """Runs that some sweep lets start now."""
    due = offers(open_sweeps()).distinct().subquery()
    return db.scalar(select(func.count()).select_from(due)) or 0


def count_idle(db: Session, alive_seconds: float) -> dict[str, int]:
    """Workers heard of lately, holding no run, and for whom there is one; by kind of device."""
    sweeps = open_sweeps()
    busy = select(Run.worker).where(Run.status.in_(LIVE), Run.worker.is_not(None))
    suited = offers(sweeps).where(fits(sweeps)).correlate(Worker).exists()
    rows = db.execute(
        select(Worker.device_kind, func.count())
        .where(heard_within(alive_seconds), is_willing(), Worker.name.not_in(busy), suited)
        .group_by(Worker.device_kind)
    )
    return dict(rows.all())


def count_alive(db: Session, alive_seconds: float) -> int:
    alive = select(func.count()).select_from(Worker).where(heard_within(alive_seconds))
    return db.scalar(alive) or 0


def list_workers(db: Session, alive_seconds: float) -> list[WorkerState]:
    """Every worker ever registered, living ones first."""
    alive = heard_within(alive_seconds)
    held = and_(Run.worker == Worker.name, Run.status.in_(LIVE))
    rows = db.execute(
        select(Worker, alive, Run.id).outerjoin(Run, held).order_by(alive.desc(), Worker.name)
    )
    return [
        WorkerState(
            name=worker.name,
            host=worker.host,
            device=worker.device,
            device_kind=worker.device_kind,
            alive=is_alive,
            run_id=run_id,
            started_at=worker.started_at,
            seen_at=worker.seen_at,
        )
        for worker, is_alive, run_id in rows
    ]


def heard_within(seconds: float) -> ColumnElement[bool]:
    return Worker.seen_at > func.now() - func.make_interval(0, 0, 0, 0, 0, 0, seconds)
