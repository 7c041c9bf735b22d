"""Messages as a receiver sees them, and what receivers of every kind do to their courier."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import Engine, func, update

from db import deliveries, webhooks
from db.deliveries import DeliveryState
from db.outsiders import Delivery
from db.sessions import transaction
from domain.webhooks import parse_webhook
from tests.workers.conftest import Service
from workers.couriers import Courier, Undeliverable, send


@dataclass
class Message:
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; answers `status`, or with `raw`, and first waits for `released`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.messages: list[Message] = []
        self.status = 204
        self.drip = False
        self.released = threading.Event()
        self.released.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def handle_error(self, *_: object) -> None:
        """A courier that has hung up is no news."""


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Receiver)
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.messages.append(Message(self.path, headers, body))
        while self.server.drip and not self.server.released.wait(0.02):
            self.wfile.write(b"H")
        self.server.released.wait()
        self.send_response(self.server.status)
        self.send_header("location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


@dataclass
class Post:
    """One courier on a database of its own, and what is sent by it."""

    engine: Engine
    courier: Courier
    ids: dict[int, int] = field(default_factory=dict)

    def add(self, url: str) -> tuple[int, str]:
        with transaction(self.engine) as db:
            webhook = webhooks.add(db, parse_webhook({"url": url}), "tester")
            return webhook.id, webhook.secret

    def send_test(self, webhook_id: int) -> int:
        with transaction(self.engine) as db:
            number = webhooks.send_test(db, webhook_id, "tester")
        self.ids[number] = webhook_id
        return number

    def state(self, delivery_id: int) -> DeliveryState:
        with transaction(self.engine) as db:
            return deliveries.find(db, self.ids[delivery_id], delivery_id)

    def deliver(self, delivery_id: int) -> DeliveryState:
        """Looks once and answers what came of the first try."""
        self.courier.look()
        wait_for(lambda: not self.under_way())
        return self.state(delivery_id)

    def under_way(self) -> bool:
        return any(hand.is_alive() for hand in self.courier.under_way.values())


@pytest.fixture
def post(engine: Engine) -> Iterator[Post]:
    courier = Courier(engine, "https://lab.example", send_seconds=5)
    post = Post(engine, courier)
    yield post
    wait_for(lambda: not post.under_way())


def wait_for(truth: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.01)


def test_a_message_arrives_signed_by_the_secret_of_its_webhook(
    post: Post, receiver: Receiver
) -> None:
    webhook, secret = post.add(receiver.url)
    state = post.deliver(post.send_test(webhook))
    (message,) = receiver.messages
    assert (state.status_code, state.tries, state.due_at) == (204, 1, None)
    headers = message.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + message.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert headers["host"] == f"127.0.0.1:{receiver.server_port}"
    body = json.loads(message.body)
    assert (message.path, body["type"]) == ("/hook", "test")
    assert headers["webhook-id"] == state.message_id


def test_a_refusal_is_tried_again_under_the_same_name(
    post: Post, receiver: Receiver, engine: Engine
) -> None:
    webhook, _ = post.add(receiver.url)
    number = post.send_test(webhook)
    receiver.status = 500
    state = post.deliver(number)
    assert (state.error, state.status_code, state.delivered_at) == ("answered 500", 500, None)
    assert state.due_at is not None
    receiver.status = 200
    with transaction(engine) as db:
        db.execute(update(Delivery).values(due_at=func.now()))
    assert post.deliver(number).delivered_at is not None
    first, second = receiver.messages
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_a_redirect_is_not_followed(post: Post, receiver: Receiver) -> None:
    webhook, _ = post.add(receiver.url)
    receiver.status = 307
    state = post.deliver(post.send_test(webhook))
    assert "a redirect, which is not followed" in str(state.error)
    assert [message.path for message in receiver.messages] == ["/hook"]


def test_nobody_there_is_said_in_words(post: Post) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        webhook, _ = post.add(f"http://127.0.0.1:{taken.getsockname()[1]}/")
        state = post.deliver(post.send_test(webhook))
    assert str(state.error).startswith("ConnectError: ")


def test_a_name_that_leads_to_a_metadata_address_is_not_called(post: Post) -> None:
    webhook, _ = post.add("http://2852039166/latest/meta-data")  # 169.254.169.254 as one number
    state = post.deliver(post.send_test(webhook))
    assert "leads to 169.254.169.254, which must not be called" in str(state.error)


def test_a_receiver_that_hangs_delays_nobody_else(post: Post, receiver: Receiver) -> None:
    receiver.released.clear()
    hanging, _ = post.add(receiver.url)
    with Receiver() as other:
        thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        well, _ = post.add(other.url)
        slow, quick = post.send_test(hanging), post.send_test(well)
        post.courier.look()
        wait_for(lambda: post.state(quick).delivered_at is not None)
        assert post.state(slow).delivered_at is None
        other.shutdown()
        thread.join()
    receiver.released.set()
    wait_for(lambda: post.state(slow).delivered_at is not None)


def test_an_answer_that_drips_is_cut_off_in_time(post: Post, receiver: Receiver) -> None:
    webhook, _ = post.add(receiver.url)
    post.send_test(webhook)
    parcel = post.courier.take()
    assert parcel is not None
    receiver.drip = True
    receiver.released.clear()
    with pytest.raises(Undeliverable, match=r"no answer within 0\.2 s"):
        send(parcel, "", 0.2)


def test_a_receiver_that_hangs_does_not_delay_the_stop_of_the_dispatcher(
    service: Service, receiver: Receiver
) -> None:
    receiver.released.clear()
    with transaction(service.engine) as db:
        hook = webhooks.add(db, parse_webhook({"url": receiver.url}), "tester")
        webhooks.send_test(db, hook.id, "tester")
    dispatcher = service.start("dispatcher")
    service.wait_for(lambda: bool(receiver.messages))
    dispatcher.terminate()
    assert dispatcher.wait(timeout=8) == 0, "less than a message may take"


def test_the_dispatcher_tells_of_a_failed_run(service: Service, receiver: Receiver) -> None:
    service.environment["FORKPOINT_PUBLIC_URL"] = "https://lab.example/"
    with transaction(service.engine) as db:
        webhooks.add(db, parse_webhook({"url": receiver.url}), "tester")
    service.start("dispatcher")
    service.start_worker(steps=1, exit=64)
    [run_id] = service.submit()
    service.wait_for_status(run_id, "failed")
    service.wait_for(lambda: len(receiver.messages) == 2)
    told = {one["type"]: one["data"] for one in (json.loads(m.body) for m in receiver.messages)}
    assert told["run.failed"]["run"]["failure"] == "user_error"
    assert told["run.failed"]["url"] == f"https://lab.example/runs/{run_id}"
    assert told["sweep.finished"]["sweep"]["status"] == "failed"
