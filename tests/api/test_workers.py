"""Workers over HTTP: listed, drained, resumed, forgotten; their names hold slashes and colons."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from db import workers
from db.models import Worker
from db.workers import Identity
from domain.access import Role
from tests.factories import claim_run, submit_sweep

NAME = "gpu-box/cuda:0,1"


def identity(name: str) -> Identity:
    return Identity(name=name, host="here", device="cpu:0", device_kind="cpu", pid=1)


@pytest.fixture
def worker(rows: Session) -> str:
    workers.register(rows, identity(NAME))
    rows.commit()
    return NAME


def silence(rows: Session, name: str) -> None:
    """Nothing was heard of the worker for five minutes."""
    long_ago = func.now() - timedelta(minutes=5)
    rows.execute(update(Worker).where(Worker.name == name).values(seen_at=long_ago))
    rows.commit()


def test_workers_are_listed_with_the_run_they_hold(client: httpx.Client, rows: Session) -> None:
    workers.register(rows, identity("worker-1"))
    submit_sweep(rows)
    claim = claim_run(rows, "worker-1")
    rows.commit()
    listed = client.get("/workers").json()
    assert [(worker["name"], worker["status"], worker["run_id"]) for worker in listed] == [
        ("worker-1", "working", claim.run_id)
    ]


def test_workers_not_heard_of_are_listed_last_and_not_alive(
    client: httpx.Client, rows: Session
) -> None:
    for name in ("a", "b"):
        workers.register(rows, identity(name))
    silence(rows, "a")
    listed = client.get("/workers").json()
    assert [(worker["name"], worker["alive"], worker["status"]) for worker in listed] == [
        ("b", True, "idle"),
        ("a", False, "silent"),
    ]


@pytest.mark.parametrize("spelt", [NAME, quote(NAME, safe="")])
def test_a_worker_is_drained_and_resumed_by_its_name_as_it_is_or_quoted(
    client: httpx.Client, worker: str, spelt: str
) -> None:
    for _ in range(2):
        drained = client.post(f"/workers/{spelt}/drain", params={"reason": "new driver"})
        assert (drained.status_code, drained.json()["status"]) == (200, "drained")
        assert drained.json()["name"] == worker
    resumed = client.post(f"/workers/{spelt}/resume")
    assert (resumed.status_code, resumed.json()["status"]) == (200, "idle")


def test_a_worker_that_is_gone_is_forgotten(
    client: httpx.Client, rows: Session, worker: str
) -> None:
    silence(rows, worker)
    assert client.post(f"/workers/{worker}/forget").json()["status"] == "silent"
    assert client.get("/workers").json() == []


def test_a_living_worker_is_not_forgotten(client: httpx.Client, worker: str) -> None:
    reply = client.post(f"/workers/{worker}/forget")
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")
    assert reply.json()["message"] == f"worker {NAME} is idle; stop it first"


@pytest.mark.parametrize("verb", ["drain", "resume", "forget"])
def test_a_worker_nobody_knows_is_not_found(client: httpx.Client, verb: str) -> None:
    reply = client.post(f"/workers/nobody/cpu:0/{verb}")
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert "there is no worker nobody/cpu:0" in reply.json()["message"]


def test_a_machine_may_drain_a_worker_but_not_forget_one(
    clients: Callable[[Role], httpx.Client], worker: str
) -> None:
    machine = clients(Role.WORKER)
    assert machine.post(f"/workers/{worker}/drain").status_code == 200
    assert machine.post(f"/workers/{worker}/resume").status_code == 200
    assert machine.post(f"/workers/{worker}/forget").status_code == 403


def test_a_reason_that_is_too_long_is_refused_at_its_field(
    client: httpx.Client, worker: str
) -> None:
    reply = client.post(f"/workers/{worker}/drain", params={"reason": "x" * 501})
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "reason")
