"""What the database itself refuses, whoever asks: the trigger and the index on runs."""

from itertools import product

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import Run
from db.sessions import transaction
from domain.lifecycle import MOVES, RunStatus
from tests.db.steps import ONE_ARM
from tests.factories import claim_run, submit_sweep


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


ILLEGAL = [
    (old, new) for old, new in product(RunStatus, RunStatus) if new not in MOVES[old] and old != new
]


@pytest.mark.parametrize(("old", "new"), ILLEGAL, ids=str)
def test_the_database_refuses_every_edge_that_is_none(
    engine: Engine, old: RunStatus, new: RunStatus
) -> None:
    run_id = bring_to(engine, old)
    with pytest.raises(IntegrityError, match="not a legal move"), transaction(engine) as db:
        db.execute(update(Run).where(Run.id == run_id).values(status=new))


@pytest.mark.parametrize("old", RunStatus)
@pytest.mark.parametrize("change", [-1, 1, 2])
def test_the_database_refuses_an_attempt_that_nobody_claimed(
    engine: Engine, old: RunStatus, change: int
) -> None:
    run_id = bring_to(engine, old)
    with pytest.raises(IntegrityError), transaction(engine) as db:
        db.execute(update(Run).where(Run.id == run_id).values(attempt=Run.attempt + change))


@pytest.mark.parametrize("change", [0, 2])
def test_the_database_refuses_a_claim_that_is_not_the_next_attempt(
    engine: Engine, change: int
) -> None:
    run_id = bring_to(engine, RunStatus.QUEUED)
    with pytest.raises(IntegrityError, match="not allowed here"), transaction(engine) as db:
        claim(db, run_id, change)


@pytest.mark.parametrize("end", [RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED])
def test_the_database_refuses_to_change_a_final_run(engine: Engine, end: RunStatus) -> None:
    run_id = bring_to(engine, end)
    with pytest.raises(IntegrityError, match="does not change"), transaction(engine) as db:
        db.execute(update(Run).where(Run.id == run_id).values(error="another story"))


def test_the_database_gives_one_worker_one_run(engine: Engine) -> None:
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0, 1], arms=ONE_ARM)
        claim_run(db, "worker-1")
        claim_run(db, "worker-2")
    with pytest.raises(IntegrityError, match="uq_runs_live_worker"), transaction(engine) as db:
        db.execute(update(Run).values(worker="worker-1"))


WAYS = {
    RunStatus.QUEUED: [],
    RunStatus.RUNNING: ["running"],
    RunStatus.CANCELLING: ["running", "cancelling"],
    RunStatus.SUCCEEDED: ["running", "succeeded"],
    RunStatus.FAILED: ["running", "failed"],
    RunStatus.CANCELLED: ["cancelled"],
}


def bring_to(engine: Engine, status: RunStatus) -> int:
    """A run in this state, by legal moves."""
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0], arms=ONE_ARM)
    with transaction(engine) as db:
        for step in WAYS[status]:
            claimed = {"attempt": Run.attempt + 1} if step == RunStatus.RUNNING else {}
            db.execute(update(Run).values(status=step, **claimed))
        return db.scalars(select(Run.id)).one()


def claim(db: Session, run_id: int, change: int) -> None:
    values = {"status": RunStatus.RUNNING, "attempt": Run.attempt + change}
    db.execute(update(Run).where(Run.id == run_id).values(values))
