"""`forkpoint webhook`, against a real stack whose dispatcher delivers to a real receiver."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from typer.testing import CliRunner, Result

from cli.errors import BadInput
from cli.main import app
from tests.stacks import Stack, wait_until


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def webhook(stack: Stack) -> Callable[..., Result]:
    """Runs `forkpoint webhook ARGUMENTS` in this process: starting a new one takes a second."""
    environment = {"FORKPOINT_URL": stack.url, "FORKPOINT_DATA": str(stack.data)}

    def webhook(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["webhook", *arguments], env=environment)

    return webhook


def test_a_webhook_is_added_tested_delivered_again_and_removed(
    webhook: Callable[..., Result], stack: Stack
) -> None:
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server,
        httpx.Client(base_url=stack.url, headers=stack.headers) as client,
    ):
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/hook"
        added = webhook("add", address, "--event", "run.failed")
        assert added.stdout.startswith("whsec_"), added.output
        everything = json.loads(webhook("list", "--json").stdout)
        (listed,) = [one for one in everything if one["url"] == address]
        assert listed["events"] == ["run.failed"]
        number = str(listed["id"])
        sent = json.loads(webhook("test", number, "--json").stdout)
        sending = f"/api/webhooks/{number}/deliveries"
        wait_until(lambda: client.get(sending).json()["deliveries"][0]["delivered_at"] is not None)
        assert "delivered 20" in webhook("deliveries", number).stdout
        assert "to be sent" in webhook("redeliver", number, str(sent["id"])).stdout
        assert "is told no more" in webhook("remove", number).stdout
        server.shutdown()


@pytest.mark.parametrize("address", ["not-an-address", "http://169.254.169.254/"])
def test_an_address_that_cannot_be_used_is_refused_in_words(
    webhook: Callable[..., Result], address: str
) -> None:
    refused = webhook("add", address).exception
    assert isinstance(refused, BadInput)
    assert refused.message.startswith("url: ")
