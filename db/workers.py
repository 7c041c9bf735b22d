"""Workers: who serves which device, when each was last heard of, and whether it takes runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.actions import record
from db.models import Run, Worker
from db.offers import fits, is_willing, offers, open_sweeps
from domain.errors import Conflict, NotFound
from domain.lifecycle import LIVE
from domain.needs import UNDERSTOOD
from domain.workers import WorkerStatus, describe


@dataclass(frozen=True)
class Identity:
    """A worker's name (unique in the installation), and what it serves.

    `memory_gb`, of each of its `devices`, and `device_name` are None where nobody could say.
    `understands` is what runs may need of it.
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
    understands: int = UNDERSTOOD


@dataclass(frozen=True)
class WorkerState:
    """A worker as it was last heard of; `run_id` is what it holds."""

    name: str
    host: str
    device: str
    device_kind: str
    devices: int
    device_name: str | None
    memory_gb: float | None
    version: str | None
    understands: int
    status: WorkerStatus
    alive: bool
    run_id: int | None
    started_at: datetime
    seen_at: datetime
    draining_at: datetime | None
    parked_at: datetime | None
    parked_reason: str | None


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


def drain(db: Session, name: str, actor: str, reason: str) -> None:
    """Lets a worker take no further run and give back the one it holds; again changes nothing."""
    worker = lock(db, name)
    if worker.draining_at is None:
        worker.draining_at = func.clock_timestamp()
        record(db, actor, "drain", "worker", name, reason)


def resume(db: Session, name: str, actor: str, reason: str) -> None:
    """Lets a drained or parked worker take runs; what failed on it before no longer counts."""
    worker = lock(db, name)
    if worker.draining_at is not None or worker.parked_at is not None:
        worker.draining_at = worker.parked_at = worker.parked_reason = None
        worker.resumed_at = func.clock_timestamp()
        record(db, actor, "resume", "worker", name, reason)


def forget(db: Session, name: str, actor: str, reason: str, alive_seconds: float) -> WorkerState:
    """Takes a worker off the list for good; answers what it was. Raises Conflict while it lives."""
    worker = lock(db, name)
    state = find(db, name, alive_seconds)
    if state.alive:
        raise Conflict(f"worker {name} is {state.status}; stop it first")
    if state.run_id is not None:
        raise Conflict(
            f"worker {name} is silent but still holds run {state.run_id}; "
            "wait until the dispatcher has taken that back"
        )
    db.delete(worker)
    record(db, actor, "forget", "worker", name, reason)
    return state


def lock(db: Session, name: str) -> Worker:
    worker = db.get(Worker, name, with_for_update=True, populate_existing=True)
    if worker is None:
        raise missing(name)
    return worker


def missing(name: str) -> NotFound:
    return NotFound(f"there is no worker {name}; `forkpoint worker list` shows their names")


def find(db: Session, name: str, alive_seconds: float) -> WorkerState:
    """Raises NotFound."""
    found = fetch(db, alive_seconds, Worker.name == name)
    if not found:
        raise missing(name)
    return found[0]


def list_workers(db: Session, alive_seconds: float) -> list[WorkerState]:
    """Every worker that has not left or been forgotten, living ones first."""
    return fetch(db, alive_seconds, true())


def fetch(db: Session, alive_seconds: float, wanted: ColumnElement[bool]) -> list[WorkerState]:
    db.flush()
    alive = heard_within(alive_seconds)
    held = and_(Run.worker == Worker.name, Run.status.in_(LIVE))
    rows = db.execute(
        select(Worker, alive, Run.id)
        .outerjoin(Run, held)
        .where(wanted)
        .order_by(alive.desc(), Worker.name),
        execution_options={"populate_existing": True},
    )
    return [read_state(worker, is_alive, run_id) for worker, is_alive, run_id in rows]


def read_state(worker: Worker, alive: bool, run_id: int | None) -> WorkerState:
    draining, parked = worker.draining_at is not None, worker.parked_at is not None
    return WorkerState(
        name=worker.name,
        host=worker.host,
        device=worker.device,
        device_kind=worker.device_kind,
        devices=worker.devices,
        device_name=worker.device_name,
        memory_gb=worker.memory_gb,
        version=worker.version,
        understands=worker.understands,
        status=describe(alive, run_id is not None, draining, parked),
        alive=alive,
        run_id=run_id,
        started_at=worker.started_at,
        seen_at=worker.seen_at,
        draining_at=worker.draining_at,
        parked_at=worker.parked_at,
        parked_reason=worker.parked_reason,
    )


def heard_within(seconds: float) -> ColumnElement[bool]:
    return Worker.seen_at > func.now() - func.make_interval(0, 0, 0, 0, 0, 0, seconds)
