"""The programs of a local stack: started tethered, restarted when they crash, stopped in order."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from cli import tether
from cli.errors import StackError
from domain.lifecycle import backoff_seconds

QUICK_SECONDS = 20.0
GIVE_UP_AFTER = 5
LOG_BYTES = 10_000_000
TAIL_LINES = 20


@dataclass(frozen=True)
class Program:
    """A program to keep running. Higher stages stop first; stage 0 may always finish its stop.

    Without a `needed` one the stack gives up. `passed` are descriptors that it inherits, at each of
    its starts. `orphan_signal` is what it receives should this
    process die without stopping it.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    stage: int
    user: str | None = None
    passed: tuple[int, ...] = ()
    needed: bool = True
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    orphan_signal: signal.Signals = signal.SIGKILL


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    failures: int = 0
    due: float | None = None


@dataclass
class Supervisor:
    """Keeps programs running, in the caller's thread, whenever it calls `tick`."""

    record: Path
    say: Callable[[str], None]
    children: dict[str, Child] = field(default_factory=dict)

    def start(self, program: Program) -> Child:
        child = Child(program, spawn(program), time.monotonic())
        self.children[program.name] = child
        self.write_record()
        return child

    def tick(self) -> None:
        """Notices what ended and starts it again in time. Raises StackError once it gives up."""
        for child in list(self.children.values()):
            if child.due is None and child.process.poll() is not None:
                self.ended(child)
            elif child.due is not None and time.monotonic() >= child.due:
                child.process, child.started = spawn(child.program), time.monotonic()
                child.due = None
                self.write_record()

    def ended(self, child: Child) -> None:
        program, lasted = child.program, time.monotonic() - child.started
        child.failures = child.failures + 1 if lasted < QUICK_SECONDS else 1
        how = ending(child.process.returncode)
        if child.failures < GIVE_UP_AFTER:
            delay = backoff_seconds(child.failures - 1, first=0.5, most=30.0)
            child.due = time.monotonic() + delay
            self.say(f"{program.name} ended with {how}; starting it again in {delay:g} s")
            return
        del self.children[program.name]
        message = (
            f"{program.name} ended with {how}, {child.failures} times in a row; "
            f"its log {program.log} ends with:\n{tail(program.log)}"
        )
        if program.needed:
            raise StackError(message)
        self.say(f"{message}\nGoing on without {program.name}.")

    def stop(self, hurried: Callable[[], bool]) -> None:
        """Stops stage after stage; a stage that takes too long, or hurried, is killed."""
        for stage in sorted(
            {child.program.stage for child in self.children.values()}, reverse=True
        ):
            members = [child for child in self.children.values() if child.program.stage == stage]
            stop_together(members, hurried if stage else lambda: False)
            for child in members:
                del self.children[child.program.name]
        self.record.unlink(missing_ok=True)

    def write_record(self) -> None:
        """Notes who runs, for the next start to clean up after a kill of this process."""
        rows = []
        for child in self.children.values():
            try:
                created = psutil.Process(child.process.pid).create_time()
            except psutil.NoSuchProcess:
                continue
            number = int(child.program.stop_signal)
            rows.append({"pid": child.process.pid, "created": created, "signal": number})
        part = self.record.with_suffix(".part")
        part.write_text(json.dumps(rows))
        part.replace(self.record)


def spawn(program: Program) -> subprocess.Popen[bytes]:
    """Starts it in a session of its own, so that a terminal's Ctrl-C reaches this process alone."""
    if program.log.exists() and program.log.stat().st_size > LOG_BYTES:
        program.log.replace(program.log.with_suffix(".log.1"))
    orphaned, user = str(int(program.orphan_signal)), program.user or "-"
    tethered = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), orphaned, user]
    with program.log.open("ab") as log:
        return subprocess.Popen(
            [*tethered, *program.command],
            env=program.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=program.passed,
            start_new_session=True,
        )


def stop_together(children: list[Child], hurried: Callable[[], bool]) -> None:
    for child in children:
        if child.process.poll() is None:
            child.process.send_signal(child.program.stop_signal)
    deadline = time.monotonic() + max(child.program.stop_seconds for child in children)
    while any(child.process.poll() is None for child in children):
        if time.monotonic() > deadline or hurried():
            for child in children:
                kill_group(child.process)
        time.sleep(0.05)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def stop_leftovers(record: Path) -> int:
    """Ends what an earlier stack left running, from its record, and says how many there were."""
    if not record.exists():
        return 0
    left = []
    for row in json.loads(record.read_text()):
        try:
            process = psutil.Process(row["pid"])
            if abs(process.create_time() - row["created"]) < 1:
                left.append(process)
                process.send_signal(row["signal"])
        except psutil.NoSuchProcess:
            continue
    _, stubborn = psutil.wait_procs(left, timeout=10)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=10)
    record.unlink()
    return len(left)


def ending(code: int) -> str:
    return f"exit status {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 20_000))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
