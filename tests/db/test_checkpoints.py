"""What a later attempt goes on from, what it forgets, and when a run gets its restarts back."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db import attempts, runs
from db.models import Grade, Metric
from db.sessions import transaction
from domain.errors import Fenced
from domain.events import Checkpoint, Started
from domain.lifecycle import FailureClass
from tests.db.steps import lose
from tests.factories import claim_run, finish, graded, metrics, record, submit_sweep


def started(step: int = 0, lineage: str = "first") -> Started:
    return Started(
        device="cpu", versions={}, total_steps=10, total_problems=4, step=step, lineage=lineage
    )


@pytest.fixture
def saved(engine: Engine) -> attempts.Claim:
    """An attempt that saved step 2, said step 3 and was lost."""
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0], arms=[{"name": "grpo", "method": "grpo"}])
        claim = claim_run(db)
        steps = [metrics(step, {"reward/mean": step / 10}) for step in (1, 2, 3)]
        grades = [*graded([1, 2], step=1), *graded([3, 4], step=2)]
        record(db, claim, [started(), *steps, *grades, Checkpoint(step=2, path="/step-2")])
        lose(db, claim)
    return claim


def read_record(db: Session) -> tuple[list[int], list[int]]:
    """The steps that have metrics, and those that have grades."""
    metric_steps = select(Metric.step).where(Metric.name == "reward/mean").order_by(Metric.step)
    grade_steps = select(Grade.step).distinct().order_by(Grade.step)
    return list(db.scalars(metric_steps)), list(db.scalars(grade_steps))


def test_an_attempt_goes_on_from_what_is_recorded_up_to_its_checkpoint(
    engine: Engine, saved: attempts.Claim
) -> None:
    """Grades of the checkpoint's own step come after it, and are said again."""
    with transaction(engine) as db:
        again = claim_run(db, "worker-2")
        assert (again.checkpoint_step, again.lineage) == (2, "first")
        assert runs.find(db, again.run_id).step == 2
        assert read_record(db) == ([1, 2, 3], [1, 2]), "nothing is lost before it starts"
        record(db, again, [started(step=2)])
        assert read_record(db) == ([1, 2], [1])
        record(db, again, [started(step=2), metrics(3, {"reward/mean": 0.5})])
        assert read_record(db) == ([1, 2, 3], [1])


def test_a_worker_without_the_checkpoint_starts_over(engine: Engine, saved: attempts.Claim) -> None:
    with transaction(engine) as db:
        again = claim_run(db, "worker-2")
        record(db, again, [started(step=0, lineage="second")])
        assert read_record(db) == ([], [])
        run = runs.find(db, again.run_id)
        assert (run.checkpoint_step, run.lineage, run.restarts) == (0, "second", 1)


def test_getting_as_far_again_gives_no_restarts_back(engine: Engine, saved: attempts.Claim) -> None:
    """Else a run that always dies after its first checkpoint would be tried for ever."""
    with transaction(engine) as db:
        again = claim_run(db, "worker-2")
        record(db, again, [started(step=0), Checkpoint(step=1, path="/1")])
        record(db, again, [Checkpoint(step=2, path="/2")])
        run = runs.find(db, again.run_id)
        assert (run.checkpoint_step, run.restarts) == (2, 1)


@pytest.mark.parametrize(
    ("failure", "kept"), [(FailureClass.USER_ERROR, 0), (None, 2)], ids=["failed", "cancelled"]
)
def test_a_retried_run_goes_on_if_cancelled_and_starts_over_if_failed(
    engine: Engine, failure: FailureClass | None, kept: int
) -> None:
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0], arms=[{"name": "grpo", "method": "grpo"}])
        claim = claim_run(db)
        record(db, claim, [started(), Checkpoint(step=2, path="/step-2")])
        if failure is None:
            runs.cancel(db, claim.run_id, "tester", "enough")
        finish(db, claim, failure)
        runs.retry(db, claim.run_id, "tester", "again")
        assert claim_run(db).checkpoint_step == kept


@pytest.mark.parametrize("cancelled", [False, True], ids=["failed", "cancelled"])
def test_a_retried_run_earns_its_restarts_by_how_far_its_new_life_gets(
    engine: Engine, saved: attempts.Claim, cancelled: bool
) -> None:
    """However far an attempt got before, whose checkpoint is lost."""
    with transaction(engine) as db:
        claim = claim_run(db, "worker-2")
        record(db, claim, [started(lineage="second"), Checkpoint(step=1, path="/step-1")])
        if cancelled:
            runs.cancel(db, claim.run_id, "tester", "enough")
        finish(db, claim, FailureClass.USER_ERROR)
        runs.retry(db, claim.run_id, "tester", "again")
        lose(db, claim_run(db))
        claim = claim_run(db, "worker-2")
        assert runs.find(db, claim.run_id).restarts == 1
        record(db, claim, [Checkpoint(step=2, path="/step-2")])
        assert runs.find(db, claim.run_id).restarts == 0


def test_a_batch_said_twice_forgets_nothing_of_its_own(
    engine: Engine, saved: attempts.Claim
) -> None:
    with transaction(engine) as db:
        again = claim_run(db, "worker-2")
        batch = [started(step=2), metrics(3, {"reward/mean": 0.5}), *graded([1], step=2)]
        record(db, again, batch)
        record(db, again, batch)
        assert read_record(db) == ([1, 2, 3], [1, 2])


def test_getting_further_gives_the_restarts_back_and_only_that(
    engine: Engine, saved: attempts.Claim
) -> None:
    with transaction(engine) as db:
        again = claim_run(db, "worker-2")
        assert runs.find(db, again.run_id).restarts == 1
        record(db, again, [started(step=2), Checkpoint(step=2, path="/step-2")])
        assert runs.find(db, again.run_id).restarts == 1, "it got no further than before"
        record(db, again, [Checkpoint(step=3, path="/step-3")])
        run = runs.find(db, again.run_id)
        assert (run.restarts, run.checkpoint_step) == (0, 3)


def test_a_stale_attempt_saves_and_forgets_nothing(engine: Engine, saved: attempts.Claim) -> None:
    with transaction(engine) as db:
        claim_run(db, "worker-2")
    for event in (started(), Checkpoint(step=9, path="/step-9")):
        with pytest.raises(Fenced), transaction(engine) as db:
            record(db, saved, [event])
    with transaction(engine) as db:
        assert read_record(db) == ([1, 2, 3], [1, 2])
        assert runs.find(db, saved.run_id).checkpoint_step == 2
