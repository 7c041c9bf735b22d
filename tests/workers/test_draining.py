"""A worker that somebody drains: it gives its run back, stays, and works again when resumed."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from db import workers
from db.sessions import transaction
from tests.conftest import ROOT
from tests.workers.conftest import Service

NAME = "worker-0"


def status(service: Service) -> str:
    with transaction(service.engine) as db:
        return workers.find(db, NAME, alive_seconds=60).status


def test_a_drained_worker_gives_its_run_back_and_goes_on_when_it_is_resumed(
    service: Service,
) -> None:
    service.start("dispatcher")
    service.start_worker(steps=100, seconds=0.05)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    with transaction(service.engine) as db:
        workers.drain(db, NAME, "ada", "new driver")
    service.wait_for(lambda: status(service) == "drained")
    run = service.run(run_id)
    assert (run.status, run.restarts, run.attempt) == ("queued", 0, 1)
    with transaction(service.engine) as db:
        workers.resume(db, NAME, "ada", "")
    service.wait_for(lambda: service.run(run_id).attempt == 2)


def test_a_worker_that_stopped_is_off_the_list_even_if_its_process_takes_long_to_end(
    service: Service, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, time; atexit.register(time.sleep, 1)"
    )
    path = os.pathsep.join([str(tmp_path), service.environment.get("PYTHONPATH", "")])
    service.environment |= {"PYTHONPATH": path, "FORKPOINT_BEAT_SECONDS": "0.05"}
    service.start("dispatcher")
    worker = service.start_worker(steps=1)
    [run_id] = service.submit()
    service.wait_for_status(run_id, "succeeded")
    assert list_workers(service) == [NAME]
    worker.terminate()
    assert worker.wait(60) == 0
    assert list_workers(service) == []


def test_a_worker_told_to_stop_as_soon_as_it_is_on_the_list_leaves_it(service: Service) -> None:
    worker = service.start_worker()
    service.wait_for(lambda: list_workers(service) == [NAME])
    worker.terminate()
    assert worker.wait(60) == 0
    assert list_workers(service) == []


def test_a_worker_told_to_stop_while_it_registers_is_not_on_the_list(service: Service) -> None:
    with transaction(service.engine) as db:
        db.execute(text("LOCK TABLE workers"))
        worker = service.start_worker()
        service.wait_for(lambda: waits_for_a_lock(service))
        worker.terminate()
    assert worker.wait(60) == 0
    assert list_workers(service) == []


def test_a_worker_told_to_stop_while_the_database_is_away_stops(service: Service) -> None:
    service.environment["FORKPOINT_DATABASE_URL"] = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    worker = service.start_worker()
    log = service.data / "worker-0.log"
    service.wait_for(lambda: "the database is away" in log.read_text())
    worker.terminate()
    assert worker.wait(60) == 0


def waits_for_a_lock(service: Service) -> bool:
    asked = text("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with service.engine.connect() as connection:
        return connection.scalar(asked) is not None


def list_workers(service: Service) -> list[str]:
    with transaction(service.engine) as db:
        return [worker.name for worker in workers.list_workers(db, alive_seconds=60)]


def start(service: Service) -> subprocess.CompletedProcess[str]:
    """A worker that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "workers", "worker"],
        env=service.environment,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        check=False,
    )


def set_revision(service: Service, revision: str) -> None:
    with service.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


def test_a_worker_refuses_a_schema_older_than_it_needs(service: Service) -> None:
    set_revision(service, "0005")
    ended = start(service)
    assert ended.returncode == 1
    assert "the database has the schema 0005" in ended.stderr
    assert "make migrate" in ended.stderr
