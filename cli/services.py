"""The services of an installation, as `forkpoint doctor` finds them: servers, API, workers."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from valkey import Valkey
from valkey.exceptions import AuthenticationError, ValkeyError

from cli import postgres, valkey
from cli.client import LOOPBACK, Client
from cli.errors import CliError, Refused, Unreachable
from cli.findings import Finding, error, ok, warning
from cli.replies import Session, Worker
from db.diagnoses import DatabaseServer, read_server
from db.sessions import open_engine, transaction
from domain.workers import WorkerStatus

ASK_SECONDS = 5.0
OLDEST_POSTGRES = 15
SKEW_SECONDS = 5.0
FULL = 0.9
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
START_OR_NAME = "start everything with `forkpoint up`, or name a server with --url"
NOTHING_RUNS = "start everything with `forkpoint up`, or name your servers in the environment"


@dataclass(frozen=True)
class Servers:
    """Where the servers are; None for one that is nowhere to be found."""

    database_url: str | None
    redis_url: str | None


def find_servers(data: Path, database_url: str | None, redis_url: str | None) -> Servers:
    """Those named, else those that run in the data folder."""
    return Servers(
        database_url or postgres.find(data / "postgres"), redis_url or valkey.find(data / "valkey")
    )


def examine_database(url: str | None) -> Iterator[Finding]:
    if url is None:
        yield warning("database", "no database runs in this data folder", NOTHING_RUNS)
        return
    try:
        asked = datetime.now(UTC)
        server = ask_database(url)
        answered = datetime.now(UTC)
    except (SQLAlchemyError, ArgumentError) as problem:
        reason = str(getattr(problem, "orig", problem)).strip()
        remedy = "start it, or correct FORKPOINT_DATABASE_URL; `forkpoint up` brings its own"
        yield error("database", f"cannot be reached: {reason}", remedy)
        return
    yield judge_version(server)
    yield judge_schema(server)
    yield judge_room(server)
    yield judge_clock(server, asked + (answered - asked) / 2)


def ask_database(url: str) -> DatabaseServer:
    engine = open_engine(url, ASK_SECONDS, pool_size=1)
    try:
        with transaction(engine) as db:
            return read_server(db)
    finally:
        engine.dispose()


def judge_version(server: DatabaseServer) -> Finding:
    if server.major < OLDEST_POSTGRES:
        message = f"PostgreSQL {server.version} is older than any that was tried"
        return warning("database", message, f"upgrade it to {OLDEST_POSTGRES} or newer")
    return ok("database", f"PostgreSQL {server.version} answers")


def judge_schema(server: DatabaseServer) -> Finding:
    if server.revision == server.expected:
        return ok("schema", f"at revision {server.revision}, as this version expects")
    message = f"at {server.revision or 'no revision'}, but this version expects {server.expected}"
    remedy = "run `make migrate` (`forkpoint up` does so itself), or install the same version here"
    return error("schema", message, remedy)


def judge_room(server: DatabaseServer) -> Finding:
    message = f"{server.used} of {server.connections} connections are in use"
    if server.used < FULL * server.connections:
        return ok("connections", message)
    return warning("connections", message, "raise max_connections, or lower FORKPOINT_POOL_SIZE")


def judge_clock(server: DatabaseServer, here: datetime) -> Finding:
    seconds = (server.now - here).total_seconds()
    if abs(seconds) <= SKEW_SECONDS:
        return ok("clock", "agrees with the database's")
    message = f"the database's clock is {seconds:+.0f} s away from this machine's"
    remedy = "synchronise both (NTP): runs are safe, but times shown and keys' ends are off"
    return warning("clock", message, remedy)


def examine_broker(url: str | None) -> Iterator[Finding]:
    if url is None:
        yield warning("broker", "no broker runs in this data folder", NOTHING_RUNS)
        return
    try:
        with connect(url) as broker:
            broker.ping()
    except AuthenticationError:
        yield error("broker", "refuses the password", "correct it in FORKPOINT_REDIS_URL")
        return
    except (ValkeyError, OSError, ValueError) as problem:
        remedy = "start it, or correct FORKPOINT_REDIS_URL; runs wait meanwhile, none is lost"
        yield error("broker", f"cannot be reached: {problem}", remedy)
        return
    yield ok("broker", "answers")
    yield judge_password(url)
    yield from judge_reach(url)


def connect(url: str, **changes: str | None) -> Valkey:
    bounds = {"socket_timeout": ASK_SECONDS, "socket_connect_timeout": ASK_SECONDS}
    broker = Valkey.from_url(url, **bounds)
    broker.connection_pool.connection_kwargs.update(changes)
    return broker


def judge_password(url: str) -> Finding:
    try:
        with connect(url, username=None, password=None) as broker:
            broker.ping()
    except ValkeyError:
        return ok("broker password", "is asked for")
    remedy = "set `requirepass` in its configuration and the password in FORKPOINT_REDIS_URL"
    return warning(
        "broker password", "is not asked for: whoever reaches it can wake workers", remedy
    )


def judge_reach(url: str) -> Iterator[Finding]:
    """Whether a broker on this machine listens on every network; of another one nobody knows."""
    place = make_url(url)
    if place.host not in LOOPBACK:
        return
    with suppress(psutil.AccessDenied):
        open_to_all = any(
            one.status == psutil.CONN_LISTEN
            and one.laddr
            and one.laddr.port == (place.port or 6379)
            and one.laddr.ip in EVERYWHERE
            for one in psutil.net_connections(kind="tcp")
        )
        if open_to_all:
            remedy = "let it `bind 127.0.0.1`, or the network of your workers alone"
            yield warning("broker network", "listens on every network of this machine", remedy)
        else:
            yield ok("broker network", "listens on no more than it must")


def examine_api(url: str, key: str | None = None) -> Iterator[Finding]:
    """The API, the key sent to it (by default the one found for it), and the workers it knows."""
    try:
        with Client(url, ASK_SECONDS, key) as client:
            client.get("/api/ready")
            yield ok("api", f"{url} is ready")
            session = client.get("/api/session").read(Session)
            yield ok("key", f"belongs to {session.name}, {session.role}")
            yield from examine_workers(client.get("/api/workers").read_list(Worker))
    except Unreachable:
        yield warning("api", f"nothing answers at {url}", START_OR_NAME)
    except Refused as problem:
        first, _, remedy = problem.message.partition("\n")
        yield error("key", first, remedy)
    except CliError as problem:
        yield error("api", problem.message, "read its log: `logs/api.log` in the data folder")


def examine_workers(workers: list[Worker]) -> Iterator[Finding]:
    if not workers:
        remedy = "start one (`forkpoint up` does): `python -m workers worker`"
        yield warning("workers", "none has registered; nothing is trained", remedy)
    for worker in workers:
        yield judge_worker(worker)


def judge_worker(worker: Worker) -> Finding:
    subject, here = f"worker {worker.name}", version("forkpoint")
    match worker.status:
        case WorkerStatus.SILENT:
            message = f"not heard of since {worker.seen_at:%Y-%m-%d %H:%M:%S %Z}"
            remedy = f"start it again, or: forkpoint worker forget {worker.name}"
            return error(subject, message, remedy)
        case WorkerStatus.PARKED:
            remedy = f"mend its host, then: forkpoint worker resume {worker.name}"
            return error(subject, f"parked: {worker.parked_reason}", remedy)
        case WorkerStatus.DRAINING | WorkerStatus.DRAINED:
            remedy = f"when it shall work again: forkpoint worker resume {worker.name}"
            return warning(subject, f"{worker.status}: it takes no runs", remedy)
    if worker.version not in (None, here):
        message = f"{worker.status}, of version {worker.version}; this is {here}"
        return warning(
            subject, message, "upgrade it when its run has ended: forkpoint worker drain"
        )
    return ok(subject, f"{worker.status} on {worker.device}")
