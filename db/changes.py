"""What has changed since a moment, for all who listen at once: a few statements however many do.

A moment is the number of the oldest transaction that was under way then. Every older one had ended
and could be seen, so whatever a transaction from that number on has written may be news, and
nothing else is. Numbers of rows would not do: they commit in another order than they are counted.
So a change may be told twice, and none is missed.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Text,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from db.asking import named
from db.listings import COLUMNS, RunRow, listed_error
from db.models import Action, Attempt, Metric, Run, RunEvent, Worker
from db.workers import heard_within
from domain.lifecycle import LIVE

MOST_EVENTS = 2000
RECENT_SECONDS = 3.0


@dataclass(frozen=True)
class Moment:
    """`next` is the first transaction that had not begun."""

    oldest: int
    next: int


@dataclass(frozen=True)
class ChangedRun(RunRow):
    """A run in one of its sweeps. `written` is the transaction that moved or steered it last, None
    for one that is merely live; `pulse` changes whenever it has recorded or logged something."""

    written: int | None
    pulse: str


@dataclass(frozen=True)
class News:
    """What happened until `moment`; of what came before `since`, only a part.

    `sweeps` are those that were steered, each with the last transaction that did. `workers` is a
    digest of who is there, and of how they are.
    """

    moment: Moment
    since: int
    runs: list[ChangedRun]
    sweeps: dict[int, int]
    workers: str


def read_news(db: Session, since: int | None, alive_seconds: float) -> News:
    """Since then. None begins a little before now: what was read meanwhile may have missed it."""
    moment = read_moment(db)
    since = find_recent(db, moment) if since is None else since
    moved, known_since = read_moved(db, since, moment)
    steered = read_steered(db, since, moment)
    moved |= {int(number): written for (kind, number), written in steered.items() if kind == "run"}
    return News(
        moment,
        known_since,
        read_runs(db, moved),
        {int(number): written for (kind, number), written in steered.items() if kind == "sweep"},
        read_workers(db, alive_seconds),
    )


def read_moment(db: Session) -> Moment:
    now = func.pg_current_snapshot()
    oldest, following = func.pg_snapshot_xmin(now), func.pg_snapshot_xmax(now)
    return Moment(*db.execute(select(as_number(oldest), as_number(following))).one())


def as_number(transaction: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(cast(transaction, Text), BigInteger)


def find_recent(db: Session, moment: Moment) -> int:
    """The first transaction that wrote something within RECENT_SECONDS, else the oldest."""
    first = moment.oldest
    for table in (RunEvent, Action):
        latest = (
            select(table.at, table.transaction)
            .order_by(table.transaction.desc())
            .limit(MOST_EVENTS)
            .subquery()
        )
        recently = latest.c.at > func.clock_timestamp() - timedelta(seconds=RECENT_SECONDS)
        first = min(
            first, db.scalar(select(func.min(latest.c.transaction)).where(recently)) or first
        )
    return first


def read_moved(db: Session, since: int, moment: Moment) -> tuple[dict[int, int], int]:
    """The runs that moved, with the last transaction that did; and since when all are told."""
    written = RunEvent.transaction
    events = (
        select(RunEvent.run_id, written)
        .where(*within(RunEvent, since, moment))
        .order_by(written.desc())
        .limit(MOST_EVENTS)
        .subquery()
    )
    last = func.max(events.c.transaction)
    found = db.execute(
        select(events.c.run_id, last, func.min(events.c.transaction), func.count()).group_by(
            events.c.run_id
        )
    ).all()
    whole = sum(row[3] for row in found) < MOST_EVENTS
    known_since = since if whole else min(row[2] for row in found) + 1
    return {row[0]: row[1] for row in found}, known_since


def read_steered(db: Session, since: int, moment: Moment) -> dict[tuple[str, str], int]:
    """What somebody did something to, by kind and number."""
    written = Action.transaction
    rows = db.execute(
        select(Action.subject, Action.subject_id, func.max(written))
        .where(*within(Action, since, moment), Action.subject.in_(("run", "sweep")))
        .group_by(Action.subject, Action.subject_id)
    )
    return {(subject, number): last for subject, number, last in rows}


def read_runs(db: Session, moved: dict[int, int]) -> list[ChangedRun]:
    """Those that moved and those that are live, once for each sweep that asks for them."""
    asked = named(or_(Run.status.in_(LIVE), Run.id.in_(moved))).c
    rows = db.execute(
        select(
            *COLUMNS, listed_error(), asked.arm, asked.sweep_id, asked.analysed_step, pulse()
        ).join_from(Run, asked.run_id.table, asked.run_id == Run.id)
    )
    return [ChangedRun(**row, written=moved.get(row["id"])) for row in rows.mappings()]


def has_changed(since: int, moment: Moment) -> ColumnElement[bool]:
    """Whether a Run row is live, or has moved or was steered since then."""
    number = cast(Action.subject_id, BigInteger)
    steered = select(number).where(*within(Action, since, moment), Action.subject == "run")
    moved = select(RunEvent.run_id).where(*within(RunEvent, since, moment))
    return or_(Run.status.in_(LIVE), Run.id.in_(union_all(moved, steered)))


def within(
    table: type[RunEvent] | type[Action], since: int, moment: Moment
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The upper bound is for a database that was restored elsewhere: its rows bring large ones."""
    return table.transaction >= since, table.transaction < moment.next


def pulse() -> ColumnElement[str]:
    """A run's own step moves with its heartbeat alone, while it records and logs in between."""
    step = (
        select(func.max(Metric.step))
        .where(Metric.run_id == Run.id, Metric.name == "seconds")
        .scalar_subquery()
    )
    return func.concat(step, "/", last_writer()).label("pulse")


def last_writer() -> ScalarSelect[Any]:
    """PostgreSQL's own mark of the transaction that last wrote the attempt's row."""
    return (
        select(literal_column("attempts.xmin"))
        .select_from(Attempt)
        .where(Attempt.run_id == Run.id, Attempt.number == Run.attempt)
        .scalar_subquery()
    )


def read_workers(db: Session, alive_seconds: float) -> str:
    known = func.concat_ws(
        "|",
        Worker.name,
        Worker.started_at,
        Worker.draining_at,
        Worker.parked_at,
        heard_within(alive_seconds),
    )
    listed = func.string_agg(known, aggregate_order_by(literal("\n"), Worker.name))
    return db.scalar(select(func.md5(listed))) or ""
