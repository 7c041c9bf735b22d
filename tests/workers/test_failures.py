"""Trainers that hang, and disks and machines that fail, seen from outside: rows and processes."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Attempt, Metric, Worker
from db.sessions import transaction
from domain.records import Code, begin_record
from tests.factories import claim_run, submit_sweep
from tests.workers.conftest import Service
from workers.orders import Orders
from workers.recorder import Recorder
from workers.settings import Settings
from workers.supervisor import Supervisor
from workers.trainers import Trainer


def parked_reason(service: Service) -> str | None:
    with transaction(service.engine) as db:
        return db.scalar(select(Worker.parked_reason).where(Worker.name == "worker-0"))


def test_a_trainer_that_hangs_is_ended_by_its_worker_and_named_as_stalled(
    service: Service,
) -> None:
    service.environment |= {"FORKPOINT_STALL_SECONDS": "1", "FORKPOINT_MAX_RESTARTS": "1"}
    service.start("dispatcher")
    service.start_worker(hang_at=3, ignore_term=True)
    [run_id] = service.submit()
    run = service.wait_for_status(run_id, "failed")
    assert (run.failure, run.attempt) == ("stalled", 2)
    assert str(run.error).startswith("no word for 1 s at step ")
    service.wait_for(lambda: not service.trainers())


def test_a_disk_without_room_is_not_held_against_the_run_and_parks_the_worker(
    service: Service,
) -> None:
    service.environment["FORKPOINT_MAX_RESTARTS"] = "0"
    service.start("dispatcher")
    service.start_worker(exit=74)
    [run_id] = service.submit()
    service.wait_for(lambda: parked_reason(service) is not None)
    run = service.run(run_id)
    assert (run.status, run.failure, run.restarts, run.attempt) == ("queued", "disk", 0, 3)
    assert str(parked_reason(service)).endswith(", ".join([f"run {run_id} disk"] * 3))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 kB, where one can be had."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk, and not everywhere")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607


def test_a_full_spool_parks_the_worker_and_keeps_every_row_that_fitted(
    small_disk: Path, service: Service
) -> None:
    service.environment |= {"FORKPOINT_DATA": str(small_disk), "FORKPOINT_MAX_RESTARTS": "0"}
    service.start("dispatcher")
    service.start_worker(steps=5000, seconds=0)
    [run_id] = service.submit()
    service.wait_for(lambda: parked_reason(service) is not None)
    run = service.run(run_id)
    assert (run.status, run.failure, run.attempt, run.restarts) == ("queued", "disk", 3, 0)
    with transaction(service.engine) as db:
        steps = sorted(db.scalars(select(Metric.step).where(Metric.name == "reward/mean")))
    assert steps == list(range(1, len(steps) + 1))
    assert 100 < len(steps) < 5000


def test_a_worker_on_which_run_after_run_crashes_parks_and_the_others_do_the_work(
    service: Service,
) -> None:
    service.environment["FORKPOINT_FIRST_WAIT_SECONDS"] = "4"  # the others come first
    broken = service.start_worker(0, crash_at=1)
    service.wait_for(lambda: bool(list_workers(service)))
    ids = service.submit(4)
    service.start("dispatcher")
    service.wait_for(lambda: parked_reason(service) is not None)
    service.start_worker(1)
    for run_id in ids:
        assert service.wait_for_status(run_id, "succeeded").worker == "worker-1"
    with transaction(service.engine) as db:
        failed = select(Attempt.run_id).where(Attempt.worker == "worker-0")
        assert len(set(db.scalars(failed))) == 3
    broken.terminate()
    broken.wait(60)
    assert parked_reason(service), "its restart must not unpark it"


@pytest.fixture
def supervisor(service: Service, tmp_path: Path) -> Iterator[Supervisor]:
    """Of a trainer that goes on until the test is over; nothing is due to stop it at 0 s."""
    events, log = tmp_path / "events.jsonl", tmp_path / "log.txt"
    events.touch()
    log.touch()
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    with transaction(service.engine) as db:
        submit_sweep(db)
        claim = claim_run(db)
    record = begin_record(claim.spec, Code(version="1"), {}, driver=None)
    recorder = Recorder(service.engine, claim, Trainer(process, -1, events, log), tmp_path, record)
    settings = Settings(database_url="", redis_url="", stall_seconds=10)
    yield Supervisor(settings, service.engine, recorder, Orders())
    process.kill()
    process.wait()


@pytest.mark.parametrize("said", ["events", "log"])
def test_a_trainer_that_says_anything_in_time_does_not_stall(
    supervisor: Supervisor, said: str
) -> None:
    for now in range(0, 100, 9):
        with getattr(supervisor.recorder.trainer, said).open("a") as file:
            file.write("word\n")
        supervisor.listen(float(now))
    assert not supervisor.stalled
    supervisor.listen(109.5)
    assert supervisor.stalled


def test_a_trainer_that_was_asked_to_stop_does_not_stall(supervisor: Supervisor) -> None:
    supervisor.stop_before = 300.0
    supervisor.listen(200.0)
    assert not supervisor.stalled


def test_a_cancel_is_prompt_also_during_a_drain(supervisor: Supervisor) -> None:
    supervisor.ask_to_stop(now=100.0, grace=300.0)
    supervisor.ask_to_stop(now=150.0, grace=10.0)
    assert supervisor.stop_before == 160.0
    supervisor.ask_to_stop(now=155.0, grace=300.0)
    assert supervisor.stop_before == 160.0


def list_workers(service: Service) -> list[str]:
    with transaction(service.engine) as db:
        return list(db.scalars(select(Worker.name)))
