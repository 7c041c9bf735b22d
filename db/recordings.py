"""What a trainer said, written under its attempt: a batch is stored whole, once, or refused.

Keys make a repeated batch harmless. Every function raises Fenced when the attempt is stale.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, true, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.attempts import hold
from db.models import Attempt, Grade, Metric, Rollout, Run
from db.probes import Finding, KeptWeights
from db.sessions import RELOAD
from domain.events import Analysed, Checkpoint, Graded, Kept, Metrics, Started, TrainerEvent
from domain.events import Rollout as RolloutEvent
from domain.lifecycle import RunStatus
from domain.records import Record

UPSERT_METRICS = sql(
    """
    INSERT INTO metrics (run_id, name, step, value, attempt)
    SELECT :run_id, name, step, value, :attempt
    FROM unnest(CAST(:names AS text[]), CAST(:steps AS int[]), CAST(:values AS float8[]))
        AS point (name, step, value)
    ON CONFLICT (run_id, name, step) DO UPDATE
    SET value = excluded.value, attempt = excluded.attempt
    WHERE metrics.attempt <= excluded.attempt
    """
)


def record(
    db: Session, run_id: int, attempt: int, events: Sequence[TrainerEvent], log: str | None
) -> RunStatus:
    """Stores a batch of events and the log's tail; answers the run's state."""
    status = hold(db, run_id, attempt)
    for event in events:
        if isinstance(event, Started):
            update_attempt(db, run_id, attempt, {"versions": event.versions})
            forget_after(db, run_id, attempt, event)
    record_metrics(db, run_id, attempt, [e for e in events if isinstance(e, Metrics)])
    record_grades(db, run_id, attempt, [e for e in events if isinstance(e, Graded)])
    record_rollouts(db, run_id, attempt, [e for e in events if isinstance(e, RolloutEvent)])
    record_findings(db, run_id, attempt, [e for e in events if isinstance(e, Analysed)])
    for event in events:
        if isinstance(event, Checkpoint):
            record_checkpoint(db, run_id, event.step)
        if isinstance(event, Kept):
            record_weights(db, run_id, attempt, event.step)
    if log is not None:
        update_attempt(db, run_id, attempt, {"log": log})
    return status


def note(db: Session, run_id: int, attempt: int, record: Record) -> None:
    """Keeps what it takes to repeat the attempt."""
    update_attempt(db, run_id, attempt, {"record": record.model_dump(mode="json")})


def forget_after(db: Session, run_id: int, attempt: int, started: Started) -> None:
    """Deletes what earlier attempts said after the checkpoint it goes on from: it is said again."""
    step = started.step
    for table, later in (
        (Metric, Metric.step > step),
        (Rollout, Rollout.step > step),
        (Grade, Grade.step >= step),
        (KeptWeights, KeptWeights.step > step),
        (Finding, true()),
    ):
        db.execute(delete(table).where(table.run_id == run_id, later, table.attempt < attempt))
    lineage = storable(started.lineage)
    from_here = {"checkpoint_step": step, "lineage": lineage}
    changed = (Run.checkpoint_step > step) | Run.lineage.is_distinct_from(lineage)
    db.execute(
        update(Run).where(Run.id == run_id, changed).values(**from_here), execution_options=RELOAD
    )


def record_checkpoint(db: Session, run_id: int, step: int) -> None:
    """A run that got further than any attempt before has its restarts given back."""
    for column, values in (
        (Run.checkpoint_step, {"checkpoint_step": step}),
        (Run.furthest_step, {"furthest_step": step, "restarts": 0}),
    ):
        db.execute(
            update(Run).where(Run.id == run_id, column < step).values(**values),
            execution_options=RELOAD,
        )


def record_metrics(db: Session, run_id: int, attempt: int, events: Sequence[Metrics]) -> None:
    points = {
        (storable(metric), event.step): value
        for event in events
        for metric, value in {**event.values, "seconds": event.seconds}.items()
    }
    if points:
        db.execute(
            UPSERT_METRICS,
            {
                "run_id": run_id,
                "attempt": attempt,
                "names": [metric for metric, _ in points],
                "steps": [step for _, step in points],
                "values": list(points.values()),
            },
        )


def record_grades(db: Session, run_id: int, attempt: int, events: Sequence[Graded]) -> None:
    rows = {
        (event.step, event.problem): event.model_dump(exclude={"kind"})
        | {"run_id": run_id, "attempt": attempt}
        for event in events
    }
    if rows:
        statement = insert(Grade)
        excluded = {
            name: statement.excluded[name] for name in ("n", "c", "truncated", "unparsable")
        }
        db.execute(
            statement.on_conflict_do_update(
                index_elements=["run_id", "step", "problem"],
                set_={**excluded, "attempt": statement.excluded.attempt},
                where=Grade.attempt <= statement.excluded.attempt,
            ),
            list(rows.values()),
        )


def record_rollouts(db: Session, run_id: int, attempt: int, events: Sequence[RolloutEvent]) -> None:
    rows = {
        (event.step, event.index): storable(event.model_dump(exclude={"kind"}))
        | {"run_id": run_id, "attempt": attempt}
        for event in events
    }
    if rows:
        statement = insert(Rollout).on_conflict_do_nothing()
        db.execute(statement, list(rows.values()))


def record_findings(db: Session, run_id: int, attempt: int, events: Sequence[Analysed]) -> None:
    rows = {
        (event.finding.part, event.finding.number): {
            "run_id": run_id,
            "part": event.finding.part,
            "number": event.finding.number,
            "body": storable(event.finding.model_dump(mode="json")),
            "attempt": attempt,
        }
        for event in events
    }
    if rows:
        statement = insert(Finding)
        db.execute(
            statement.on_conflict_do_update(
                index_elements=["run_id", "part", "number"],
                set_={"body": statement.excluded.body, "attempt": statement.excluded.attempt},
                where=Finding.attempt <= statement.excluded.attempt,
            ),
            list(rows.values()),
        )


def record_weights(db: Session, run_id: int, attempt: int, step: int) -> None:
    kept = insert(KeptWeights).values(run_id=run_id, step=step, attempt=attempt)
    again = {"attempt": kept.excluded.attempt}
    db.execute(kept.on_conflict_do_update(index_elements=["run_id", "step"], set_=again))


def update_attempt(db: Session, run_id: int, attempt: int, values: dict[str, object]) -> None:
    db.execute(
        update(Attempt)
        .where(Attempt.run_id == run_id, Attempt.number == attempt)
        .values(**storable(values)),
        execution_options=RELOAD,
    )


def storable(value: Any) -> Any:
    """PostgreSQL stores no NUL, and a model may well sample one: its picture stands for it."""
    match value:
        case str():
            return value.replace("\x00", "\N{SYMBOL FOR NULL}")
        case list():
            return [storable(item) for item in value]
        case dict():
            return {storable(key): storable(item) for key, item in value.items()}
        case _:
            return value
