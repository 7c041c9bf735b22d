"""A stack's database as a file: dumped while it runs, restored elsewhere, and never by accident."""

import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from cli.errors import BadInput, CliError, StackError
from cli.main import app
from tests.cli.conftest import sweep
from tests.stacks import Stack, clean_environment, data_folder, started, wait_until


def forkpoint(*arguments: str, **environment: str) -> Result:
    """In this process: starting a new one takes a second."""
    return CliRunner().invoke(app, arguments, env=environment)


def refusal(*arguments: str, **environment: str) -> CliError:
    refused = forkpoint(*arguments, **environment).exception
    assert isinstance(refused, CliError)
    return refused


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def finished(stack: Stack) -> None:
    """The stack has a sweep whose runs have ended, and a webhook."""
    headers = stack.headers | {"content-type": "application/yaml"}
    with httpx.Client(base_url=stack.url, headers=headers) as client:
        number = client.post("/api/sweeps", content=sweep("kept")).json()["id"]
        client.post("/api/webhooks", json={"url": "http://127.0.0.1:1/", "events": ["run.failed"]})
        path = f"/api/sweeps/{number}"
        wait_until(lambda: client.get(path).json()["progress"]["succeeded"] == 3)


@pytest.fixture(scope="module")
def dump(stack: Stack, finished: None, folder: Path) -> Path:
    """Of the running stack."""
    file = folder / "forkpoint.dump"
    done = forkpoint("backup", str(file), "--data", str(stack.data))
    assert "It holds secrets" in done.stdout, done.exception
    return file


def answers(stack: Stack) -> dict[str, object]:
    """What REST says of everything but keys, of which the machine's own was made anew."""
    with httpx.Client(base_url=stack.url, headers=stack.headers, timeout=30) as client:
        sweeps = client.get("/api/sweeps").json()["sweeps"]
        paths = ["/api/sweeps", "/api/runs", "/api/webhooks"]
        for one in sweeps:
            parts = ("", "/comparison", "/metrics?names=reward/mean")
            paths += [f"/api/sweeps/{one['id']}{part}" for part in parts]
        return {path: client.get(path).json() for path in paths}


def test_a_backup_restored_elsewhere_answers_the_same_and_is_not_replaced_unasked(
    stack: Stack, dump: Path, folder: Path
) -> None:
    target = folder / "restored"
    again = ("restore", str(dump), "--data", str(target))
    assert forkpoint(*again).exit_code == 0
    with started(target, "--no-workers", environment=clean_environment()) as other:
        assert answers(other) == answers(stack)
        assert "is in use by another `forkpoint up`" in refusal(*again, "--force").message
    assert "holds runs already" in refusal(*again).message
    torn = folder / "torn.dump"
    torn.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    broken = refusal("restore", str(torn), "--data", str(target), "--force")
    assert "pg_restore failed" in broken.message
    assert "holds runs already" in refusal(*again).message, "the torn file has replaced nothing"
    assert forkpoint(*again, "--force").exit_code == 0


def test_the_file_is_its_owners_alone_and_not_replaced_unasked(dump: Path, stack: Stack) -> None:
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600
    assert not list(dump.parent.glob("*.part"))
    assert "exists" in refusal("backup", str(dump), "--data", str(stack.data)).message


def test_what_is_no_backup_is_refused_before_anything_is_made(folder: Path) -> None:
    file, target = folder / "notes.txt", folder / "untouched"
    file.write_text("not a dump")
    refused = refusal("restore", str(file), "--data", str(target))
    assert isinstance(refused, BadInput)
    assert "is not a backup" in refused.message
    assert not target.exists()


def test_a_server_of_ones_own_is_left_to_its_own_tools(folder: Path) -> None:
    url = "postgresql+psycopg://nobody@/none"
    refused = refusal("backup", str(folder / "x.dump"), FORKPOINT_DATABASE_URL=url)
    assert not isinstance(refused, StackError)
    assert "pg_dump" in refused.message
