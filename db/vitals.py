"""The service's state in a few numbers for whoever watches it: cheap enough to ask every second."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Run, Worker
from db.offers import offers, open_sweeps
from db.outsiders import Delivery
from db.workers import list_workers
from domain.lifecycle import LIVE, RunStatus

WRITTEN = text(
    """
    SELECT CASE WHEN relname = 'grades' THEN 'grades' ELSE 'points' END AS kind,
        CAST(sum(n_tup_ins) AS bigint)
    FROM pg_stat_user_tables
    WHERE relname = 'grades' OR relname LIKE 'metrics\\_p%'
    GROUP BY kind
    """
)


@dataclass(frozen=True)
class Vitals:
    """Ages are in seconds, 0 where there is nothing that could age.

    `due` runs could start now if a worker were free. `workers` counts by state and kind of device.
    `written` counts new rows as PostgreSQL's own statistics do: since they began, and with rows
    that were rolled back.
    """

    runs: dict[str, int]
    due: int
    oldest_due_seconds: float
    workers: dict[tuple[str, str], int]
    quietest_run_seconds: float
    quietest_worker_seconds: float
    written: dict[str, int]
    deliveries: dict[str, int]
    oldest_delivery_seconds: float


def read_vitals(db: Session, alive_seconds: float) -> Vitals:
    startable = offers(open_sweeps()).add_columns(Run.due_at).distinct().subquery()
    oldest_due = age(func.min(startable.c.due_at))
    due, waited = db.execute(select(func.count(startable.c.id), oldest_due)).one()
    beats = select(age(func.min(Run.heartbeat_at))).where(Run.status.in_(LIVE))
    undelivered = select(age(func.min(Delivery.created_at))).where(Delivery.due_at.is_not(None))
    return Vitals(
        runs=dict.fromkeys(RunStatus, 0) | count_by(db, Run.status),
        due=due,
        oldest_due_seconds=waited,
        workers=count_workers(db, alive_seconds),
        quietest_run_seconds=db.scalars(beats).one(),
        quietest_worker_seconds=db.scalars(select(age(func.min(Worker.seen_at)))).one(),
        written={"points": 0, "grades": 0} | dict(db.execute(WRITTEN).all()),
        deliveries={"pending": 0, "delivered": 0, "given_up": 0} | count_by(db, fate()),
        oldest_delivery_seconds=db.scalars(undelivered).one(),
    )


def count_by(db: Session, what: ColumnElement[str] | InstrumentedAttribute[str]) -> dict[str, int]:
    return dict(db.execute(select(what, func.count()).group_by(what)).all())


def count_workers(db: Session, alive_seconds: float) -> dict[tuple[str, str], int]:
    found = list_workers(db, alive_seconds)
    return Counter((str(worker.status), worker.device_kind) for worker in found)


def fate() -> ColumnElement[str]:
    return case(
        (Delivery.due_at.is_not(None), "pending"),
        (Delivery.delivered_at.is_not(None), "delivered"),
        else_="given_up",
    )


def age(since: ColumnElement[object]) -> ColumnElement[float]:
    seconds = func.date_part("epoch", func.clock_timestamp() - since)
    return func.coalesce(func.greatest(seconds, 0.0), 0.0)
