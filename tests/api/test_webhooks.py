"""Webhooks over HTTP: added by an admin, shown without their secret, tested, delivered again."""

import httpx
import pytest
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from db.models import Action
from db.outsiders import Delivery
from domain.access import Role
from tests.api.conftest import Clients

URL = "https://example.org/hook?token=abc"


@pytest.fixture
def webhook(client: httpx.Client) -> int:
    return int(client.post("/webhooks", json={"url": URL}).json()["id"])


def test_a_webhook_shows_its_secret_once(client: httpx.Client) -> None:
    made = client.post("/webhooks", json={"url": URL, "events": ["run.failed"]})
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    (listed,) = client.get("/webhooks").json()
    assert (listed["url"], listed["events"]) == (URL, ["run.failed"])
    assert "secret" not in listed


def test_without_events_it_hears_of_all_of_them(client: httpx.Client, webhook: int) -> None:
    (listed,) = client.get("/webhooks").json()
    assert listed["events"] == ["sweep.finished", "run.failed", "worker.parked"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": "http://169.254.169.254/"}, "url"),
        ({"url": "https://me:secret@example.org/"}, "url"),
        ({"url": "https://example.org/" + "x" * 2000}, "url"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": ["sweep.started"]}, "events[0]"),
        ({"url": URL, "colour": "blue"}, "colour"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(
    client: httpx.Client, body: dict[str, object], field: str
) -> None:
    reply = client.post("/webhooks", json=body)
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_a_test_message_is_queued_and_listed(client: httpx.Client, webhook: int) -> None:
    sent = client.post(f"/webhooks/{webhook}/test")
    assert sent.status_code == 202
    page = client.get(f"/webhooks/{webhook}/deliveries").json()
    assert page["total"] == 1
    assert page["deliveries"] == [sent.json()]
    assert (sent.json()["event"], sent.json()["tries"]) == ("test", 0)


def test_what_has_ended_can_be_delivered_again(
    client: httpx.Client, rows: Session, webhook: int
) -> None:
    number = client.post(f"/webhooks/{webhook}/test").json()["id"]
    path = f"/webhooks/{webhook}/deliveries/{number}/redeliver"
    assert client.post(path).status_code == 409, "it is under way"
    rows.execute(update(Delivery).values(due_at=None, delivered_at=func.now(), status_code=200))
    rows.commit()
    again = client.post(path)
    assert again.status_code == 202
    assert again.json()["due_at"] is not None
    assert again.json()["delivered_at"] is None


def test_a_webhook_that_is_removed_is_gone(client: httpx.Client, webhook: int) -> None:
    assert client.delete(f"/webhooks/{webhook}").json()["id"] == webhook
    assert client.get("/webhooks").json() == []
    assert client.delete(f"/webhooks/{webhook}").status_code == 404
    assert client.post(f"/webhooks/{webhook}/test").status_code == 404
    assert client.get(f"/webhooks/{webhook}/deliveries").status_code == 404


def test_who_added_and_removed_it_is_recorded_without_its_path(
    client: httpx.Client, rows: Session, webhook: int
) -> None:
    client.delete(f"/webhooks/{webhook}")
    actions = rows.query(Action).filter(Action.subject == "webhook").order_by(Action.id)
    assert [(row.actor, row.action, row.reason) for row in actions] == [
        ("local", "add", "example.org"),
        ("local", "remove", "example.org"),
    ]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.WORKER])
def test_only_admins_see_or_change_webhooks(clients: Clients, role: Role) -> None:
    client = clients(role)
    assert client.get("/webhooks").status_code == 403
    assert client.post("/webhooks", json={"url": URL}).status_code == 403
    assert client.delete("/webhooks/1").status_code == 403
