"""Programs that are killed, frozen and started again, and how to find what they leave behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.conftest import ROOT
from tests.stacks import alive

AGAIN_SECONDS = 0.5


@dataclass
class Program:
    """`due` is when it is to be started again; `wanted` is false while it shall stay down."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    user: str | None = None
    wanted: bool = True
    due: float = 0.0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
            )

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """Returns when it is gone. One that is stopped is killed all the same."""
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def tend(self) -> None:
        """Starts it again when it is down and shall not be."""
        if self.wanted and not self.runs and time.monotonic() >= self.due:
            self.due = time.monotonic() + AGAIN_SECONDS
            self.start()


def children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children()
    except psutil.NoSuchProcess:
        return []


def processes_of(folder: Path) -> Iterator[psutil.Process]:
    """Every process whose environment names the folder, whoever its parent is now."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and str(folder) in " ".join(process.environ().values()):
                yield process


def trainers_of(folder: Path) -> list[psutil.Process]:
    """Trainers and what stands between them and their workers."""
    return [p for p in processes_of(folder) if "FORKPOINT_ARTIFACTS" in environment(p)]


def environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}


def is_shim(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "workers.shim" in process.cmdline()
    return False


def send(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.Error):
        process.send_signal(number)


def survivors(processes: list[psutil.Process]) -> list[str]:
    return [f"{p.pid} {' '.join(p.cmdline())}" for p in processes if alive(p)]


def wait_until(truth: Callable[[], object], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not truth():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
