"""A page that stays open hears of what happens, and of when nobody knows."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from api.listeners import MOST_WAITING, Listener
from api.settings import Settings
from db import attempts
from domain.access import Role
from tests.api.conftest import Clients, local_key, serving
from tests.conftest import CreateDatabase
from tests.factories import claim_run, finish, metrics, record, submit_sweep


@dataclass(frozen=True)
class Heard:
    name: str
    data: dict[str, Any]
    id: str | None


@contextmanager
def listening(client: httpx.Client, **query: object) -> Iterator[Iterator[Heard]]:
    headers = {"Last-Event-ID": str(query.pop("last"))} if "last" in query else {}
    with client.stream("GET", "/events", params=query, headers=headers) as reply:  # type: ignore[arg-type]
        assert reply.status_code == 200, reply.read()
        yield parse(reply.iter_lines())


def parse(lines: Iterator[str]) -> Iterator[Heard]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "event" in fields:
            yield Heard(fields["event"], json.loads(fields["data"]), fields.get("id"))
        if not line:
            fields = {}


def until(heard: Iterator[Heard], wanted: Callable[[Heard], bool]) -> Heard:
    """The first event that is wanted; the client's time-out is the patience."""
    return next(event for event in heard if wanted(event))


def of(name: str) -> Callable[[Heard], bool]:
    return lambda event: event.name == name


def shows(run_id: int, **values: object) -> Callable[[Heard], bool]:
    """Whether an event has that run with these values."""
    return lambda event: (
        event.name == "runs"
        and any(
            run["id"] == run_id and all(run[key] == value for key, value in values.items())
            for run in event.data["runs"]
        )
    )


@pytest.fixture
def sweep(client: httpx.Client, rows: Session) -> int:
    number = submit_sweep(rows)
    rows.commit()
    return number


def test_a_page_hears_how_runs_of_its_sweep_go_on(
    client: httpx.Client, rows: Session, sweep: int
) -> None:
    with listening(client, sweep=sweep) as heard:
        assert next(heard).id, "at once, so that it is known to be live"
        claim = claim_run(rows)
        rows.commit()
        event = until(heard, shows(claim.run_id, status="running"))
        assert event.data["sweep_id"] == sweep
        assert event.data["progress"]["running"] == 1
        attempts.beat(rows, claim.run_id, claim.attempt, 3, "training")
        rows.commit()
        until(heard, shows(claim.run_id, step=3, phase="training"))
        finish(rows, claim)
        rows.commit()
        event = until(heard, shows(claim.run_id, status="succeeded"))
        assert event.data["progress"]["succeeded"] == 1


def test_a_page_hears_nothing_of_the_runs_of_other_sweeps(
    client: httpx.Client, rows: Session, sweep: int
) -> None:
    with listening(client, sweep=sweep + 1) as heard:
        next(heard)
        claim = claim_run(rows)
        rows.commit()
        event = until(heard, lambda event: claim.run_id in event.data.get("runs", []))
        assert event.data == {
            "sweeps": [sweep],
            "measured": [sweep],
            "runs": [claim.run_id],
            "workers": True,
        }


def test_what_happened_after_a_cursor_is_told_first(
    client: httpx.Client, rows: Session, sweep: int
) -> None:
    cursor = client.get(f"/sweeps/{sweep}/runs").json()["cursor"]
    claim = claim_run(rows)
    rows.commit()
    finish(rows, claim)
    rows.commit()
    with listening(client, sweep=sweep, after=cursor) as heard:
        event = next(heard)
        assert shows(claim.run_id, status="succeeded")(event)
    with listening(client, sweep=sweep, after=cursor, last=event.id) as heard:
        assert until(heard, of("changed")).data["runs"] == [], "it knows more than its address"


def test_what_is_under_way_is_told_to_whoever_comes_back(
    client: httpx.Client, rows: Session, sweep: int
) -> None:
    claim = claim_run(rows)
    rows.commit()
    cursor = client.get(f"/sweeps/{sweep}/runs").json()["cursor"]
    for _ in range(2):
        with listening(client, sweep=sweep, after=cursor) as heard:
            assert shows(claim.run_id, status="running")(next(heard))


