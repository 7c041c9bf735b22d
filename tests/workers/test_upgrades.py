"""Workers of an older version go on while the schema is newer, as an upgrade leaves them."""

import io
import subprocess
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import text

from db import queues, runs
from db.models import Attempt, Grade, Metric, Worker
from db.sessions import transaction
from domain.needs import OLDEST, UNDERSTOOD
from tests.conftest import ROOT
from tests.workers.conftest import Service

BEFORE = "eb2ede9"
"""The last commit whose workers knew neither steering nor keys nor webhooks: revision 0005."""

LATER = (
    "ALTER TABLE runs ADD COLUMN later text, ADD COLUMN counted int NOT NULL DEFAULT 0",
    "ALTER TABLE attempts ADD COLUMN later jsonb",
    "ALTER TABLE workers ADD COLUMN later text NOT NULL DEFAULT 'none'",
    "ALTER TABLE sweeps ADD COLUMN later timestamptz",
    "CREATE TABLE later_things (run_id bigint PRIMARY KEY REFERENCES runs (id))",
    "CREATE INDEX later_index ON run_events (at)",
    "UPDATE alembic_version SET version_num = 'later'",
)
"""What a later migration may do, by the rules for migrations: add, with a default or nullable."""


def git(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)  # noqa: S607


@pytest.fixture
def old_code(tmp_path: Path) -> Path:
    if not (ROOT / ".git").exists():
        pytest.skip("there is no history here")
    archive = git("archive", BEFORE, "domain", "assets", "db", "workers", "migrations")
    if archive.returncode:
        pytest.skip(f"the history here does not reach back to {BEFORE}")
    folder = tmp_path / "old"
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def check_finished(service: Service, run_id: int) -> None:
    run = service.wait_for_status(run_id, "succeeded")
    assert (run.attempt, run.restarts) == (1, 0)
    with transaction(service.engine) as db:
        assert db.query(Metric).filter_by(run_id=run_id, name="reward/mean").count() == 5
        assert db.query(Grade).filter_by(run_id=run_id).count() == 4
        assert db.get_one(Attempt, (run_id, 1)).outcome == "succeeded"


def test_this_version_goes_on_with_what_a_later_migration_adds(service: Service) -> None:
    with transaction(service.engine) as db:
        for statement in LATER:
            db.execute(text(statement))
    service.start("dispatcher")
    service.start_worker()
    [run_id] = service.submit()
    check_finished(service, run_id)


def test_a_worker_of_the_version_before_goes_on_with_the_schema_of_this_one(
    service: Service, old_code: Path
) -> None:
    service.start("dispatcher")
    service.code = old_code
    service.start_worker()
    [run_id] = service.submit()
    check_finished(service, run_id)
    with transaction(service.engine) as db:
        worker = db.get_one(Worker, "worker-0")
        assert worker.version is None, "today's would say its version"
        assert worker.understands == OLDEST


def test_a_run_of_a_later_version_waits_for_a_worker_that_understands_it(service: Service) -> None:
    later, plain = service.submit(2)
    with transaction(service.engine) as db:
        runs.find(db, later).needs = UNDERSTOOD + 1
    service.start("dispatcher")
    service.start_worker()
    check_finished(service, plain)
    with transaction(service.engine) as db:
        assert runs.find(db, later).error is None, "nobody tried it"
        [waiting] = queues.list_queue(db, 10, 0, alive_seconds=60).runs
        assert waiting.waits.endswith(
            f"understands version {UNDERSTOOD + 1} of runs; update the workers"
        )
        runs.find(db, later).needs = UNDERSTOOD
    check_finished(service, later)
