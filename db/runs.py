"""The life of a run as users steer it: submit, cancel, retry, restart. States change by `move`.

What a worker does with a run is in `db/attempts.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db import actions, notices
from db.asking import asked
from db.locks import lock_steering
from db.models import Run, RunEvent, Sweep
from db.offers import still_asks
from db.sessions import RELOAD
from domain.errors import Conflict, NotFound
from domain.lifecycle import LIVE, MOVES, REPEATABLE, RunStatus
from domain.needs import needed
from domain.runs import RunSpec, content_hash, written
from domain.steering import explain_archived, explain_no_cancel, explain_no_retry

INSERT_ROWS = 1000


def submit(db: Session, specs: Sequence[RunSpec], actor: str, reason: str) -> list[int]:
    """Queues every spec that was never run, and those cancelled or failed; ids in the given order.

    A spec with the content hash of an existing run *is* that run. Raises Conflict while one of
    them is still being cancelled.
    """
    hashes = [content_hash(spec) for spec in specs]
    rows = [new_row(spec, key) for spec, key in zip(specs, hashes, strict=True)]
    for start in range(0, len(rows), INSERT_ROWS):
        some = insert(Run).values(rows[start : start + INSERT_ROWS])
        untouched = some.on_conflict_do_nothing(index_elements=["content_hash"])
        fresh = db.scalars(untouched.returning(Run.id)).all()
        log_events(db, dict.fromkeys(fresh, 0), (None, RunStatus.QUEUED), actor, reason)
    found = db.execute(select(Run.content_hash, Run.id).where(Run.content_hash.in_(hashes)))
    ids = dict(found.all())
    retry_all(db, list(ids.values()), actor, reason)
    refuse_stopping(db, list(ids.values()))
    return [ids[key] for key in hashes]


def refuse_stopping(db: Session, run_ids: Sequence[int]) -> None:
    """A run asked for anew must not end as cancelled because somebody had cancelled it before."""
    stopping = select(func.min(Run.id)).where(
        Run.id.in_(run_ids), Run.status == RunStatus.CANCELLING
    )
    if run_id := db.scalar(stopping):
        raise Conflict(f"run {run_id} is still being cancelled; submit again in a few seconds")


def new_row(spec: RunSpec, key: str) -> dict[str, Any]:
    return {
        "content_hash": key,
        "spec": written(spec),
        "seed": spec.seed,
        "total_steps": spec.total_steps,
        "devices": spec.devices,
        "needs": needed(spec),
    }


def find(db: Session, run_id: int) -> Run:
    run = db.get(Run, run_id, populate_existing=True)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    return run


def cancel(db: Session, run_id: int, actor: str, reason: str) -> RunStatus:
    """Stops a run: at once when queued, as soon as its worker hears of it when running.

    Cancelling twice answers the same. Raises Conflict when the run has succeeded or failed.
    """
    cancel_all(db, [run_id], actor, reason)
    status = RunStatus(find(db, run_id).status)
    if why := explain_no_cancel(run_id, status):
        raise Conflict(why)
    return status


def cancel_all(db: Session, run_ids: Sequence[int], actor: str, reason: str) -> int:
    """Cancels those of the runs that are queued or running; answers how many."""
    lock(db, run_ids)
    queued, running = RunStatus.QUEUED, RunStatus.RUNNING
    ended = {"finished_at": func.clock_timestamp()}
    stopped = move(db, run_ids, (queued, RunStatus.CANCELLED), actor, reason, **ended)
    asked = move(db, run_ids, (running, RunStatus.CANCELLING), actor, reason)
    return len(stopped) + len(asked)


def cancel_queued(db: Session, run_ids: Sequence[int], actor: str, reason: str) -> int:
    """Cancels those of the runs that are queued; answers how many."""
    edge = (RunStatus.QUEUED, RunStatus.CANCELLED)
    return len(move(db, run_ids, edge, actor, reason, finished_at=func.clock_timestamp()))


def retry(db: Session, run_id: int, actor: str, reason: str) -> RunStatus:
    """Queues a failed or cancelled run for a new life with its restarts reset.

    A cancelled run goes on from its checkpoint; one that failed starts over, in case that is why.
    Retrying a queued or running run answers its state. Raises Conflict when it has succeeded or
    is still being cancelled.
    """
    lock_steering(db)
    retry_all(db, [run_id], actor, reason)
    ask_again(db, run_id)
    status = RunStatus(find(db, run_id).status)
    if why := explain_no_retry(run_id, status):
        raise Conflict(why)
    return status


def restart(db: Session, run_id: int, actor: str, reason: str) -> RunStatus:
    """Queues a failed, cancelled or queued run to train from zero: it forgets its checkpoint.

    Raises Conflict when it runs or has succeeded.
    """
    lock_steering(db)
    lock(db, [run_id])
    status = RunStatus(find(db, run_id).status)
    if status in LIVE:
        raise Conflict(f"run {run_id} is {status}; cancel it first, then restart it")
    if status == RunStatus.SUCCEEDED:
        raise Conflict(f"run {run_id} has succeeded; its result stays as it is")
    retry_all(db, [run_id], actor, reason)
    ask_again(db, run_id)
    zero = {"checkpoint_step": 0, "furthest_step": 0, "lineage": None, "step": 0}
    db.execute(update(Run).where(Run.id == run_id).values(**zero), execution_options=RELOAD)
    actions.record(db, actor, "restart", "run", run_id, reason)
    return RunStatus.QUEUED


def ask_again(db: Session, run_id: int) -> None:
    """Lets the sweeps of a queued run want it again when all of them were cancelled or drained.

    Else it would never start. Raises Conflict when all of them are archived.
    """
    queued = (Run.id == run_id, Run.status == RunStatus.QUEUED)
    wish = asked(*queued)
    mine = (
        select(Sweep)
        .join(wish, wish.c.sweep_id == Sweep.id)
        .join(Run, Run.id == wish.c.run_id)
        .order_by(Sweep.id)
    )
    if db.scalars(mine.where(still_asks(Sweep, Run))).first():
        return
    sweeps = db.scalars(mine).all()
    kept = [sweep for sweep in sweeps if sweep.archived_at is None]
    if sweeps and not kept:
        raise Conflict(explain_archived(run_id, sweeps[0].id))
    for sweep in kept:
        sweep.cancelled_at = sweep.drained_at = None


def ask_all_again(db: Session, run_ids: Sequence[int]) -> None:
    """As `ask_again` of each, in order of id; most find that it was done for one before them."""
    while (run_id := find_unasked(db, run_ids)) is not None:
        ask_again(db, run_id)


def find_unasked(db: Session, run_ids: Sequence[int]) -> int | None:
    """The first queued run that no sweep asks for: all of them were cancelled or drained."""
    wish = asked(Run.id.in_(run_ids), Run.status == RunStatus.QUEUED)
    return db.scalar(
        select(Run.id)
        .join(wish, wish.c.run_id == Run.id)
        .join(Sweep, Sweep.id == wish.c.sweep_id)
        .group_by(Run.id)
        .having(~func.bool_or(still_asks(Sweep, Run)))
        .order_by(Run.id)
        .limit(1)
    )


def retry_all(db: Session, run_ids: Sequence[int], actor: str, reason: str) -> int:
    """Queues those of the runs that have failed or were cancelled; answers how many."""
    fresh = {
        "restarts": 0,
        "due_at": func.now(),
        "worker": None,
        "failure": None,
        "error": None,
        "started_at": None,
        "finished_at": None,
        "step": 0,
        "phase": "",
        "furthest_step": Run.checkpoint_step,
    }
    zero = {"checkpoint_step": 0, "furthest_step": 0, "lineage": None}
    over = {RunStatus.FAILED: zero}
    lock(db, run_ids)
    return sum(
        len(move(db, run_ids, (end, RunStatus.QUEUED), actor, reason, **fresh | over.get(end, {})))
        for end in REPEATABLE
    )


def lock(db: Session, run_ids: Sequence[int]) -> None:
    """Holds the runs where they stand, so that none slips between two edges; in order of id."""
    db.execute(select(Run.id).where(Run.id.in_(run_ids)).order_by(Run.id).with_for_update())


def move(
    db: Session,
    run_ids: Sequence[int],
    edge: tuple[RunStatus, RunStatus],
    actor: str,
    reason: str,
    **values: Any,
) -> list[int]:
    """Moves those of the runs that stand at the start of an edge of MOVES along it.

    One compare-and-set statement for all; the events, and what webhooks shall hear of, are written
    in the same transaction. Answers the runs that moved.
    """
    old, new = edge
    if new not in MOVES[old]:
        raise ValueError(f"{old} -> {new} is not a legal move")
    moved = db.execute(
        update(Run)
        .where(Run.id.in_(run_ids), Run.status == old)
        .values(status=new, **values)
        .returning(Run.id, Run.attempt),
        execution_options=RELOAD,
    ).all()
    attempts = dict(moved)
    log_events(db, attempts, edge, actor, reason)
    notices.tell_of_moves(db, sorted(attempts), new)
    return sorted(attempts)


def log_events(
    db: Session,
    attempts: Mapping[int, int],
    edge: tuple[RunStatus | None, RunStatus],
    actor: str,
    reason: str,
) -> None:
    """Records one transition of several runs, given as {run id: attempt}."""
    old, new = edge
    said = {"old": old, "new": new, "actor": actor, "reason": reason}
    rows = [{"run_id": run_id, "attempt": number, **said} for run_id, number in attempts.items()]
    if rows:
        db.execute(insert(RunEvent), rows)
