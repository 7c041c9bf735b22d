"""`forkpoint up`, started for real: what it keeps, what it refuses and what it leaves behind."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from cli import postgres
from cli.ports import listen
from tests.stacks import (
    Stack,
    alive,
    clean_environment,
    data_folder,
    run_forkpoint,
    started,
    wait_until,
)

NO_WORKERS = ("--workers", "0")
SWEEP = """
name: kept
model: countdown-tiny
task: countdown
seeds: [0]
baseline: base
arms: [{name: base, method: base}]
"""


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


@pytest.fixture
def environment() -> dict[str, str]:
    return clean_environment()


@pytest.fixture(scope="module")
def running() -> Iterator[Stack]:
    """One that stays up, for those who only meet it."""
    environment = clean_environment()
    with data_folder() as folder, started(folder, *NO_WORKERS, environment=environment) as stack:
        yield stack


def submit(stack: Stack) -> None:
    headers = {"content-type": "application/yaml"} | stack.headers
    reply = httpx.post(f"{stack.url}/api/sweeps", content=SWEEP, headers=headers)
    assert reply.status_code == 201


def count_sweeps(stack: Stack) -> int:
    return int(httpx.get(f"{stack.url}/api/sweeps", headers=stack.headers).json()["total"])


def test_it_serves_the_api_keeps_its_data_and_leaves_no_process(
    data: Path, environment: dict[str, str]
) -> None:
    with started(data, *NO_WORKERS, environment=environment) as stack:
        assert httpx.get(f"{stack.url}/api/ready").status_code == 200
        submit(stack)
        with httpx.stream("GET", f"{stack.url}/api/events", headers=stack.headers) as events:
            assert next(events.iter_lines()).startswith("retry"), "a page that stays open"
            began = time.monotonic()
            assert stack.stop(signal.SIGTERM) == 0
            assert time.monotonic() - began < 30
        assert stack.survivors() == []
    with started(data, *NO_WORKERS, environment=environment) as stack:
        sweeps = httpx.get(f"{stack.url}/api/sweeps", headers=stack.headers).json()["sweeps"]
        assert [sweep["name"] for sweep in sweeps] == ["kept"]
        assert stack.stop(signal.SIGINT) == 0
        assert stack.survivors() == []


def test_a_folder_in_use_is_refused_naming_its_process(
    running: Stack, environment: dict[str, str]
) -> None:
    options = ("--data", str(running.data), *NO_WORKERS)
    second = run_forkpoint("up", *options, environment=environment)
    assert second.returncode == 1
    assert f"in use by another `forkpoint up` (process {running.process.pid})" in second.stderr
    assert httpx.get(f"{running.url}/api/ready").status_code == 200


def test_a_taken_port_is_passed_over() -> None:
    with listen("127.0.0.1", None) as first, listen("127.0.0.1", None) as second:
        assert second.getsockname()[1] > first.getsockname()[1]


def test_the_port_of_a_stack_is_its_own_also_while_its_api_is_started_again(
    data: Path, environment: dict[str, str]
) -> None:
    with started(data, *NO_WORKERS, environment=environment) as stack:
        crashed, port = stack.child("-m", "api"), int(stack.url.rpartition(":")[2])
        crashed.kill()
        wait_until(lambda: not alive(crashed))
        with pytest.raises(OSError, match="in use"):
            socket.create_server(("127.0.0.1", port))
        answer = httpx.get(f"{stack.url}/api/ready", timeout=60)
        assert answer.status_code == 200, "a request waits for the next API"


def test_a_taken_port_that_was_asked_for_is_named(
    running: Stack, environment: dict[str, str]
) -> None:
    port = running.url.rpartition(":")[2]
    with data_folder() as other:
        options = ("--data", str(other), *NO_WORKERS, "--port", port)
        asked = run_forkpoint("up", *options, environment=environment)
        assert asked.returncode == 1
        assert f"port {port} on 127.0.0.1 is taken" in asked.stderr
        assert not (other / "postgres").exists()


def test_a_crashed_program_is_started_again(data: Path, environment: dict[str, str]) -> None:
    with started(data, *NO_WORKERS, environment=environment) as stack:
        for words in (["-m", "api"], ["bin/postgres", str(data)]):
            crashed = stack.child(*words)
            crashed.kill()
            psutil.wait_procs([crashed])
            wait_until(lambda: ready(stack.url))
            assert stack.child(*words).pid != crashed.pid
        assert "api ended with signal SIGKILL; starting it again" in stack.text()
        assert stack.stop() == 0
        assert stack.survivors() == []


def test_a_kill_leaves_nothing_after_the_next_start(
    data: Path, environment: dict[str, str]
) -> None:
    with started(data, *NO_WORKERS, environment=environment) as stack:
        submit(stack)
        submitted = count_sweeps(stack)
        killed = stack.note_children()
        assert len(killed) >= 4
        stack.stop(signal.SIGKILL)
        if sys.platform == "linux":  # the kernel tells the children
            wait_until(lambda: not stack.survivors())
    with started(data, *NO_WORKERS, environment=environment) as again:
        assert stack.survivors() == []
        assert count_sweeps(again) == submitted
        assert again.stop() == 0


def test_servers_from_the_environment_replace_the_bundled_ones(
    running: Stack, environment: dict[str, str]
) -> None:
    submit(running)
    elsewhere = running.child("-m", "api").environ()
    names = ("FORKPOINT_DATABASE_URL", "FORKPOINT_REDIS_URL")
    servers = {name: elsewhere[name] for name in names}
    options = {"environment": environment | servers}
    with data_folder() as other, started(other, *NO_WORKERS, **options) as second:
        assert second.url != running.url
        assert count_sweeps(second) == 1
        assert not (other / "postgres").exists()
        assert not (other / "valkey").exists()


def test_a_database_that_cannot_be_reached_ends_the_start_with_its_reason(
    environment: dict[str, str],
) -> None:
    with socket.socket() as taken, data_folder() as folder:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        url = f"postgresql+psycopg://nobody@127.0.0.1:{taken.getsockname()[1]}/nothing"
        done = run_forkpoint(
            "up",
            "--data",
            str(folder),
            *NO_WORKERS,
            environment=environment | {"FORKPOINT_DATABASE_URL": url},
        )
    assert done.returncode == 1
    assert "the database schema could not be migrated" in done.stderr
    assert "Connection refused" in done.stderr


def test_more_workers_than_devices_are_refused(environment: dict[str, str]) -> None:
    with data_folder() as folder:
        done = run_forkpoint(
            "up", "--data", str(folder), "--workers", "100000", environment=environment
        )
    assert done.returncode == 1
    assert "one worker serves one device" in done.stderr


def test_data_of_another_postgresql_is_not_touched(environment: dict[str, str]) -> None:
    with data_folder() as folder:
        old = folder / "postgres"
        old.mkdir()
        (old / "PG_VERSION").write_text("16\n")
        if os.geteuid() == 0:
            os.chown(old, 65534, 65534)
        done = run_forkpoint("up", "--data", str(folder), *NO_WORKERS, environment=environment)
        assert (old / "PG_VERSION").read_text() == "16\n"
    assert done.returncode == 1
    assert f"made by PostgreSQL 16, but version {postgres.MAJOR}" in done.stderr


def ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/ready").status_code == 200
    except httpx.TransportError:
        return False
