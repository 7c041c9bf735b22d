"""Starts `forkpoint up` as a user would, in a folder of its own, and reads what it says."""

import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import psutil

from cli.credentials import read_access
from cli.main import main

PATIENCE_SECONDS = 120.0


@dataclass
class Stack:
    """A running `forkpoint up`. `seen` keeps its processes, to look for them after the end."""

    process: subprocess.Popen[bytes]
    output: Path
    data: Path
    url: str = ""
    seen: list[psutil.Process] = field(default_factory=list)

    def text(self) -> str:
        return self.output.read_text()

    @property
    def headers(self) -> dict[str, str]:
        """What commands on this machine send."""
        access = read_access(self.data)
        assert access is not None, "a running stack leaves its key"
        return {"Authorization": f"Bearer {access.key}"}

    @property
    def sign_in(self) -> str:
        """The link it printed."""
        found = re.search(r"sign in  (\S+)", self.text())
        assert found, self.text()
        return found[1]

    def note_children(self) -> list[psutil.Process]:
        found = psutil.Process(self.process.pid).children(recursive=True)
        self.seen += found
        return found

    def child(self, *words: str) -> psutil.Process:
        for process in psutil.Process(self.process.pid).children():
            if all(word in " ".join(process.cmdline()) for word in words):
                return process
        raise AssertionError(f"no child {words} in:\n{self.text()}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.note_children()
        self.process.send_signal(number)
        return self.process.wait(timeout=120)

    def survivors(self) -> list[psutil.Process]:
        return [process for process in self.seen if alive(process)]


def alive(process: psutil.Process) -> bool:
    """Not a zombie either: an orphan that ended waits for init to take note, which is not ours."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def data_folder() -> Iterator[Path]:
    """Outside pytest's own folders: under root, the database's user must be able to reach it."""
    folder = Path(tempfile.mkdtemp(prefix="forkpoint-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def forkpoint(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "cli", *arguments]


def run_forkpoint(
    *arguments: str, environment: dict[str, str], text: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        forkpoint(*arguments),
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run_here(
    *arguments: str, environment: dict[str, str], text: str = ""
) -> subprocess.CompletedProcess[str]:
    """The same in this process, to its exit code: starting a new one takes a second."""
    output, errors, code = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "argv", ["forkpoint", *arguments]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()))),
        redirect_stdout(output),
        redirect_stderr(errors),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else bool(end.code)
    return subprocess.CompletedProcess(arguments, code, output.getvalue(), errors.getvalue())


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("FORKPOINT_")}


def free_port() -> str:
    """One that no other stack, looking for the first from 8000 at the same moment, finds too."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


def launch(data: Path, *options: str, environment: dict[str, str]) -> Stack:
    if "--port" not in options:
        options = (*options, "--port", free_port())
    output = data.with_name(f"{data.name}.out")
    with output.open("wb") as file:
        process = subprocess.Popen(
            forkpoint("up", "--data", str(data), *options),
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    return Stack(process, output, data)


@contextmanager
def started(data: Path, *options: str, environment: dict[str, str]) -> Iterator[Stack]:
    """A stack that is up; at the end it is stopped if the test did not do so."""
    stack = launch(data, *options, environment=environment)
    try:
        wait_until(lambda: "Ctrl-C stops" in stack.text() or stack.process.poll() is not None)
        found = re.search(r"is up: (\S+)", stack.text())
        assert found, stack.text()
        stack.url = found[1]
        stack.note_children()
        yield stack
    finally:
        if stack.process.poll() is None:
            stack.process.terminate()
        stack.process.wait(timeout=120)
        stack.output.unlink()


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)
