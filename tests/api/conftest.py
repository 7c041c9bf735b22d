"""The API as its users meet it: a real server on a real port, and a real client."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from api.main import create_app
from api.servers import Server
from api.settings import Settings
from db import keys
from db.outsiders import Table
from db.sessions import open_engine, transaction
from domain.access import LOCAL, KeyRequest, Role
from tests.conftest import CreateDatabase
from tests.factories import sweep_body

TABLES = ", ".join(Table.metadata.tables)
PAGE = "<!doctype html><title>Forkpoint</title>"
SCRIPT = "console.log('page')"
Clients = Callable[[Role], httpx.Client]


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The address of a running API."""
    # Unless it is called TCP, asyncio leaves small writes waiting: 40 ms a request.
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    app = create_app(settings)
    server = Server(app, uvicorn.Config(app, log_level="warning"))
    thread = Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the API did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture(scope="session")
def api_engine(migrated_database: CreateDatabase) -> Iterator[Engine]:
    engine = open_engine(migrated_database())
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build of the page leaves."""
    folder = tmp_path_factory.mktemp("dist")
    (folder / "index.html").write_text(PAGE)
    (folder / "assets").mkdir()
    (folder / "assets" / "index-1a2b3c.js").write_text(SCRIPT)
    (folder / "assets" / "large-1a2b3c.js").write_text(SCRIPT * 1000)
    return folder


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    (folder / "small.yaml").write_text("name: small\n")
    return folder


@pytest.fixture(scope="session")
def address(api_engine: Engine, dist: Path, examples: Path) -> Iterator[str]:
    url = api_engine.url.render_as_string(hide_password=False)
    with serving(Settings(database_url=url, frontend_dist=dist, examples=examples)) as address:
        yield address


def wait_for_lookouts() -> None:
    """Whoever listened in an earlier test has gone; what looked for them may be at it yet."""
    for thread in threading.enumerate():
        if thread.name == "lookout":
            thread.join(10)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def local_key(url: str) -> dict[str, str]:
    """What a client of an API on that database sends to be admitted as an admin."""
    engine = open_engine(url)
    with transaction(engine) as db:
        key = keys.renew(db, LOCAL)
    engine.dispose()
    return bearer(key)


def submit(client: httpx.Client, **changes: object) -> int:
    reply = client.post("/sweeps", json=sweep_body(**changes))
    assert reply.status_code == 201, reply.text
    return int(reply.json()["id"])


def refused(reply: httpx.Response) -> str:
    """The sentence of a 401 in the one shape."""
    body = reply.json()
    assert (reply.status_code, body["code"], body["errors"]) == (401, "unauthenticated", [])
    assert reply.headers["www-authenticate"] == "Bearer"
    return str(body["message"])


def make_key(client: httpx.Client, name: str = "ada", **more: object) -> dict[str, Any]:
    reply = client.post("/keys", json={"name": name, "role": "editor", **more})
    assert reply.status_code == 201, reply.text
    made: dict[str, Any] = reply.json()
    return made


@pytest.fixture
def anonymous(address: str, api_engine: Engine) -> Iterator[httpx.Client]:
    """A client without a key, of an API without rows."""
    wait_for_lookouts()
    with api_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE"))
    with httpx.Client(base_url=f"{address}/api", timeout=30) as client:
        yield client


@pytest.fixture
def client(anonymous: httpx.Client, api_engine: Engine) -> httpx.Client:
    """A client of an API without rows, with the machine's own key: an admin named local."""
    with transaction(api_engine) as db:
        anonymous.headers.update(bearer(keys.renew(db, LOCAL)))
    return anonymous


@pytest.fixture
def clients(client: httpx.Client, api_engine: Engine) -> Iterator[Clients]:
    """Makes a client with a key of a role."""
    made: list[httpx.Client] = []

    def make(role: Role) -> httpx.Client:
        with transaction(api_engine) as db:
            key = keys.create(db, KeyRequest(name=f"{role} {len(made)}", role=role), LOCAL).key
        made.append(httpx.Client(base_url=client.base_url, headers=bearer(key), timeout=30))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def rows(api_engine: Engine, client: httpx.Client) -> Iterator[Session]:
    """A session on the API's database, for what workers would write; commit to show it."""
    with Session(api_engine, expire_on_commit=False) as session:
        yield session
