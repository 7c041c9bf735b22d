"""Many runs cancelled or retried at once: each answers for itself, and one refusal stops no other.

What is possible is done in a few statements for all of them, and comes to the same as one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import runs
from db.asking import asked
from db.locks import lock_steering
from db.models import Run, Sweep
from domain.lifecycle import LIVE, RunStatus
from domain.steering import explain_archived, explain_no_cancel, explain_no_retry

Explain = Callable[[int, RunStatus], str]


@dataclass(frozen=True)
class Result:
    """Of one run: its state now; if it was refused, a code, and why in words."""

    id: int
    ok: bool
    status: RunStatus | None
    code: Literal["conflict", "not_found"] | None
    message: str


def cancel(db: Session, run_ids: Sequence[int], actor: str, reason: str) -> list[Result]:
    """As `runs.cancel` does, in the order of the numbers, each once."""
    ids = list(dict.fromkeys(run_ids))
    runs.cancel_all(db, ids, actor, reason)
    return judge(db, ids, explain_no_cancel, {})


def retry(db: Session, run_ids: Sequence[int], actor: str, reason: str) -> list[Result]:
    """As `runs.retry` does, in the order of the numbers, each once."""
    ids = list(dict.fromkeys(run_ids))
    lock_steering(db)
    archived = find_archived(db, ids)
    possible = [run_id for run_id in ids if run_id not in archived]
    runs.retry_all(db, possible, actor, reason)
    runs.ask_all_again(db, possible)
    return judge(db, ids, explain_no_retry, archived)


def judge(
    db: Session, ids: Sequence[int], explain: Explain, archived: Mapping[int, int]
) -> list[Result]:
    found = db.execute(select(Run.id, Run.status).where(Run.id.in_(ids)))
    statuses = {run_id: RunStatus(status) for run_id, status in found}
    return [
        judge_one(run_id, statuses.get(run_id), explain, archived.get(run_id)) for run_id in ids
    ]


def judge_one(
    run_id: int, status: RunStatus | None, explain: Explain, archived: int | None
) -> Result:
    if status is None:
        return Result(run_id, False, None, "not_found", f"there is no run {run_id}")
    why = explain(run_id, status) if archived is None else explain_archived(run_id, archived)
    return Result(run_id, not why, status, "conflict" if why else None, why)


def find_archived(db: Session, ids: Sequence[int]) -> dict[int, int]:
    """The runs that no sweep may ask for again, all being archived; with the first of those."""
    ended = (Run.id.in_(ids), Run.status.not_in((*LIVE, RunStatus.SUCCEEDED)))
    wish = asked(*ended)
    rows = db.execute(
        select(wish.c.run_id, func.min(Sweep.id))
        .join(Sweep, Sweep.id == wish.c.sweep_id)
        .group_by(wish.c.run_id)
        .having(func.bool_and(Sweep.archived_at.is_not(None)))
    )
    return dict(rows.all())
