"""Everything on one machine: bundled PostgreSQL and Valkey, then the API, dispatcher and workers.

The same programs as in any other deployment, told apart by their settings alone. A server whose URL
is given is used instead of the bundled one.
"""

import math
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from cli import postgres, valkey
from cli.credentials import Access, forget_access, write_access
from cli.errors import StackError, StopAsked
from cli.ports import listen
from cli.processes import Program, Supervisor, stop_leftovers, tail
from db import keys
from db.sessions import open_engine, transaction
from domain.access import LOCAL

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0
MIGRATE_SECONDS = 600.0
DRAIN, DRAIN_SECONDS = "FORKPOINT_DRAIN_SECONDS", 20
SPARE_SECONDS = 10.0
TICK_SECONDS = 0.1


@dataclass(frozen=True)
class Plan:
    """What to start. Without a port the first free one from 8000; without a URL our own server."""

    data: Path
    host: str
    port: int | None
    devices: list[str]
    database_url: str | None
    redis_url: str | None


class Stack:
    """The running programs of one plan. `stops` counts how often a stop was asked for."""

    def __init__(self, plan: Plan, say: Callable[[str], None]) -> None:
        self.plan = plan
        self.say = say
        self.stops = 0
        self.logs = plan.data / "logs"
        self.run = plan.data / "run"
        self.supervisor = Supervisor(self.run / "processes.json", say)
        self.environment = base_environment(plan)
        self.stop_seconds = read_drain(self.environment) + SPARE_SECONDS
        self.port = plan.port or 0
        self.listener: socket.socket | None = None
        self.key = ""

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.plan.host in ("0.0.0.0", "::", "localhost") else self.plan.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def start(self) -> None:
        """Starts everything and returns when the API is ready. Raises StackError or StopAsked."""
        self.listener = listen(self.plan.host, self.plan.port)
        self.port = self.listener.getsockname()[1]
        self.environment["FORKPOINT_PORT"] = str(self.port)
        self.prepare()
        self.environment["FORKPOINT_DATABASE_URL"] = self.plan.database_url or self.start_postgres()
        self.environment["FORKPOINT_REDIS_URL"] = self.plan.redis_url or self.start_valkey()
        self.migrate()
        self.key = self.make_key()
        self.supervisor.start(self.api(self.listener.fileno()))
        self.supervisor.start(self.python("dispatcher", ["-m", "workers", "dispatcher"], stage=1))
        for device in self.plan.devices:
            self.supervisor.start(self.worker(device))
        self.wait_until("api", self.api_ready)
        write_access(self.plan.data, Access(url=self.url, key=self.key))

    def start_database(self) -> str:
        """The database alone, for whoever dumps or restores it; answers its URL."""
        self.prepare()
        return self.start_postgres()

    def prepare(self) -> None:
        for folder in (self.logs, self.run):
            folder.mkdir(exist_ok=True)
        if left := stop_leftovers(self.supervisor.record):
            self.say(f"stopped {left} processes that an earlier start left behind")

    def start_postgres(self) -> str:
        folder, log = self.plan.data / "postgres", self.logs / "postgres.log"
        user = postgres.prepare(folder, self.say)
        sockets = postgres.socket_folder(self.run, user)
        connections = 100 + 10 * len(self.plan.devices)
        program = postgres.program(folder, sockets, log, user, connections)
        child = self.supervisor.start(program)
        self.wait_until("postgres", lambda: postgres.ready(folder, child.process.pid))
        return postgres.url(sockets)

    def start_valkey(self) -> str:
        broker = valkey.choose()
        log = self.logs / "valkey.log"
        self.supervisor.start(valkey.program(self.plan.data / "valkey", log, broker))
        self.wait_until("valkey", lambda: valkey.ready(broker))
        return broker.url

    def migrate(self) -> None:
        """Brings the schema up to date; a failure ends the start, it is not tried again."""
        ini = str(ROOT / "alembic.ini")
        program = self.python("migrate", ["-m", "alembic", "-c", ini, "upgrade", "head"], stage=1)
        child = self.supervisor.start(program)
        deadline = time.monotonic() + MIGRATE_SECONDS
        while child.process.poll() is None and time.monotonic() < deadline:
            self.pause()
        if child.process.returncode != 0:
            raise StackError(f"the database schema could not be migrated:\n{tail(program.log)}")
        del self.supervisor.children["migrate"]

    def make_key(self) -> str:
        """An admin key for commands on this machine, new at each start."""
        engine = open_engine(self.environment["FORKPOINT_DATABASE_URL"])
        try:
            with transaction(engine) as db:
                return keys.renew(db, key_name(self.plan))
        finally:
            engine.dispose()

    def python(self, name: str, arguments: list[str], stage: int) -> Program:
        command = [sys.executable, *arguments]
        return Program(name, command, self.environment, self.logs / f"{name}.log", stage)

    def api(self, listener: int) -> Program:
        program = self.python("api", ["-m", "api"], stage=1)
        environment = {**self.environment, "FORKPOINT_LISTENER": str(listener)}
        return replace(program, environment=environment, passed=(listener,))

    def worker(self, device: str) -> Program:
        name = f"worker-{device.replace(':', '-')}"
        return Program(
            name=name,
            command=[sys.executable, "-m", "workers", "worker"],
            environment={"OMP_NUM_THREADS": "1", **self.environment, "FORKPOINT_DEVICE": device},
            log=self.logs / f"{name}.log",
            stage=2,
            needed=False,
            stop_seconds=self.stop_seconds,
        )

    def api_ready(self) -> bool:
        try:
            with httpx.Client(trust_env=False, timeout=5) as client:
                return client.get(f"{self.url}/api/ready").status_code == 200
        except httpx.TransportError:
            return False

    def wait_until(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if time.monotonic() > deadline:
                log = self.logs / f"{name}.log"
                raise StackError(f"{name} was not ready in {START_SECONDS:g} s:\n{tail(log)}")
            self.wait(TICK_SECONDS)

    def wait(self, seconds: float) -> None:
        """Sleeps while looking after the programs. Raises StopAsked once a stop is asked for."""
        deadline = time.monotonic() + seconds
        while True:
            self.supervisor.tick()
            self.pause()
            if time.monotonic() >= deadline:
                return

    def pause(self) -> None:
        if self.stops:
            raise StopAsked
        time.sleep(TICK_SECONDS)

    def ask_stop(self) -> None:
        """Safe to call from a signal handler; asking twice makes the stop hurry."""
        self.stops += 1

    def stop(self) -> None:
        forget_access(self.plan.data)
        if self.listener:
            self.listener.close()  # so that nobody waits for an API that is not started again
        asked = self.stops
        self.supervisor.stop(lambda: self.stops > max(asked, 1))


def key_name(plan: Plan) -> str:
    """Several stacks may share a database that is not theirs; each has a key of its own there."""
    return f"{LOCAL}@{socket.gethostname()}:{plan.data}" if plan.database_url else LOCAL


def base_environment(plan: Plan) -> dict[str, str]:
    """Ours with the settings. PYTHONSAFEPATH: a folder `api` where we start is not ours."""
    ours = dict(os.environ) if plan.database_url else postgres.without_postgres_settings(os.environ)
    ours.pop("FORKPOINT_API_KEY", None)  # of whoever started us, and none of our programs' business
    return {
        DRAIN: str(DRAIN_SECONDS),
        **ours,
        "FORKPOINT_DATA": str(plan.data),
        "FORKPOINT_HOST": plan.host,
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
    }


def read_drain(environment: Mapping[str, str]) -> float:
    """How long a worker may take to hand its run back: it must not be killed before."""
    try:
        seconds = float(environment[DRAIN])
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise StackError(f"{DRAIN} must be a number of seconds (given: {environment[DRAIN]})")
    return seconds
