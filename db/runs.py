"""The life of a run as users steer it: submit, cancel, retry. All states change through `move`.

What a worker does with a run is in `db/attempts.py`.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import Run, RunEvent
from db.sessions import RELOAD
from domain.errors import Conflict, NotFound
from domain.lifecycle import MOVES, RunStatus
from domain.runs import RunSpec, content_hash

INSERT_ROWS = 1000


def submit(db: Session, specs: Sequence[RunSpec], actor: str, reason: str) -> list[int]:
    """Queues every spec that was never run, and those cancelled or failed; ids in the given order.

    A spec with the content hash of an existing run *is* that run.
    """
    hashes = [content_hash(spec) for spec in specs]
    rows = [new_row(spec, key) for spec, key in zip(specs, hashes, strict=True)]
    for start in range(0, len(rows), INSERT_ROWS):
        some = insert(Run).values(rows[start : start + INSERT_ROWS])
        untouched = some.on_conflict_do_nothing(index_elements=["content_hash"])
        fresh = db.scalars(untouched.returning(Run.id)).all()
        log_events(db, fresh, (None, RunStatus.QUEUED), actor, reason)
    found = db.execute(
        select(Run.content_hash, Run.id, Run.status).where(Run.content_hash.in_(hashes))
    ).all()
    for _, run_id, status in found:
        if status in (RunStatus.FAILED, RunStatus.CANCELLED):
            retry(db, run_id, actor, reason)
    ids = {key: run_id for key, run_id, _ in found}
    return [ids[key] for key in hashes]


def new_row(spec: RunSpec, key: str) -> dict[str, Any]:
    return {
        "content_hash": key,
        "spec": spec.model_dump(mode="json"),
        "seed": spec.seed,
        "total_steps": spec.total_steps,
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
    for edge in [
        (RunStatus.QUEUED, RunStatus.CANCELLED),
        (RunStatus.RUNNING, RunStatus.CANCELLING),
    ]:
        ended = {"finished_at": func.clock_timestamp()} if edge[0] is RunStatus.QUEUED else {}
        if move(db, run_id, edge, actor, reason, **ended):
            return edge[1]
    status = RunStatus(find(db, run_id).status)
    if status in (RunStatus.SUCCEEDED, RunStatus.FAILED):
        raise Conflict(f"run {run_id} has {status}; only queued and running runs can be cancelled")
    return status


def retry(db: Session, run_id: int, actor: str, reason: str) -> RunStatus:
    """Queues a failed or cancelled run for a new life with its restarts reset.

    Retrying a queued or running run answers its state. Raises Conflict when it has succeeded or
    is still being cancelled.
    """
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
    }
    for old in (RunStatus.FAILED, RunStatus.CANCELLED):
        if move(db, run_id, (old, RunStatus.QUEUED), actor, reason, **fresh):
            return RunStatus.QUEUED
    status = RunStatus(find(db, run_id).status)
    if status in (RunStatus.SUCCEEDED, RunStatus.CANCELLING):
        raise Conflict(f"run {run_id} is {status}; only failed and cancelled runs can be retried")
    return status


def move(
    db: Session,
    run_id: int,
    edge: tuple[RunStatus, RunStatus],
    actor: str,
    reason: str,
    *guards: ColumnElement[bool],
    **values: Any,
) -> Run | None:
    """Moves a run along one edge of MOVES if it stands at its start and the guards hold, else None.

    One compare-and-set statement; the event is written in the same transaction.
    """
    old, new = edge
    if new not in MOVES[old]:
        raise ValueError(f"{old} -> {new} is not a legal move")
    run = db.scalars(
        update(Run)
        .where(Run.id == run_id, Run.status == old, *guards)
        .values(status=new, **values)
        .returning(Run),
        execution_options=RELOAD,
    ).one_or_none()
    if run:
        log_events(db, [run_id], edge, actor, reason, run.attempt)
    return run


def log_events(
    db: Session,
    run_ids: Sequence[int],
    edge: tuple[RunStatus | None, RunStatus],
    actor: str,
    reason: str,
    attempt: int = 0,
) -> None:
    old, new = edge
    if run_ids:
        rows = [
            {
                "run_id": run_id,
                "old": old,
                "new": new,
                "attempt": attempt,
                "actor": actor,
                "reason": reason,
            }
            for run_id in run_ids
        ]
        db.execute(insert(RunEvent), rows)
