"""Real trainers forked by a worker's server: how they end, and what is left when something dies."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from db.attempts import Claim
from domain.sweeps import expand, parse_sweep
from tests.factories import sweep_body
from tests.stacks import alive, wait_until
from tests.workers.conftest import Service
from tests.workers.test_trainers import make_settings
from workers import trainers
from workers.servers import TrainerServer
from workers.settings import Settings
from workers.trainers import Trainer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(data=tmp_path)


@pytest.fixture
def trainer_server(settings: Settings) -> Iterator[TrainerServer]:
    server = trainers.open_server(settings)
    assert server
    yield server
    server.stop()


def long_claim() -> Claim:
    spec = expand(parse_sweep(sweep_body())).runs[1].spec
    assert spec.train
    train = spec.train.model_copy(update={"steps": 1000})
    return Claim(1, 1, spec.model_copy(update={"train": train}), 0, None)


Begin = Callable[[Path], Trainer]


@pytest.fixture
def begin(settings: Settings, trainer_server: TrainerServer) -> Iterator[Begin]:
    """Starts a run that would take minutes, and waits until it says that it has started."""
    begun: list[Trainer] = []

    def begin(folder: Path) -> Trainer:
        trainer = trainers.start(settings, long_claim(), folder, trainer_server)
        begun.append(trainer)
        wait_until(lambda: trainer.events.stat().st_size > 0, 180)
        return trainer

    yield begin
    for trainer in begun:
        trainer.kill()


def forked(server: TrainerServer) -> tuple[psutil.Process, psutil.Process]:
    """The server, and its one child."""
    assert server.process
    (serving,) = psutil.Process(server.process.pid).children()
    (child,) = serving.children()
    return serving, child


def test_killing_a_trainer_returns_when_its_child_at_the_server_is_gone(
    begin: Begin, trainer_server: TrainerServer, tmp_path: Path
) -> None:
    trainer = begin(tmp_path / "1")
    serving, child = forked(trainer_server)
    trainer.kill()
    assert not alive(child)
    assert alive(serving)


def test_a_server_that_stands_still_is_killed_with_its_child(
    begin: Begin, trainer_server: TrainerServer, tmp_path: Path
) -> None:
    trainer = begin(tmp_path / "1")
    serving, child = forked(trainer_server)
    serving.suspend()
    trainer.kill()
    assert not alive(serving)
    assert not alive(child)


def test_the_run_after_a_killed_server_has_another(
    begin: Begin, trainer_server: TrainerServer, tmp_path: Path
) -> None:
    trainer = begin(tmp_path / "1")
    serving, child = forked(trainer_server)
    serving.kill()
    assert trainer.process.wait(60) == -signal.SIGKILL
    trainer.kill()
    wait_until(lambda: not alive(child))
    assert trainer_server.process
    trainer_server.process.wait(60)
    trainer = begin(tmp_path / "2")
    assert forked(trainer_server)[0].pid != serving.pid
    trainer.ask_to_stop()
    assert trainer.process.wait(60) == 75
    trainer.kill()


def test_a_run_whose_server_cannot_work_here_goes_without_and_none_is_started_again(
    begin: Begin, trainer_server: TrainerServer, tmp_path: Path
) -> None:
    trainer_server.command = [sys.executable, "-c", "raise SystemExit('unfit')"]
    begin(tmp_path / "1")
    assert trainer_server.process
    assert trainer_server.process.wait(60) == 1
    assert trainer_server.take_seat(os.environ) is None


def test_only_our_own_trainer_is_forked_and_only_if_wanted() -> None:
    assert make_settings().forks == (sys.platform == "linux")
    assert not make_settings(fork_trainers=False).forks
    assert not make_settings(trainer=["a", "trainer"]).forks


def test_a_killed_worker_leaves_no_server_and_no_trainer_and_none_saw_a_credential(
    service: Service,
) -> None:
    del service.environment["FORKPOINT_TRAINER"]
    service.start("dispatcher")
    worker = service.start_worker()
    [run_id] = service.submit()
    service.wait_for_step(run_id, 1)
    held = psutil.Process(worker.pid).children(recursive=True)
    assert len(held) == 5, "a shim and what it started, twice, and the forked trainer"
    for process in held:
        names = {name for name in process.environ() if name.startswith("FORKPOINT_")}
        assert not names & {"FORKPOINT_DATABASE_URL", "FORKPOINT_REDIS_URL"}
    worker.kill()
    psutil.wait_procs(held, timeout=60)
    assert not [process for process in held if alive(process)]
