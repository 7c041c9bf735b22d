"""The verbs of a whole sweep: hold back, let finish, stop, repeat, put away, prefer.

Each is one transaction in turn with the others, leaves an action behind, and said twice changes
nothing more. One that the sweep's state forbids raises Conflict with the state and the remedy.
"""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from db import actions, runs
from db.asking import asked
from db.locks import lock_claims, lock_steering
from db.models import Run, Sweep
from db.sweeps import asked_elsewhere, require_sweep
from domain.errors import Conflict
from domain.lifecycle import FINAL, REPEATABLE, UNFINISHED, RunStatus
from domain.steering import count_words


def pause(db: Session, sweep_id: int, actor: str, reason: str = "") -> None:
    """Lets no further run start, unless another sweep asks for it too; what runs goes on."""
    sweep = hold(db, sweep_id)
    if sweep.paused_at is None:
        refuse_finished(db, sweep_id, "pause")
        lock_claims(db)
        sweep.paused_at = func.now()
        actions.record(db, actor, "pause", "sweep", sweep_id, reason)


def resume(db: Session, sweep_id: int, actor: str, reason: str = "") -> None:
    sweep = hold(db, sweep_id)
    if sweep.paused_at is not None:
        sweep.paused_at = None
        actions.record(db, actor, "resume", "sweep", sweep_id, reason)


def drain(db: Session, sweep_id: int, actor: str, reason: str = "") -> int:
    """Cancels what is queued and lets what runs finish; answers how many were cancelled.

    Queued runs that another sweep asks for stay, for that sweep alone.
    """
    sweep = hold(db, sweep_id)
    if sweep.drained_at is None and sweep.cancelled_at is None:
        refuse_finished(db, sweep_id, "drain")
    lock_claims(db)
    queued = list_runs(db, sweep_id, [RunStatus.QUEUED])
    chosen = [run_id for run_id, shared in queued if not shared]
    if chosen or sweep.drained_at is None:
        sweep.drained_at = sweep.drained_at or func.now()
        actions.record(db, actor, "drain", "sweep", sweep_id, reason)
    return runs.cancel_queued(db, chosen, actor, said(f"sweep {sweep_id} was drained", reason))


def cancel(db: Session, sweep_id: int, actor: str, include_shared: bool, reason: str = "") -> int:
    """Cancels unfinished runs; answers how many. Runs of other sweeps are kept unless included."""
    sweep = hold(db, sweep_id)
    unfinished = list_runs(db, sweep_id, UNFINISHED)
    chosen = [run_id for run_id, shared in unfinished if include_shared or not shared]
    if sweep.cancelled_at is not None and not chosen:
        return 0
    if unfinished and not chosen:
        raise Conflict(
            f"other sweeps share all {len(unfinished)} unfinished runs of sweep {sweep_id}; "
            "cancel with include_shared=true to stop them for every sweep"
        )
    if not chosen:
        states = count_words(count_states(db, sweep_id))
        raise Conflict(f"sweep {sweep_id} has no queued or running run: {states}")
    sweep.cancelled_at = func.now()
    actions.record(db, actor, "cancel", "sweep", sweep_id, reason)
    return runs.cancel_all(db, chosen, actor, said(f"sweep {sweep_id} was cancelled", reason))


def retry(db: Session, sweep_id: int, actor: str, reason: str = "") -> int:
    """Queues failed and cancelled runs again."""
    sweep = hold(db, sweep_id)
    ended = list_runs(db, sweep_id, REPEATABLE)
    if not ended:
        states = count_words(count_states(db, sweep_id))
        raise Conflict(f"sweep {sweep_id} has no failed or cancelled run: {states}")
    sweep.cancelled_at = sweep.drained_at = None
    actions.record(db, actor, "retry", "sweep", sweep_id, reason)
    ids = [run_id for run_id, _ in ended]
    return runs.retry_all(db, ids, actor, said(f"sweep {sweep_id} was retried", reason))


