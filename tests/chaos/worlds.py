"""One installation in a folder of its own: servers, dispatchers, workers, the API and the links."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import httpx
import psutil
import psycopg
from alembic import command

from cli import postgres, valkey
from cli.processes import tail
from db.sessions import open_engine
from tests.chaos.links import Link, Switchboard
from tests.chaos.programs import Program, processes_of, survivors, wait_until
from tests.conftest import ROOT, migrations

ALIVE = 1.2
SELF_FENCE = 5.0
STALL = 4.0
BUDGET = 6
SETTINGS = {
    "SHIP_SECONDS": "0.1",
    "BEAT_SECONDS": "0.2",
    "ALIVE_SECONDS": str(ALIVE),
    "TICK_SECONDS": "0.1",
    "HINT_SECONDS": "1",
    "DRAIN_SECONDS": "3",
    "SELF_FENCE_SECONDS": str(SELF_FENCE),
    "STALL_SECONDS": str(STALL),
    "STATEMENT_SECONDS": "2",
    "BROKER_TIMEOUT_SECONDS": "1",
    "FIRST_WAIT_SECONDS": "0.02",
    "MAX_RESTARTS": str(BUDGET),
    "PARK_AFTER": "1000",
}
TRAINER = [sys.executable, "-m", "tests.chaos.trainer"]
SMALL_DISK = "6m"
DISPATCHERS = 2
START_SECONDS = 60.0
KEEP_SECONDS = 0.05


@dataclass
class World:
    """`disk` is the small disk of worker 0, where one could be mounted; `clock` steers its time."""

    folder: Path
    board: Switchboard
    workers: list[Program] = field(default_factory=list)
    dispatchers: list[Program] = field(default_factory=list)
    links: dict[str, tuple[Link, Link]] = field(default_factory=dict)
    disk: Path | None = None
    kept: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.pace = self.folder / "pace"
        self.log = self.folder / "trainers.log"
        self.clock = self.folder / "clock"
        self.trace = self.folder / "trace"
        self.pace.write_text("0.2")
        self.log.touch()
        self.clock.write_text("+0")
        self.database, self.database_port = self.make_database()
        self.broker, self.broker_port, self.password = self.make_broker()
        self.programs = [self.database, self.broker]
        self.engine = open_engine(self.database_url(), statement_seconds=2.0, pool_size=30)
        self.patient_engine = open_engine(self.database_url(), statement_seconds=120.0)

    # Servers

    def make_database(self) -> tuple[Program, int]:
        """As `forkpoint up` runs it, but listening on TCP, where the links are."""
        folder, run = self.folder / "postgres", self.folder / "run"
        run.mkdir()
        user = postgres.prepare(folder, lambda _: None)
        sockets = postgres.socket_folder(run, user)
        port = valkey.choose().port
        given = postgres.program(folder, sockets, self.folder / "postgres.log", user, 200)
        more = {"listen_addresses": "127.0.0.1", "port": str(port), "fsync": "off"}
        options = [part for name, value in more.items() for part in ("-c", f"{name}={value}")]
        environment = {**given.environment, "CHAOS_FOLDER": str(self.folder)}
        return Program("postgres", given.command + options, environment, given.log, user), port

    def make_broker(self) -> tuple[Program, int, str]:
        broker = valkey.Broker(valkey.choose().port, secrets.token_urlsafe(12))
        given = valkey.program(self.folder / "valkey", self.folder / "valkey.log", broker)
        environment = {**given.environment, "CHAOS_FOLDER": str(self.folder)}
        program = Program("valkey", given.command, environment, given.log)
        return program, broker.port, broker.password

    def database_url(self, port: int | None = None) -> str:
        return f"postgresql+psycopg://forkpoint@127.0.0.1:{port or self.database_port}/forkpoint"

    def broker_url(self, port: int | None = None) -> str:
        return f"redis://:{self.password}@127.0.0.1:{port or self.broker_port}/0"

    def database_answers(self) -> bool:
        try:
            url = self.database_url().replace("+psycopg", "")
            psycopg.connect(url, connect_timeout=1).close()
        except psycopg.Error:
            return False
        return True

    # Programs

    def linked(self, name: str) -> dict[str, str]:
        """The environment of a program that reaches the servers over links of its own."""
        database = self.board.link(self.database_port)
        broker = self.board.link(self.broker_port)
        self.links[name] = (database, broker)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FORKPOINT_")}
        return {
            **kept,
            **{f"FORKPOINT_{key}": value for key, value in SETTINGS.items()},
            "FORKPOINT_DATABASE_URL": self.database_url(database.port),
            "FORKPOINT_REDIS_URL": self.broker_url(broker.port),
            "FORKPOINT_DATA": str(self.folder / "data"),
            "FORKPOINT_TRAINER": json.dumps(TRAINER),
            "CHAOS_FOLDER": str(self.folder),
            "CHAOS_LOG": str(self.log),
            "CHAOS_PACE": str(self.pace),
            "PYTHONPATH": str(ROOT),
        }

    def python(self, name: str, *arguments: str, **more: str) -> Program:
        environment = self.linked(name) | more
        log = self.folder / f"{name}.log"
        program = Program(name, [sys.executable, "-m", *arguments], environment, log)
        self.programs.append(program)
        return program

    def make_programs(self, workers: int) -> None:
        for number in range(DISPATCHERS):
            time = self.own_time() if number == 0 else {}
            name = f"dispatcher-{number}"
            self.dispatchers.append(self.python(name, "workers", "dispatcher", **time))
        for number in range(workers):
            name = f"worker-{number}"
            mine = {"FORKPOINT_WORKER_NAME": name, "FORKPOINT_DEVICE": f"cpu:{number}"}
            if number == 0:
                mine |= self.own_time() | self.own_disk()
            self.workers.append(self.python(name, "workers", "worker", **mine))
        self.port = valkey.choose().port
        self.api = self.python("api", "api", FORKPOINT_PORT=str(self.port))

    def own_time(self) -> dict[str, str]:
        """Reads its wall clock off a file; nothing where libfaketime is not installed."""
        library = fake_time_library()
        if library is None:
            return {}
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_CACHE_DURATION": "1",
        }

    def own_disk(self) -> dict[str, str]:
        """Its spool and its checkpoints on a disk that is soon full; only root can mount one."""
        place = self.folder / "disk"
        place.mkdir()
        options = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "chaos", str(place)]
        if shutil.which("mount") is None or subprocess.run(options, check=False).returncode:
            return {}
        self.disk = place
        return {"FORKPOINT_DATA": str(place)}

    def api_answers(self) -> bool:
        with suppress(httpx.TransportError), httpx.Client(trust_env=False, timeout=5) as client:
            return client.get(f"http://127.0.0.1:{self.port}/api/ready").status_code == 200
        return False

    # From the first start to the last process

    def start(self, workers: int) -> None:
        self.make_programs(workers)
        self.database.start()
        self.broker.start()
        assert wait_until(self.database_answers, START_SECONDS), tail(self.database.log)
        command.upgrade(migrations(self.database_url()), "head")
        for program in self.programs:
            program.tend()
        assert wait_until(self.api_answers, START_SECONDS), tail(self.api.log)

    def keep(self) -> None:
        """Starts again what is down and shall not be, until told to let be."""
        while not self.kept.wait(KEEP_SECONDS):
            for program in self.programs:
                program.tend()

    def stop(self) -> list[str]:
        """Stops everything as an operator would; answers what is left over."""
        for program in [*self.workers, *self.dispatchers, self.api]:
            program.wanted = False
            program.signal(signal.SIGCONT)
            program.signal(signal.SIGTERM)
        wait_until(lambda: not any(p.runs for p in [*self.workers, *self.dispatchers]), 20)
        for program in self.programs:
            program.kill() if program is not self.database else program.signal(signal.SIGQUIT)
        seen: list[str] = []

        def nothing_left() -> bool:
            seen[:] = survivors(list(processes_of(self.folder)))
            return not seen

        wait_until(nothing_left, 15)
        return seen


def fake_time_library() -> Path | None:
    spec = find_spec("libfaketime")
    if spec is None or spec.origin is None or sys.platform != "linux":
        return None
    library = Path(spec.origin).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
    return library if library.exists() else None


@contextmanager
def running(workers: int) -> Iterator[World]:
    """A world that is up; nothing of it is left at the end, whatever happened to it."""
    folder = Path(tempfile.mkdtemp(prefix="forkpoint-chaos-"))
    folder.chmod(0o711)
    board = Switchboard()
    world = World(folder, board)
    try:
        world.start(workers)
        yield world
    finally:
        for process in list(processes_of(folder)):
            with suppress(Exception):
                process.kill()
        for program in world.programs:
            program.kill()
        world.engine.dispose()
        world.patient_engine.dispose()
        board.stop()
        if world.disk:
            subprocess.run(["umount", "-l", str(world.disk)], check=False)  # noqa: S607
        forget_clocks()
        shutil.rmtree(folder, ignore_errors=True)


def forget_clocks() -> None:
    """libfaketime leaves shared memory behind for each of its processes that was killed."""
    for path in Path("/dev/shm").glob("*faketime_s*_*"):  # noqa: S108
        number = path.name.rpartition("_")[2]
        if number.isdigit() and not psutil.pid_exists(int(number)):
            path.unlink(missing_ok=True)
