"""How long finished runs and analyses of a model on a task took."""

from collections.abc import Iterator
from contextlib import suppress

from pydantic import ValidationError
from sqlalchemy import ColumnElement, extract, select
from sqlalchemy.orm import Session

from db.models import Run
from domain.estimates import Looked, Measured, eval_size, step_size
from domain.lifecycle import RunStatus
from domain.probes import bill
from domain.runs import RunSpec

RECENT = 500


def measure_runs(db: Session, model: str, task: str) -> list[Measured]:
    """The latest."""
    trained = ~Run.spec.has_key("analysis")
    return [measured(spec, seconds) for spec, seconds in read(db, model, task, trained)]


def measure_analyses(db: Session, model: str, task: str) -> list[Looked]:
    """The latest."""
    finished = read(db, model, task, Run.spec.has_key("analysis"))
    return [Looked(bill(spec.analysis), seconds) for spec, seconds in finished if spec.analysis]


def read(
    db: Session, model: str, task: str, kind: ColumnElement[bool]
) -> Iterator[tuple[RunSpec, float]]:
    rows = db.execute(
        select(Run.spec, extract("epoch", Run.finished_at - Run.started_at))
        .where(
            Run.status == RunStatus.SUCCEEDED,
            Run.spec["model"].astext == model,
            Run.spec["task"].astext == task,
            Run.started_at.is_not(None),
            kind,
        )
        .order_by(Run.finished_at.desc())
        .limit(RECENT)
    )
    for body, seconds in rows:
        with suppress(ValidationError):  # a newer version wrote it; the others tell as much
            yield RunSpec.model_validate(body), float(seconds)


def measured(spec: RunSpec, seconds: float) -> Measured:
    return Measured(spec.total_steps, step_size(spec.train), eval_size(spec.eval), seconds)