def archive(db: Session, sweep_id: int, actor: str, reason: str = "") -> None:
    """Takes a finished sweep off the list; its runs, results and links stay."""
    lock_steering(db)
    sweep = require_sweep(db, sweep_id)
    if sweep.archived_at is not None:
        return
    counts = count_states(db, sweep_id)
    if words := count_words({state: counts[state] for state in counts if state not in FINAL}):
        raise Conflict(
            f"sweep {sweep_id} is not finished: {words}; wait for its runs, drain it or cancel it"
        )
    sweep.archived_at = func.now()
    actions.record(db, actor, "archive", "sweep", sweep_id, reason)


def unarchive(db: Session, sweep_id: int, actor: str, reason: str = "") -> None:
    lock_steering(db)
    sweep = require_sweep(db, sweep_id)
    if sweep.archived_at is not None:
        sweep.archived_at = None
        actions.record(db, actor, "unarchive", "sweep", sweep_id, reason)


def prioritise(db: Session, sweep_id: int, priority: int, actor: str, reason: str = "") -> None:
    sweep = hold(db, sweep_id)
    if sweep.priority != priority:
        sweep.priority = priority
        actions.record(db, actor, "priority", "sweep", sweep_id, said(f"to {priority}", reason))


def limit(
    db: Session, sweep_id: int, max_running: int | None, actor: str, reason: str = ""
) -> None:
    """Lets at most so many runs run at once, without a limit at None; what runs goes on."""
    sweep = hold(db, sweep_id)
    if sweep.max_running != max_running:
        lock_claims(db)
        sweep.max_running = max_running
        words = said(f"to {max_running or 'none'}", reason)
        actions.record(db, actor, "limit", "sweep", sweep_id, words)


def hold(db: Session, sweep_id: int) -> Sweep:
    """The sweep, for this transaction's verb alone. Raises Conflict for one that was archived."""
    lock_steering(db)
    db.refresh(require_sweep(db, sweep_id))
    return require_open(db, sweep_id)


def require_open(db: Session, sweep_id: int) -> Sweep:
    """As `hold`, for who only reads and need not wait for any verb."""
    sweep = require_sweep(db, sweep_id)
    if sweep.archived_at is not None:
        raise Conflict(f"sweep {sweep_id} is archived; unarchive it first")
    return sweep


def refuse_finished(db: Session, sweep_id: int, verb: str) -> None:
    counts = count_states(db, sweep_id)
    if not any(counts.get(state) for state in UNFINISHED):
        raise Conflict(
            f"sweep {sweep_id} has no queued or running run to {verb}: {count_words(counts)}; "
            "retry or extend it first"
        )


def said(what: str, reason: str) -> str:
    return f"{what}: {reason}" if reason else what


def count_states(db: Session, sweep_id: int) -> dict[RunStatus, int]:
    wish = asked()
    rows = db.execute(
        select(Run.status, func.count())
        .join(wish, wish.c.run_id == Run.id)
        .where(wish.c.sweep_id == sweep_id)
        .group_by(Run.status)
        .order_by(Run.status)
    )
    return {RunStatus(status): number for status, number in rows}


def list_runs(
    db: Session, sweep_id: int, statuses: Sequence[RunStatus]
) -> Sequence[tuple[int, bool]]:
    """Ids in order, and whether another sweep has the run as well.

    Whoever analyses the tables while a large sweep is being stored leaves PostgreSQL with the idea
    that they are empty, and a plan for that takes minutes: they are counted anew first.
    """
    db.execute(text("ANALYZE arms, arm_runs, runs"))
    wish = asked()
    rows = db.execute(
        select(Run.id, asked_elsewhere(sweep_id, Run.id))
        .join(wish, wish.c.run_id == Run.id)
        .where(wish.c.sweep_id == sweep_id, Run.status.in_(statuses))
        .order_by(Run.id)
    )
    return rows.all()
