"""What the client sends, as a server of a few lines sees it."""

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cli.client import Client
from cli.credentials import Access, write_access
from cli.errors import BadInput, Unreachable
from cli.locks import locked
from tests.stacks import clean_environment, run_forkpoint


class Flaky(HTTPServer):
    """Reads every request, and hangs up on the first `losses` of them without a word."""

    losses = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Flaky)
        self.rfile.read(int(self.headers["content-length"]))
        self.server.keys.append(self.headers["idempotency-key"])
        if len(self.server.keys) > self.server.losses:
            self.send_response(201)
            self.end_headers()
            self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Flaky]:
    with Flaky() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_number_that_json_lacks_is_refused_before_it_is_sent() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(BadInput, match="write a number"):
        client.post_json("/api/sweeps/1/extensions", {"values": [float("nan")]})


def test_a_submission_without_an_answer_is_sent_again_under_its_key(server: Flaky) -> None:
    server.losses = 1
    with Client(server.url) as client:
        assert client.submit("name: one", "key").text == "{}"
    assert server.keys == ["key", "key"]


def test_a_submission_is_sent_twice_at_most(server: Flaky) -> None:
    server.losses = 9
    with Client(server.url) as client, pytest.raises(Unreachable):
        client.submit("name: one", "key")
    assert len(server.keys) == 2


@pytest.fixture
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a stack that was killed: what it says of itself is still there."""
    monkeypatch.setenv("FORKPOINT_DATA", str(tmp_path))
    (tmp_path / "run").mkdir()
    write_access(tmp_path, Access(url="http://127.0.0.1:9", key="key"))
    return tmp_path


def test_a_stack_that_was_killed_is_said_to_have_ended_with_what_starts_it(left: Path) -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(Unreachable) as refused:
        client.get("/api/sweeps")
    assert refused.value.message == (
        f"nothing answers at http://127.0.0.1:9 (Connection refused): the stack of {left} was "
        "there and seems to have ended without a stop, as when it is killed. Start it again: "
        f"forkpoint up --data {left}"
    )


def test_a_stack_that_runs_and_does_not_answer_has_its_log_named(left: Path) -> None:
    with (
        locked(left),
        Client("http://127.0.0.1:9") as client,
        pytest.raises(Unreachable, match=f"runs \\(process {os.getpid()}\\): see .*api.log"),
    ):
        client.get("/api/sweeps")


def test_a_server_that_no_folder_here_knows_is_not_said_to_have_ended(left: Path) -> None:
    with Client("http://127.0.0.1:7") as client, pytest.raises(Unreachable) as refused:
        client.get("/api/sweeps")
    assert "forkpoint up`, or name another server" in refused.value.message


def test_every_submission_has_a_key_of_its_own(server: Flaky) -> None:
    environment = clean_environment() | {"FORKPOINT_URL": server.url}
    for _ in range(2):
        run_forkpoint(
            "sweep", "create", "-f", "-", "--json", environment=environment, text="name: one"
        )
    assert len(set(server.keys)) == 2
    assert None not in server.keys
