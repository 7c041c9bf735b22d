"""A request's name, and the line about it in the access log: without anything secret in it."""

import json
import logging
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from domain.logs import JsonLines
from tests.api.conftest import serving
from tests.conftest import ROOT, CreateDatabase
from tests.stacks import clean_environment, wait_until

NAME = "X-Request-Id"


class Lines(logging.Handler):
    """Formats where a program's own handler would, with what the line is about at hand."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != "httpx":  # the client of these tests, in the same process
            self.texts.append(self.format(record))

    def about(self, name: str) -> list[dict[str, object]]:
        """Of one request, once its access line is there: it follows the reply."""
        wait_until(lambda: any("status" in line for line in self.select(name)))
        return self.select(name)

    def select(self, name: str) -> list[dict[str, object]]:
        lines: list[dict[str, object]] = [json.loads(text) for text in list(self.texts)]
        return [line for line in lines if line.get("request") == name]


@pytest.fixture
def lines() -> Iterator[Lines]:
    root, handler = logging.getLogger(), Lines()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def test_every_reply_names_its_request(client: httpx.Client) -> None:
    names = {client.get(path).headers[NAME] for path in ("/health", "/runs/1", "/nowhere")}
    assert len(names) == 3
    assert all(re.fullmatch(r"[0-9a-f]{16}", name) for name in names)


def test_a_plain_name_of_the_clients_own_is_kept(client: httpx.Client, lines: Lines) -> None:
    assert client.get("/health", headers={NAME: "deploy-7.a_b"}).headers[NAME] == "deploy-7.a_b"
    (line,) = lines.about("deploy-7.a_b")
    assert (line["message"], line["status"]) == ("GET /api/health", 200)
    assert (line["route"], line["method"]) == ("/api/health", "GET")


@pytest.mark.parametrize("name", ["x" * 65, "with space", "a=b", "tab\there", "\xff"])
def test_a_name_that_is_long_or_not_plain_is_replaced(client: httpx.Client, name: str) -> None:
    reply = client.get("/health", headers=[(NAME.encode(), name.encode("latin-1"))])
    assert re.fullmatch(r"[0-9a-f]{16}", reply.headers[NAME])


def test_nothing_secret_reaches_the_log(client: httpx.Client, lines: Lines) -> None:
    secrets = {"Authorization": "Bearer fp_abc_verysecret", "Cookie": "session=verysecret"}
    client.get("/runs?token=verysecret", headers={**secrets, NAME: "quiet"})
    lines.about("quiet")
    assert "verysecret" not in "".join(lines.texts)


def test_a_line_break_in_an_address_forges_no_line(client: httpx.Client, lines: Lines) -> None:
    client.get("/x%0AINFO%20forged%1b[2J", headers={NAME: "forger"})
    (line,) = lines.about("forger")
    assert "forged" in str(line["message"])
    assert all(len(text.splitlines()) == 1 and text.isprintable() for text in lines.texts)


@contextmanager
def program(database_url: str, log: Path) -> Iterator[str]:
    """The address of an API that runs as it does in earnest, its log written to a file."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    named = {
        "FORKPOINT_DATABASE_URL": database_url,
        "FORKPOINT_PORT": port,
        "FORKPOINT_LOG": "json",
    }
    command = [sys.executable, "-m", "api"]
    with (
        log.open("wb") as file,
        subprocess.Popen(
            command, env=clean_environment() | named, stderr=file, cwd=ROOT
        ) as process,
    ):
        wait_until(lambda: "running on" in log.read_text() or process.poll() is not None)
        yield f"http://127.0.0.1:{port}/api"
        process.terminate()


def test_what_broke_is_found_in_the_log_by_the_name_its_reply_gives(
    empty_database: CreateDatabase, tmp_path: Path
) -> None:
    log = tmp_path / "api.log"
    with program(empty_database(), log) as address:
        asked = {"token": "of a database without tables"}
        reply = httpx.post(f"{address}/session", json=asked, headers={NAME: "broken"})
    assert (reply.status_code, reply.headers[NAME]) == (500, "broken")
    assert "under request broken" in reply.json()["message"]
    lines = [json.loads(line) for line in log.read_text().splitlines()]  # it has ended
    broken = [line for line in lines if line.get("request") == "broken"]
    assert any(line["message"] == "POST /api/session" for line in broken)
    assert any("UndefinedTable" in line.get("error", "") for line in broken)


def test_an_error_of_the_server_is_found_by_the_name_of_its_request(
    lines: Lines, tmp_path: Path
) -> None:
    url = f"postgresql+psycopg://nobody@/nothing?host={tmp_path}"
    with serving(Settings(database_url=url, frontend_dist=tmp_path)) as address:
        assert httpx.get(f"{address}/api/ready", headers={NAME: "lost"}).status_code == 503
    said = [str(line["message"]) for line in lines.about("lost")]
    assert any("the database did not answer" in message for message in said)
    assert "GET /api/ready" in said
