"""The broker emptied, hung, away, or full of messages that nobody of ours has sent."""

import json
import pickle
import signal
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from celery import Celery
from kombu.exceptions import OperationalError
from valkey import Valkey
from valkey.exceptions import ValkeyError

from tests.chaos.deaths import Done, freeze, kill, take_down
from tests.chaos.worlds import World
from workers.app import WAKE

QUEUE = "cpu"


def empty_broker(world: World, rng: Random) -> Done | None:
    try:
        call_broker(world).flushall()
    except ValkeyError:
        return None
    return Done("FLUSHALL")


def call_broker(world: World) -> Valkey:
    port, password = world.broker_port, world.password
    return Valkey(port=port, password=password, socket_timeout=0.5, socket_connect_timeout=0.5)


def restart_broker(world: World, rng: Random) -> Done | None:
    return kill(world.broker, rng)


def hang_broker(world: World, rng: Random) -> Done | None:
    return freeze(world.broker, rng.uniform(1, 3))


def take_broker_down(world: World, rng: Random) -> Done | None:
    return take_down(world.broker, signal.SIGKILL, rng.uniform(2, 4))


def forge_hints(world: World, rng: Random) -> Done | None:
    """What is no message at all, a message without what it needs, and one with a pickled body."""
    pickled = {
        "body": b64encode(pickle.dumps(Intruder(world.trace))).decode(),
        "content-type": "application/x-python-serialize",
        "content-encoding": "binary",
        "headers": {"task": WAKE, "id": "forged", "lang": "py"},
        "properties": {
            "delivery_tag": "forged",
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": QUEUE},
        },
    }
    forged = [rng.choice([json.dumps(pickled), "{}", "rubbish", json.dumps({"body": ""})])]
    return push(world, forged * rng.randint(1, 5))


@dataclass
class Intruder:
    """Whoever unpickles it leaves a trace."""

    trace: Path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.trace,)


def push(world: World, messages: list[str]) -> Done | None:
    try:
        call_broker(world).lpush(QUEUE, *messages)
    except ValkeyError:
        return None
    return Done(f"{len(messages)} of {messages[0][:20]}")


def double_hints(world: World, rng: Random) -> Done | None:
    try:
        with celery(world) as app:
            count = rng.randint(20, 100)
            for _ in range(count):
                app.send_task(WAKE, queue=QUEUE, retry=False)
    except OperationalError:
        return None
    return Done(f"{count} hints")


def broadcast_shutdown(world: World, rng: Random) -> Done | None:
    try:
        with celery(world) as app:
            app.control.broadcast("shutdown")
    except OperationalError:
        return None
    return Done("to every worker")


def celery(world: World) -> Celery:
    app = Celery(broker=world.broker_url(), set_as_current=False)
    app.conf.broker_transport_options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    return app
