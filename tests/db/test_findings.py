"""What an analysis finds, and weights that are kept, as batches of an attempt's events."""

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from db import attempts, runs
from db.probes import Finding, KeptWeights
from db.sessions import transaction
from domain.errors import Fenced
from domain.events import Analysed, Kept, Started
from domain.findings import ScoreColumn
from domain.lifecycle import Retries
from tests.factories import claim_run, record, submit_sweep


def scored(number: int, value: float) -> Analysed:
    return Analysed(finding=ScoreColumn(number=number, lengths=[[3, 3]], scores=[[value, None]]))


def started(step: int = 0) -> Started:
    return Started(device="cpu", versions={}, total_steps=10, total_problems=4, step=step)


@pytest.fixture
def claim(engine: Engine) -> attempts.Claim:
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0], arms=[{"name": "grpo", "method": "grpo"}])
        return claim_run(db)


def take_over(db: Session, claim: attempts.Claim) -> attempts.Claim:
    run = runs.find(db, claim.run_id)
    assert attempts.lose(db, run.id, claim.attempt, run.heartbeat_seq, "silent", Retries())
    runs.find(db, run.id).due_at = func.now()
    db.flush()
    return claim_run(db, "worker-2")


def bodies(db: Session) -> list[dict[str, object]]:
    return list(db.scalars(select(Finding.body).order_by(Finding.number)))


def test_a_part_said_twice_is_stored_once_as_it_was_said_last(
    engine: Engine, claim: attempts.Claim
) -> None:
    with transaction(engine) as db:
        record(db, claim, [scored(0, -1.0), scored(1, -2.0)])
        record(db, claim, [scored(1, -3.0)])
        assert [body["scores"] for body in bodies(db)] == [[[-1.0, None]], [[-3.0, None]]]


def test_a_stale_attempt_finds_nothing(engine: Engine, claim: attempts.Claim) -> None:
    with transaction(engine) as db:
        record(db, claim, [scored(0, -1.0)])
        take_over(db, claim)
    with pytest.raises(Fenced), transaction(engine) as db:
        record(db, claim, [scored(0, -9.0)])


def test_what_a_lost_attempt_found_goes_once_the_next_has_started(
    engine: Engine, claim: attempts.Claim
) -> None:
    with transaction(engine) as db:
        record(db, claim, [scored(0, -1.0), scored(1, -2.0)])
        again = take_over(db, claim)
        record(db, again, [started(), scored(0, -1.0)])
        assert [body["number"] for body in bodies(db)] == [0]


def test_weights_kept_after_the_step_that_is_gone_on_from_are_kept_again(
    engine: Engine, claim: attempts.Claim
) -> None:
    with transaction(engine) as db:
        record(db, claim, [Kept(step=2), Kept(step=4), Kept(step=4)])
        record(db, take_over(db, claim), [started(step=2)])
        assert list(db.scalars(select(KeptWeights.step))) == [2]
