"""A database that goes away: what a worker waits for, and what it saves when it waits too long."""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from db.models import Attempt, Metric
from db.sessions import transaction
from tests.workers.conftest import Service
from workers.outages import Outage

SHORT = "4"
"""How many seconds a silent run lives."""


def test_a_database_that_goes_away_and_comes_back_costs_no_attempt(
    service: Service, server: Engine
) -> None:
    service.start("dispatcher", ALIVE_SECONDS=SHORT)
    service.start_worker(steps=60, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 5)
    with closed(server, service.engine):
        time.sleep(float(SHORT) + 1)  # longer than a silent run may live
    run = service.wait_for_status(run_id, "succeeded")
    assert (run.attempt, run.restarts) == (1, 0)
    with transaction(service.engine) as db:
        steps = db.scalars(select(Metric.step).where(Metric.name == "reward/mean"))
        assert sorted(steps) == list(range(1, 61))


def test_a_worker_cut_off_too_long_stops_its_trainer(service: Service, server: Engine) -> None:
    service.environment["FORKPOINT_SELF_FENCE_SECONDS"] = "1"
    service.start("dispatcher")
    service.start_worker(steps=600, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    with closed(server, service.engine):
        service.wait_for(lambda: not service.trainers(), tell=False)
    service.wait_for(lambda: service.run(run_id).attempt == 2)


def test_a_worker_told_to_stop_while_it_is_cut_off_has_its_run_saved_at_once(
    service: Service, server: Engine
) -> None:
    service.start("dispatcher")
    worker = service.start_worker(steps=600, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    with closed(server, service.engine):
        worker.terminate()
        service.wait_for(lambda: not service.trainers(), tell=False)
    assert worker.wait(timeout=60) == 0
    assert service.run(run_id).status == "queued"
    with transaction(service.engine) as db:
        assert db.get_one(Attempt, (run_id, 1)).outcome == "drained"


def test_a_run_stopped_by_a_worker_cut_off_goes_on_from_its_last_step(
    service: Service, server: Engine, tmp_path: Path
) -> None:
    pace = tmp_path / "pace"
    pace.write_text("0.3")
    service.environment |= {
        "FORKPOINT_SELF_FENCE_SECONDS": "1",
        "FORKPOINT_TRAINER": json.dumps([sys.executable, "-m", "tests.chaos.trainer"]),
        "CHAOS_LOG": str(tmp_path / "chaos"),
        "CHAOS_PACE": str(pace),
    }
    service.start("dispatcher")
    service.start_worker()
    [run_id] = service.submit()
    service.wait_for_step(run_id, 1)
    with closed(server, service.engine):
        service.wait_for(lambda: not service.trainers(), tell=False)
        time.sleep(2)  # longer than the worker waited before it stopped the run
    service.wait_for_status(run_id, "succeeded")
    with transaction(service.engine) as db:
        first, second = db.scalars(select(Attempt).order_by(Attempt.number))
        assert (first.outcome, first.exit_code) == ("drained", 75)
        last = db.scalar(select(func.max(Metric.step)).where(Metric.attempt == 1))
        assert second.record
        assert second.record["from_step"] == last


def test_an_outage_is_told_once_and_its_end_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    outage = Outage("the database")
    outage.end()
    for _ in range(2):
        for reason in ("refused", "refused"):
            outage.tell(reason)
        outage.end()
        outage.end()
    said = ["the database is away: refused", "the database is back after 0 s"] * 2
    assert [record.getMessage() for record in caplog.records] == said


@contextmanager
def closed(server: Engine, engine: Engine) -> Iterator[None]:
    """The database refuses connections and has ended those there were."""
    name = engine.url.database
    with server.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
        try:
            yield
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