def test_measurements_name_their_sweep_and_run(
    client: httpx.Client, rows: Session, sweep: int
) -> None:
    claim = claim_run(rows)
    rows.commit()
    with listening(client) as heard:
        until(heard, of("beat"))
        record(rows, claim, [metrics(1, {"loss": 1.0})])
        rows.commit()
        event = until(heard, of("changed"))
        assert (event.data["measured"], event.data["runs"]) == ([sweep], [claim.run_id])
        assert (event.data["sweeps"], event.data["workers"]) == ([], False)


def test_a_steered_sweep_is_named(client: httpx.Client, sweep: int) -> None:
    with listening(client, sweep=sweep) as heard:
        next(heard)
        client.post(f"/sweeps/{sweep}/pause")
        assert until(heard, of("changed")).data["sweeps"] == [sweep]


def test_a_cursor_from_elsewhere_is_answered_with_a_reset(client: httpx.Client, sweep: int) -> None:
    with listening(client, sweep=sweep, after=2**40) as heard:
        assert next(heard).name == "reset"
        assert until(heard, of("beat")).id != str(2**40)


def test_whoever_listens_is_not_buffered_or_kept(client: httpx.Client) -> None:
    with client.stream("GET", "/events") as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        assert reply.headers["x-accel-buffering"] == "no"
        assert "no-transform" in reply.headers["cache-control"]


def test_a_wrong_cursor_is_named(client: httpx.Client) -> None:
    reply = client.get("/events", params={"after": "yesterday"})
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "after")


def test_a_worker_does_not_listen(clients: Clients) -> None:
    assert clients(Role.WORKER).get("/events").status_code == 403


@contextmanager
def alone(url: str, **changes: object) -> Iterator[httpx.Client]:
    """A client of a server of its own."""
    settings = Settings(database_url=url).model_copy(update=changes)
    with (
        serving(settings) as address,
        httpx.Client(base_url=f"{address}/api", headers=local_key(url), timeout=60) as client,
    ):
        yield client


def test_a_stream_ends_by_itself_so_that_a_session_is_checked_anew(database_url: str) -> None:
    with alone(database_url, stream_seconds=0.5) as client, listening(client) as heard:
        assert [event.name for event in heard] == ["beat"]


def test_so_many_listen_and_no_more(database_url: str) -> None:
    with alone(database_url, most_streams=1) as client, httpx.Client() as other:
        other.headers.update(client.headers)
        with listening(client) as heard:
            next(heard)
            refused = other.get(f"{client.base_url}events")
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
            assert "1 pages listen already" in refused.json()["message"]


def test_a_server_that_stops_ends_its_streams_first(database_url: str) -> None:
    settings = Settings(database_url=database_url)
    with httpx.Client(headers=local_key(database_url)) as client, ExitStack() as open_streams:
        with serving(settings) as address:
            url = f"{address}/api/events"
            reply = open_streams.enter_context(client.stream("GET", url))
            heard = parse(reply.iter_lines())
            assert next(heard).name == "beat"
        assert list(heard) == []


def test_a_database_that_is_away_is_said_so_and_the_stream_goes_on(
    server: Engine, migrated_database: CreateDatabase
) -> None:
    url = migrated_database()
    name = make_url(url).database
    with alone(url) as client, listening(client) as heard:
        assert next(heard).name == "beat"
        away(server, name, True)
        until(heard, of("away"))
        away(server, name, False)
        until(heard, of("beat"))


def away(server: Engine, name: str | None, gone: bool) -> None:
    with server.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {not gone}'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )


def test_nothing_piles_up_for_a_reader_that_does_not_read() -> None:
    async def listen() -> list[bytes]:
        listener = Listener(None, None)
        for _ in range(MOST_WAITING + 1):
            listener.keep(b"x" * 1000)
        return [message async for message in listener.messages(60)]

    assert len(asyncio.run(listen())) == 1, "the time to wait before it comes back, and the end"
