"""Keeping programs running, with small real ones."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from cli import processes
from cli.errors import StackError
from cli.processes import Program, Supervisor, stop_leftovers
from tests.stacks import alive, wait_until

FOREVER = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(600)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    kept = Supervisor(tmp_path / "processes.json", said.append)
    yield kept
    kept.stop(lambda: True)


def program(tmp_path: Path, name: str, code: str, stage: int = 1, **options: Any) -> Program:
    command = [sys.executable, "-u", "-c", code]
    log = tmp_path / f"{name}.log"
    return Program(name, command, dict(os.environ), log, stage, **{"stop_seconds": 1.0, **options})


def tick_until(supervisor: Supervisor, condition: object, seconds: float = 30) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        supervisor.tick()
        time.sleep(0.02)


def test_a_program_that_ends_is_started_again(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    child = supervisor.start(program(tmp_path, "one", FOREVER))
    first = child.process.pid
    child.process.kill()
    tick_until(supervisor, lambda: child.process.pid != first)
    assert said == ["one ended with signal SIGKILL; starting it again in 0.5 s"]
    assert json.loads(supervisor.record.read_text())[0]["pid"] == child.process.pid


def test_a_needed_program_that_keeps_crashing_is_given_up_with_its_log(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GIVE_UP_AFTER", 2)
    supervisor.start(program(tmp_path, "broken", "raise SystemExit('no such model')"))
    with pytest.raises(StackError, match=r"exit status 1, 2 times in a row(.|\n)*no such model"):
        tick_until(supervisor, lambda: False)


def test_the_stack_goes_on_without_a_program_it_does_not_need(
    supervisor: Supervisor, tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GIVE_UP_AFTER", 1)
    supervisor.start(program(tmp_path, "worker", "raise SystemExit('no device')", needed=False))
    tick_until(supervisor, lambda: bool(said))
    assert "no device" in said[0]
    assert said[0].endswith("Going on without worker.")


def test_higher_stages_stop_first(supervisor: Supervisor, tmp_path: Path) -> None:
    order = tmp_path / "order"
    for name, stage in (("database", 0), ("worker", 2), ("api", 1)):
        code = (
            "import pathlib, signal, sys, time\n"
            "def stop(*_):\n"
            f"    with open({str(order)!r}, 'a') as file: file.write('{name} ')\n"
            "    sys.exit()\n"
            f"signal.signal(15, stop); print('ready'); time.sleep(600)"
        )
        child = supervisor.start(program(tmp_path, name, code, stage))
        wait_until(lambda log=child.program.log: "ready" in log.read_text())  # type: ignore[misc]
    supervisor.stop(lambda: False)
    assert order.read_text().split() == ["worker", "api", "database"]
    assert not supervisor.record.exists()


@pytest.mark.parametrize(("hurried", "patience"), [(False, 1.0), (True, 600.0)])
def test_a_program_that_ignores_the_signal_is_killed_in_time(
    supervisor: Supervisor, tmp_path: Path, hurried: bool, patience: float
) -> None:
    child = supervisor.start(program(tmp_path, "deaf", STUBBORN, stop_seconds=patience))
    wait_until(lambda: "deaf" in child.program.log.read_text())
    began = time.monotonic()
    supervisor.stop(lambda: hurried)
    took = time.monotonic() - began
    assert child.process.returncode == -signal.SIGKILL
    assert took < patience / 2 if hurried else patience <= took < 3 * patience


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start cleans up")
def test_a_program_dies_with_a_killed_parent(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from cli import processes\n"
        f"log = Path({str(tmp_path / 'child.log')!r})\n"
        f"one = processes.Program('one', [sys.executable, '-c', {FOREVER!r}], {{}}, log, 1)\n"
        "print(processes.spawn(one).pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    wait_until(lambda: "tether" not in " ".join(child.cmdline()))
    assert child.is_running()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not alive(child), seconds=30)


def test_what_a_killed_stack_left_is_stopped(tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    left = subprocess.Popen([sys.executable, "-c", FOREVER])
    created = psutil.Process(left.pid).create_time()
    record.write_text(json.dumps([{"pid": left.pid, "created": created, "signal": 15}]))
    assert stop_leftovers(record) == 1
    assert left.poll() is not None
    assert not record.exists()


def test_a_process_that_only_got_the_same_number_is_left_alone(tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    other = subprocess.Popen([sys.executable, "-c", FOREVER])
    created = psutil.Process(other.pid).create_time()
    record.write_text(json.dumps([{"pid": other.pid, "created": created - 60, "signal": 15}]))
    assert stop_leftovers(record) == 0
    assert other.poll() is None
    other.kill()
    other.wait()
