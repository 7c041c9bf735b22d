"""What a trainer said, stored while its run ends, is taken away or is stored a second time."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db import claims, recordings
from db.attempts import Claim
from db.models import Grade, Metric
from db.sessions import transaction
from domain.errors import Fenced
from domain.events import Checkpoint, Graded
from domain.lifecycle import RunStatus
from tests.db.overlaps import overlap
from tests.db.steps import CRASHED, STARTED, finishing, losing, now, saying, starting
from tests.factories import claim_run, metrics


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


def grade(c: int) -> Graded:
    return Graded(step=1, problem=0, n=8, c=c, truncated=0, unparsable=0)


def attempt_of_points(engine: Engine) -> set[int]:
    with transaction(engine) as db:
        return set(db.scalars(select(Metric.attempt)))


def lost_and_begun_again(engine: Engine, claim: Claim) -> Callable[[Session], None]:
    """The run is taken back, claimed by another worker, and started over, all in one go."""
    lose = losing(engine, claim)

    def work(db: Session) -> None:
        lose(db)
        again = claims.claim(db, "worker-2", "cpu:0")
        assert again is not None
        starting(again, 1)(db)

    return work


def test_a_batch_in_flight_lands_before_the_run_is_taken_or_never(
    engine: Engine, claim: Claim
) -> None:
    """Landing after the next attempt has started over, its steps would stay among the new ones."""
    overlap(engine, saying(claim, 1, 2, 3), lost_and_begun_again(engine, claim))
    assert attempt_of_points(engine) == {2}


def test_a_batch_that_meets_the_reaper_is_refused_whole(engine: Engine, claim: Claim) -> None:
    _, said = overlap(engine, losing(engine, claim), saying(claim, 1, 2, 3))
    assert isinstance(said, Fenced)
    assert attempt_of_points(engine) == set()


def test_a_batch_of_an_attempt_whose_run_runs_again_is_refused(
    engine: Engine, claim: Claim
) -> None:
    _, said = overlap(engine, lost_and_begun_again(engine, claim), saying(claim, 1, 2, 3))
    assert isinstance(said, Fenced)
    assert attempt_of_points(engine) == {2}


def test_a_batch_of_an_attempt_that_has_ended_is_refused(engine: Engine, claim: Claim) -> None:
    _, said = overlap(engine, finishing(claim), saying(claim, 1))
    assert isinstance(said, Fenced)
    assert attempt_of_points(engine) == set()


def test_a_point_of_a_later_attempt_is_never_replaced(engine: Engine, claim: Claim) -> None:
    """The guard on the row itself, should the one on the run ever be passed by."""
    with transaction(engine) as db:
        for attempt in (2, 1):
            recordings.record_metrics(db, claim.run_id, attempt, [metrics(1, {"x": attempt})])
            recordings.record_grades(db, claim.run_id, attempt, [grade(attempt)])
        assert set(db.scalars(select(Metric.value).where(Metric.name == "x"))) == {2.0}
        assert db.scalars(select(Grade.c)).all() == [2]


def test_a_point_said_again_by_a_later_attempt_is_the_later_one(
    engine: Engine, claim: Claim
) -> None:
    with transaction(engine) as db:
        for attempt in (1, 2):
            recordings.record_metrics(db, claim.run_id, attempt, [metrics(1, {"x": attempt})])
            recordings.record_grades(db, claim.run_id, attempt, [grade(attempt)])
        assert set(db.scalars(select(Metric.value).where(Metric.name == "x"))) == {2.0}
        assert db.scalars(select(Grade.c)).all() == [2]


def test_two_batches_of_one_attempt_at_once_are_one_record(engine: Engine, claim: Claim) -> None:
    """As when the answer to a commit was lost and the batch is sent again."""
    _, said = overlap(engine, starting(claim, 1, 2), starting(claim, 1, 2))
    assert said is RunStatus.RUNNING
    with transaction(engine) as db:
        steps = db.scalars(select(Metric.step).where(Metric.name == "x").order_by(Metric.step))
        assert list(steps) == [1, 2]


def test_a_start_said_again_forgets_nothing_of_its_own_attempt(
    engine: Engine, claim: Claim
) -> None:
    with transaction(engine) as db:
        starting(claim, 1, 2)(db)
        starting(claim)(db)
        assert sorted(db.scalars(select(Metric.step).where(Metric.name == "x"))) == [1, 2]


def test_a_checkpoint_said_again_later_does_not_take_the_run_back(
    engine: Engine, claim: Claim
) -> None:
    saved = [Checkpoint(step=step, path=f"/step-{step}") for step in (4, 2)]
    with transaction(engine) as db:
        for event in saved:
            recordings.record(db, claim.run_id, claim.attempt, [event], None)
    run = now(engine, claim.run_id)
    assert (run.checkpoint_step, run.furthest_step) == (4, 4)


def test_getting_as_far_as_before_gives_no_restarts_back(engine: Engine, claim: Claim) -> None:
    saved = [STARTED, Checkpoint(step=2, path="/step-2")]
    with transaction(engine) as db:
        recordings.record(db, claim.run_id, claim.attempt, saved, None)
    with transaction(engine) as db:
        finishing(claim, CRASHED)(db)
    with transaction(engine) as db:
        again = claim_run(db, "worker-2")
        recordings.record(db, again.run_id, again.attempt, saved, None)
    assert now(engine, claim.run_id).restarts == 1
