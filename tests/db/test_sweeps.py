"""Sweeps in the database: submitted once, shared, listed in a constant number of queries."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, text, update
from sqlalchemy.orm import Session

from db import (
    batches,
    comparisons,
    listings,
    members,
    previews,
    progress,
    runs,
    steering,
    submissions,
    sweeps,
    workers,
)
from db.models import ArmRun, Attempt, Run, RunEvent, Sweep
from db.overviews import WantedSweeps, list_sweeps
from db.sessions import transaction
from db.workers import Identity
from domain.errors import Conflict, Invalid
from domain.lifecycle import FailureClass, RunStatus
from domain.sweeps import parse_sweep
from tests.factories import claim_run, finish, finish_runs, submit_sweep, sweep_body

ALIVE = 60.0
TRAINED = [arm for arm in sweep_body()["arms"] if arm["method"] != "base"]


@contextmanager
def counted_queries(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_equal_cells_of_two_sweeps_are_one_run(db: Session) -> None:
    submit_sweep(db, seeds=[0])
    submit_sweep(db, seeds=[0, 1])
    assert db.scalar(select(func.count()).select_from(Run)) == 5
    assert db.scalar(select(func.count()).select_from(ArmRun)) == 3 + 5


def test_submitting_queues_what_had_failed_again(db: Session) -> None:
    submit_sweep(db, seeds=[0])
    claim = claim_run(db)
    finish(db, claim, FailureClass.USER_ERROR)
    submit_sweep(db, seeds=[0], name="again")
    assert runs.find(db, claim.run_id).status == RunStatus.QUEUED


def test_what_cannot_be_expanded_is_not_stored(db: Session) -> None:
    with pytest.raises(Invalid):
        submit_sweep(db, baseline="nothing")
    assert db.scalar(select(func.count()).select_from(Sweep)) == 0


def test_a_key_belongs_to_its_owner(db: Session) -> None:
    spec = parse_sweep(sweep_body())
    ids = {submissions.submit(db, spec, owner, "key") for owner in ("ann", "bob", "ann")}
    assert len(ids) == 2


def test_without_a_key_every_submission_is_a_sweep(db: Session) -> None:
    assert submit_sweep(db) != submit_sweep(db)


def test_the_same_submission_at_once_is_one_sweep(engine: Engine) -> None:
    def submit(_: int) -> int:
        with transaction(engine) as session:
            return submit_sweep(session, key="once")

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(submit, range(16)))
    assert len(ids) == 1


def test_overlapping_submissions_at_once_do_not_deadlock(engine: Engine) -> None:
    arms = sweep_body()["arms"]

    def submit(number: int) -> int:
        with transaction(engine) as session:
            order = arms if number % 2 else arms[::-1]
            return submit_sweep(session, arms=order, seeds=list(range(20)))

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(submit, range(8)))) == 8


def test_every_transition_of_a_cancelled_sweep_names_it(db: Session) -> None:
    sweep = submit_sweep(db, seeds=[0])
    assert steering.cancel(db, sweep, "ann", include_shared=False) == 3
    reasons = db.scalars(select(RunEvent.reason).where(RunEvent.new == RunStatus.CANCELLED))
    assert set(reasons) == {f"sweep {sweep} was cancelled"}


def test_a_cancelling_run_cannot_be_retried_with_its_sweep(db: Session) -> None:
    sweep = submit_sweep(db, seeds=[0])
    claim = claim_run(db)
    runs.cancel(db, claim.run_id, "ann", "test")
    with pytest.raises(Conflict, match="no failed or cancelled run"):
        steering.retry(db, sweep, "ann")


def register(db: Session, name: str) -> None:
    workers.register(db, Identity(name=name, host="here", device="cpu:0", device_kind="cpu", pid=1))


def read(db: Session, sweep: int) -> progress.Progress:
    return progress.read_progress(db, [sweep], ALIVE)[sweep]


def finish_after(db: Session, seconds: float) -> None:
    """The next run that is due, as if it had taken so long."""
    claim = claim_run(db)
    began = {"started_at": func.clock_timestamp() - timedelta(seconds=seconds)}
    db.execute(update(Run).where(Run.id == claim.run_id).values(**began))
    finish(db, claim)


def test_the_eta_follows_finished_runs_and_living_workers(db: Session) -> None:
    sweep = submit_sweep(db, seeds=[0, 1], arms=TRAINED)
    finish_after(db, 60)
    finish_after(db, 60)
    for name in ("worker-1", "worker-2"):
        register(db, name)
    assert read(db, sweep).eta_seconds == pytest.approx(60, abs=2)


def test_an_evaluated_base_model_says_nothing_of_the_time_that_training_takes(db: Session) -> None:
    sweep = submit_sweep(db, seeds=[0])
    register(db, "worker-1")
    finish_after(db, 4)
    assert db.scalars(select(Run.total_steps).where(Run.status == RunStatus.SUCCEEDED)).one() == 0
    assert read(db, sweep).eta_seconds is None
    finish_after(db, 60)
    assert read(db, sweep).eta_seconds == pytest.approx(60, abs=2)


def test_without_workers_there_is_no_eta(db: Session) -> None:
    sweep = submit_sweep(db)
    finish(db, claim_run(db))
    assert read(db, sweep).eta_seconds is None


def test_a_finished_sweep_is_there_at_once(db: Session) -> None:
    sweep = submit_sweep(db)
    finish_runs(db, lambda _: [1, 2, 3, 4])
    assert read(db, sweep).eta_seconds == 0


def test_device_time_sums_every_attempt(db: Session) -> None:
    sweep = submit_sweep(db, seeds=[0])
    for seconds in (30, 12):
        claim = claim_run(db)
        began = {"started_at": func.clock_timestamp() - timedelta(seconds=seconds)}
        mine = (Attempt.run_id == claim.run_id, Attempt.number == claim.attempt)
        db.execute(update(Attempt).where(*mine).values(**began))
        finish(db, claim, FailureClass.USER_ERROR)
        runs.retry(db, claim.run_id, "ann", "test")
    assert read(db, sweep).device_seconds == pytest.approx(42, abs=1)


def test_device_time_counts_an_attempt_under_way(db: Session) -> None:
    sweep = submit_sweep(db, seeds=[0])
    claim = claim_run(db)
    began = {"started_at": func.clock_timestamp() - timedelta(seconds=30)}
    db.execute(update(Attempt).where(Attempt.run_id == claim.run_id).values(**began))
    assert read(db, sweep).device_seconds == pytest.approx(30, abs=1)


def test_listing_sweeps_takes_a_constant_number_of_queries(engine: Engine) -> None:
    counts = []
    for size in (2, 12):
        with transaction(engine) as db:
            for number in range(size):
                submit_sweep(db, name=f"sweep {size} {number}")
        with transaction(engine) as db, counted_queries(engine) as statements:
            page = list_sweeps(db, WantedSweeps(search=f"sweep {size} "), ALIVE)
            assert len(page.sweeps) == size
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5


def large() -> dict[str, Any]:
    """Ten thousand runs."""
    shaped = {"name": "s", "method": "entropy_shaped", "alpha": [n / 100 for n in range(99)]}
    return {"arms": [{"name": "grpo", "method": "grpo"}, shaped], "seeds": list(range(100))}


def test_a_preview_takes_no_longer_because_runs_will_be_queued_again(db: Session) -> None:
    """The time of this process alone, which the load of others does not change."""
    steering.cancel(db, submit_sweep(db, **large()), "ann", include_shared=False)
    began = time.process_time()
    found = previews.preview(db, parse_sweep(sweep_body(**large())))
    assert (found.queued_again, found.new_runs) == (10_000, 0)
    assert time.process_time() - began < 5


def test_a_large_sweep_is_cancelled_whatever_postgres_thinks_of_its_size(engine: Engine) -> None:
    """Analysed while it was being stored, its tables pass for empty; the statement has 30 s."""
    with transaction(engine) as db:
        sweep = submit_sweep(db, **large())
        with engine.connect() as other:
            other.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    with transaction(engine) as db:
        assert steering.cancel(db, sweep, "ann", include_shared=False) == 10_000


def test_ten_thousand_runs_are_read_in_a_handful_of_queries(engine: Engine) -> None:
    with transaction(engine) as db:
        sweep = submit_sweep(db, **large())
    with transaction(engine) as db, counted_queries(engine) as statements:
        found = members.list_runs(db, sweep)
        sweeps.find(db, sweep, ALIVE)
        page = listings.list_runs(db, None, sweep, 50, 9_000)
    assert len(found.runs) == page.total == 10_000
    assert len(page.runs) == 50
    assert len(statements) <= 12


def test_a_cancelled_sweep_no_longer_holds_on_to_shared_runs(db: Session) -> None:
    first = submit_sweep(db)
    steering.cancel(db, first, "tester", include_shared=False)
    second = submit_sweep(db)
    assert steering.cancel(db, second, "tester", include_shared=False) == 5


def test_a_retried_sweep_holds_on_to_its_runs_again(db: Session) -> None:
    first = submit_sweep(db)
    steering.cancel(db, first, "tester", include_shared=False)
    steering.retry(db, first, "tester")
    second = submit_sweep(db)
    with pytest.raises(Conflict, match="other sweeps share all"):
        steering.cancel(db, second, "tester", include_shared=False)


def test_another_baseline_gives_the_figures_of_a_sweep_that_was_submitted_with_it(
    db: Session,
) -> None:
    """Of the very same runs: the second sweep shares them all."""
    first, second = submit_sweep(db), submit_sweep(db, baseline="shaped")
    finish_runs(db, lambda claim: [claim.spec.seed, len(claim.spec.method.method) % 8, 4, 8])
    chosen = comparisons.compare_sweep(db, first, baseline="shaped")
    own = comparisons.compare_sweep(db, second)
    assert (chosen.arms, chosen.conclusion) == (own.arms, own.conclusion)
    assert chosen.arms != comparisons.compare_sweep(db, first).arms
    assert (chosen.baseline, chosen.submitted_baseline) == ("shaped/alpha=0.4", "grpo")


def test_a_comparison_goes_by_the_evaluation_of_the_day_it_was_submitted(db: Session) -> None:
    """The sweep's text leaves defaults out; the runs have what they were then."""
    sweep_id = submit_sweep(db, eval={"problems": 4})
    comparison = comparisons.compare_sweep(db, sweep_id)
    for run in db.scalars(select(Run)):
        run.spec = run.spec | {"eval": run.spec["eval"] | {"samples": 8}}
    db.flush()
    assert comparison.samples == 64
    assert comparisons.compare_sweep(db, sweep_id).samples == 8


def test_ten_thousand_runs_are_cancelled_and_retried_in_a_handful_of_queries(
    engine: Engine,
) -> None:
    with transaction(engine) as db:
        submit_sweep(db, **large())
        ids = list(db.scalars(select(Run.id)))
    for verb, status in ((batches.cancel, RunStatus.CANCELLED), (batches.retry, RunStatus.QUEUED)):
        with transaction(engine) as db, counted_queries(engine) as statements:
            results = verb(db, ids, "ann", "")
        assert {(one.ok, one.status) for one in results} == {(True, status)}
        assert len(statements) <= 20
