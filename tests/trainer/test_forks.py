"""Trainers forked by a server: processes like any other, to their stand-in and to one another."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from domain.lifecycle import ExitCode
from tests.conftest import ROOT
from tests.stacks import alive, wait_until
from tests.trainer.conftest import make_spec
from tests.trainer.servers import Server, closes, serve
from trainer.standins import SERVER

# A real server, but its children run the Python code that they get as their argument.
SCRIPTED = """
import os, random, signal, subprocess, sys, tempfile, time
from trainer import forks
code, = forks.serve()
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
exec(code)
"""
SLEEP = "time.sleep(600)"
DETACHED = "subprocess.Popen(['sleep', '600'], start_new_session=True)"
SAY_PID = "print(os.getpid(), flush=True)"


@pytest.fixture(scope="module")
def scripted() -> Iterator[Server]:
    server = serve([sys.executable, "-c", SCRIPTED])
    yield server
    assert server.process.poll() is None, "no attempt may end the server"
    server.stop()


@pytest.fixture
def mortal() -> Iterator[Server]:
    server = serve([sys.executable, "-c", SCRIPTED])
    yield server
    server.stop()


def pids(process: subprocess.Popen[str], count: int) -> list[psutil.Process]:
    assert process.stdout
    return [psutil.Process(int(process.stdout.readline())) for _ in range(count)]


def gone(processes: list[psutil.Process]) -> bool:
    """Ended, reaped or not: whoever an orphan falls to may be slow."""
    return not any(alive(process) for process in processes)


def test_a_forked_run_says_and_saves_to_the_bit_what_a_run_of_its_own_does(
    server: Server, tmp_path: Path
) -> None:
    body = make_spec(method={"method": "entropy_shaped", "alpha": 0.4}).model_dump_json()
    found = []
    # Another environment: the server refuses, and that run is its stand-in's own.
    for name, environment in (("own", {"OTHER": "1"}), ("forked", {})):
        command = ["--checkpoints", str(tmp_path / name)]
        done = server.run(*command, body=body, **environment)
        assert done.returncode == ExitCode.DONE, done.stderr
        assert "Warning" not in done.stderr
        (weights,) = (tmp_path / name).glob("step-2/model.safetensors")
        found.append((timeless(done.stdout), weights.read_bytes()))
    assert found[0] == found[1]


def timeless(output: str) -> list[dict[str, object]]:
    """Events without what is another at every attempt."""
    events = [json.loads(line) for line in output.splitlines()]
    for event in events:
        for name in ("seconds", "lineage", "path"):
            event.pop(name, None)
        event.get("values", {}).pop("step_seconds", None)
    return events


def test_a_forked_run_drains(server: Server) -> None:
    body = make_spec(train={"steps": 1000}).model_dump_json()
    process, ended = server.start(body=body)
    with process:
        assert process.stdout
        for line in process.stdout:
            if json.loads(line)["kind"] == "metrics":
                process.send_signal(signal.SIGTERM)
                break
        process.stdout.read()
        assert process.wait(60) == ExitCode.DRAINED
    assert closes(ended, 0)


def catches(pid: int, number: int) -> bool:
    """Whether the process has said what it does on that signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    [caught] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")]
    return bool(int(caught, 16) >> (number - 1) & 1)


def test_a_forked_run_asked_to_stop_before_it_began_drains(server: Server) -> None:
    busy, _ = server.start(body=make_spec(train={"steps": 1000}).model_dump_json())
    assert busy.stdout
    busy.stdout.readline()
    early, _ = server.start(body=make_spec(train={"steps": 1000}).model_dump_json())
    wait_until(lambda: catches(early.pid, signal.SIGTERM))
    early.terminate()
    busy.kill()
    with busy, early:
        assert early.wait(60) == ExitCode.DRAINED


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("sys.exit(3)", 3),
        ("raise ValueError", 1),
        ("os.kill(os.getpid(), signal.SIGSEGV)", -signal.SIGSEGV),
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
    ],
)
def test_a_stand_in_ends_as_its_child_ended(scripted: Server, code: str, expected: int) -> None:
    assert scripted.run(code).returncode == expected


