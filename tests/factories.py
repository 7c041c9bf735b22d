"""Sweeps to submit and results to record, with what a test does not care about filled in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db import attempts, claims, recordings, submissions
from db.attempts import Claim, Outcome
from db.models import Worker
from domain.events import Graded, Metrics, TrainerEvent
from domain.lifecycle import FailureClass, Retries
from domain.needs import UNDERSTOOD
from domain.sweeps import parse_sweep

MODEL, TASK = "countdown-tiny", "countdown"
PROBLEMS, SAMPLES = 4, 8

Judge = Callable[[Claim], Sequence[int]]


def sweep_body(**changes: object) -> dict[str, Any]:
    """Three arms (base, grpo, one shaped cell), two seeds: five runs."""
    return {
        "name": "does shaping help",
        "model": MODEL,
        "task": TASK,
        "train": {"steps": 10, "learning_rate": 3e-4},
        "eval": {"problems": PROBLEMS, "samples": SAMPLES},
        "seeds": [0, 1],
        "baseline": "grpo",
        "arms": [
            {"name": "base", "method": "base"},
            {"name": "grpo", "method": "grpo"},
            {"name": "shaped", "method": "entropy_shaped", "alpha": 0.4},
        ],
        **changes,
    }


def submit_sweep(db: Session, key: str | None = None, **changes: object) -> int:
    return submissions.submit(db, parse_sweep(sweep_body(**changes)), "local", key)


def claim_run(db: Session, worker: str = "worker-1") -> Claim:
    claim = try_claim(db, worker)
    assert claim is not None, "no run is due"
    return claim


def try_claim(db: Session, worker: str = "worker-1") -> Claim | None:
    enlist(db, worker)
    return claims.claim(db, worker, "cpu:0")


def enlist(db: Session, name: str, **known: object) -> None:
    """Registers a worker once, with a CPU unless told otherwise; it counts as silent for long."""
    values = {
        "name": name,
        "host": "here",
        "device": "cpu:0",
        "device_kind": "cpu",
        "pid": 1,
        "understands": UNDERSTOOD,
        "seen_at": func.to_timestamp(0),
        **known,
    }
    db.execute(insert(Worker).values(values).on_conflict_do_nothing())


def graded(correct: Sequence[int], step: int = 10, n: int = SAMPLES) -> list[TrainerEvent]:
    return [
        Graded(step=step, problem=problem, n=n, c=c, truncated=0, unparsable=0)
        for problem, c in enumerate(correct)
    ]


def metrics(step: int, values: Mapping[str, float]) -> Metrics:
    return Metrics(step=step, seconds=float(step), values=dict(values))


def record(db: Session, claim: Claim, events: Sequence[TrainerEvent]) -> None:
    recordings.record(db, claim.run_id, claim.attempt, events, None)


def finish(db: Session, claim: Claim, failure: FailureClass | None = None) -> None:
    message = f"it {failure}" if failure else ""
    outcome = Outcome(exit_code=1 if failure else 0, failure=failure, message=message)
    attempts.finish(db, claim.run_id, claim.attempt, outcome, Retries())


def finish_runs(db: Session, judge: Judge, most: int = 10_000) -> list[int]:
    """Runs what is due, with these counts of correct samples; answers the runs' ids."""
    done: list[int] = []
    while len(done) < most and (claim := try_claim(db)):
        step = claim.spec.total_steps
        record(db, claim, [*graded(judge(claim), step), metrics(step, {"entropy/mean": 0.5})])
        finish(db, claim)
        done.append(claim.run_id)
    return done
