"""How far sweeps have come, any number of them in two queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, ScalarSelect, and_, extract, func, select
from sqlalchemy.orm import Session

from db.models import Arm, ArmRun, Attempt, Run
from db.workers import count_alive
from domain.estimates import Left, eta_seconds
from domain.lifecycle import LIVE, UNFINISHED, RunStatus


@dataclass(frozen=True)
class Progress:
    total: int
    queued: int
    running: int
    cancelling: int
    succeeded: int
    failed: int
    cancelled: int
    eta_seconds: float | None
    device_seconds: float


@dataclass(frozen=True)
class Share:
    """The runs of one sweep in one state, trained ones and those of base models apart.

    `seconds` counts every attempt, `mean_seconds` the last; `done` sums the finished parts of
    running ones.
    """

    sweep_id: int
    status: str
    trained: bool
    runs: int
    seconds: float
    done: float
    mean_seconds: float | None


def read_progress(
    db: Session, sweep_ids: Sequence[int], alive_seconds: float
) -> dict[int, Progress]:
    workers = count_alive(db, alive_seconds)
    shares: dict[int, list[Share]] = {sweep_id: [] for sweep_id in sweep_ids}
    for share in read_shares(db, sweep_ids):
        shares[share.sweep_id].append(share)
    return {sweep_id: summed(parts, workers) for sweep_id, parts in shares.items()}


def read_shares(db: Session, sweep_ids: Sequence[int]) -> list[Share]:
    ended = func.coalesce(Run.finished_at, func.now())
    spent = extract("epoch", ended - Run.started_at)
    on_device = and_(
        Run.started_at.is_not(None), Run.finished_at.is_not(None) | Run.status.in_(LIVE)
    )
    rows = db.execute(
        select(
            Arm.sweep_id,
            Run.status,
            (Run.total_steps > 0).label("trained"),
            func.count(),
            func.coalesce(func.sum(attempts_seconds()), 0),
            func.coalesce(func.sum(Run.step * 1.0 / func.nullif(Run.total_steps, 0)), 0),
            func.avg(spent).filter(on_device),
        )
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(Arm.sweep_id.in_(sweep_ids))
        .group_by(Arm.sweep_id, Run.status, "trained")
    )
    return [as_share(row) for row in rows]


def attempts_seconds() -> ScalarSelect[Any]:
    """What all attempts of a Run row took, those that failed or were lost included."""
    ended = func.coalesce(Attempt.ended_at, func.clock_timestamp())
    spent = func.sum(extract("epoch", ended - Attempt.started_at))
    return select(spent).where(Attempt.run_id == Run.id).scalar_subquery()


def as_share(row: Row[int, str, bool, int, float, float, float | None]) -> Share:
    sweep_id, status, trained, runs, seconds, done, mean = row
    mean = None if mean is None else float(mean)
    return Share(sweep_id, status, trained, runs, float(seconds), float(done), mean)


def summed(shares: Sequence[Share], workers: int) -> Progress:
    runs = Counter[str]()
    for share in shares:
        runs[share.status] += share.runs
    return Progress(
        total=runs.total(),
        queued=runs[RunStatus.QUEUED],
        running=runs[RunStatus.RUNNING],
        cancelling=runs[RunStatus.CANCELLING],
        succeeded=runs[RunStatus.SUCCEEDED],
        failed=runs[RunStatus.FAILED],
        cancelled=runs[RunStatus.CANCELLED],
        eta_seconds=eta_seconds([left_of(shares, kind) for kind in (True, False)], workers),
        device_seconds=sum(share.seconds for share in shares),
    )


def left_of(shares: Sequence[Share], trained: bool) -> Left:
    """A base model's evaluation is short: it says nothing of how long training takes."""
    alike = [share for share in shares if share.trained == trained]
    runs = sum(share.runs for share in alike if share.status in UNFINISHED)
    begun = sum(share.done for share in alike if share.status == RunStatus.RUNNING)
    mean = next((s.mean_seconds for s in alike if s.status == RunStatus.SUCCEEDED), None)
    return Left(trained, runs - begun, mean)