def test_a_child_has_the_streams_environment_and_folder_of_its_stand_in(scripted: Server) -> None:
    code = (
        "print(sys.stdin.read(), os.environ['FORKPOINT_ARTIFACTS'], os.getcwd()); "
        f"print('{SERVER}' in os.environ, os.getsid(0) == os.getpid(), file=sys.stderr)"
    )
    done = scripted.run(code, body="given", FORKPOINT_ARTIFACTS="/of/this/attempt")
    assert done.stdout.split() == ["given", "/of/this/attempt", str(ROOT)]
    assert done.stderr.split() == ["False", "True"]
    assert "FORKPOINT_ARTIFACTS" not in scripted.run("print(os.environ)").stdout


def test_a_child_has_no_descriptor_but_its_streams_and_its_own_end(scripted: Server) -> None:
    code = (
        "links = [entry.path for entry in os.scandir('/proc/self/fd') if int(entry.name) > 2]; "
        "print(*(os.readlink(link) for link in links if os.path.lexists(link)))"
    )
    kinds = [link.split(":")[0] for link in scripted.run(code).stdout.split()]
    assert kinds == ["pipe"]


def test_children_draw_other_random_numbers_each_and_have_one_thread(scripted: Server) -> None:
    code = (
        "import numpy; print(random.random(), numpy.random.rand(), tempfile.mkdtemp(), "
        "len(os.listdir('/proc/self/task')))"
    )
    first, second = (scripted.run(code).stdout.split() for _ in range(2))
    assert not set(first[:3]) & set(second[:3])
    assert first[3] == second[3] == "1"
    for folder in (first[2], second[2]):
        Path(folder).rmdir()


def test_a_killed_stand_in_takes_its_child_and_all_below_it_along(scripted: Server) -> None:
    code = f"child = {DETACHED}; print(child.pid); {SAY_PID}; {SLEEP}"
    process, ended = scripted.start(code)
    with process:
        held = pids(process, 2)
        assert not closes(ended, 0)
        process.kill()
        assert closes(ended, 60)
        assert gone(held)


def test_what_a_child_leaves_behind_is_gone_when_its_stand_in_ends(scripted: Server) -> None:
    done = scripted.run(f"print({DETACHED}.pid)")
    assert done.returncode == 0
    assert not psutil.pid_exists(int(done.stdout))


def test_a_termination_signal_is_passed_on(scripted: Server) -> None:
    process, _ = scripted.start(f"{SAY_PID}; {SLEEP}")
    with process:
        held = pids(process, 1)
        process.terminate()
        assert process.wait(60) == -signal.SIGTERM
    assert gone(held)


def test_a_stand_in_whose_libraries_would_read_another_environment_does_the_work_itself(
    scripted: Server,
) -> None:
    done = scripted.run(body="not json", OMP_NUM_THREADS="2")
    assert done.returncode == ExitCode.BAD_SPEC
    assert json.loads(done.stdout)["kind"] == "failed"


def test_a_server_that_dies_ends_its_child_and_its_stand_in_is_as_if_killed(
    mortal: Server,
) -> None:
    process, ended = mortal.start(f"{SAY_PID}; {SLEEP}")
    with process:
        held = pids(process, 1)
        mortal.process.kill()
        assert process.wait(60) == -signal.SIGKILL
    assert closes(ended, 60)
    wait_until(lambda: gone(held))


@pytest.mark.parametrize("when", ["before", "while it loads"])
def test_without_a_server_the_work_is_done_all_the_same(mortal: Server, when: str) -> None:
    if when == "before":
        mortal.stop()
    process, _ = mortal.start(body="not json")
    mortal.process.kill()
    with process:
        assert process.wait(60) == ExitCode.BAD_SPEC


def test_more_torch_threads_start_none_in_the_server() -> None:
    server = serve([sys.executable, "-c", SCRIPTED], OMP_NUM_THREADS="2")
    try:
        code = (
            "import torch; torch.set_num_threads(2); a = torch.rand(500, 500); "
            "print((a @ a).sum() > 0)"
        )
        assert server.run(code).stdout == "tensor(True)\n"
        assert server.process.poll() is None
    finally:
        server.stop()
