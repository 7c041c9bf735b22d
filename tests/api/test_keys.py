"""Keys: who is let in, as whom, and for how long."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db import keys
from db.models import Action
from db.outsiders import ApiKey
from domain.access import LOCAL, read_key
from tests.api.conftest import bearer, make_key, refused
from tests.factories import sweep_body


def test_a_key_is_shown_once_and_only_its_digest_is_kept(
    client: httpx.Client, rows: Session
) -> None:
    made = make_key(client)
    assert re.fullmatch(r"fp_[0-9a-f]{12}_[0-9A-Za-z]{49}", made["key"])
    assert made["key"] not in client.get("/keys").text
    secret = made["key"].encode()
    for table in (ApiKey, Action):
        for row in rows.scalars(select(table)):
            assert not any(
                secret == value or made["key"] in str(value) for value in vars(row).values()
            )


def test_a_key_acts_under_its_name(client: httpx.Client) -> None:
    ada = bearer(make_key(client)["key"])
    sweep = client.post("/sweeps", json=sweep_body(), headers=ada).json()
    assert sweep["owner"] == "ada"
    assert client.get("/session", headers=ada).json()["name"] == "ada"


def test_what_is_done_to_keys_is_recorded(client: httpx.Client, rows: Session) -> None:
    made = make_key(client)
    for _ in range(2):
        assert client.post(f"/keys/{made['id']}/revoke").json()["revoked_at"]
    done = rows.execute(select(Action.actor, Action.action, Action.subject_id, Action.reason)).all()
    assert [tuple(row) for row in done] == [
        (LOCAL, "create", made["id"], "ada as editor"),
        (LOCAL, "revoke", made["id"], "ada"),
    ]


@pytest.mark.parametrize("key", ["secret", "fp_0_1", "fp_000000000000_" + "0" * 49, "\u00ff"])
def test_what_is_no_key_is_refused(anonymous: httpx.Client, key: str) -> None:
    headers = {b"Authorization": f"Bearer {key}".encode("latin-1")}
    assert "forkpoint key create" in refused(anonymous.get("/sweeps", headers=headers))


@pytest.mark.parametrize("scheme", ["Basic", "Token"])
def test_a_key_under_another_scheme_is_no_key(client: httpx.Client, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {make_key(client)['key']}"}
    assert "Authorization: Bearer" in refused(client.get("/sweeps", headers=headers))


def test_a_secret_of_another_key_is_refused(client: httpx.Client) -> None:
    one, two = (make_key(client, name)["key"] for name in ("one", "two"))
    mixed = one[:16] + two[16:]
    assert read_key(mixed) is None, "the checksum holds the id as well"
    assert "not an API key" in refused(client.get("/sweeps", headers=bearer(mixed)))


def test_a_key_of_another_server_is_not_known(client: httpx.Client, rows: Session) -> None:
    made = make_key(client)
    rows.execute(update(ApiKey).values(digest=keys.digest("another")))
    rows.commit()
    assert "not known here" in refused(client.get("/sweeps", headers=bearer(made["key"])))


def test_a_revoked_key_is_refused_and_its_name_is_free(client: httpx.Client) -> None:
    made = make_key(client)
    assert client.post("/keys", json={"name": "ada", "role": "viewer"}).status_code == 409
    client.post(f"/keys/{made['id']}/revoke")
    assert "was revoked" in refused(client.get("/sweeps", headers=bearer(made["key"])))
    assert make_key(client)["id"] != made["id"]


def test_a_key_ends_when_it_was_to_end(client: httpx.Client, rows: Session) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    made = make_key(client, expires_at=soon.isoformat())
    assert client.get("/sweeps", headers=bearer(made["key"])).status_code == 200
    rows.execute(update(ApiKey).where(ApiKey.id == made["id"]).values(expires_at=func.now()))
    rows.commit()
    assert "has expired" in refused(client.get("/sweeps", headers=bearer(made["key"])))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "local"}, "name"),
        ({"name": "local@here:/data"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"role": "root"}, "role"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2101-01-01T00:00:00"}, "expires_at"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_a_key_that_cannot_be_made_names_the_field(
    client: httpx.Client, change: dict[str, str], field: str
) -> None:
    reply = client.post("/keys", json={"name": "ada", "role": "editor"} | change)
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_a_use_is_noted_once_a_minute(client: httpx.Client, rows: Session) -> None:
    made = make_key(client)
    used = select(ApiKey.used_at).where(ApiKey.id == made["id"])
    assert rows.scalar(used) is None
    rows.rollback()
    client.get("/sweeps", headers=bearer(made["key"]))
    first = rows.scalar(used)
    rows.rollback()
    assert first is not None
    client.get("/sweeps", headers=bearer(made["key"]))
    assert rows.scalar(used) == first
    rows.execute(update(ApiKey).values(used_at=ApiKey.used_at - timedelta(minutes=1)))
    rows.commit()
    client.get("/sweeps", headers=bearer(made["key"]))
    assert (rows.scalar(used) or first) > first


@pytest.mark.parametrize("query", ["key={}", "token={}", "access_token={}", "authorization={}"])
def test_a_key_in_the_address_counts_for_nothing(client: httpx.Client, query: str) -> None:
    made = make_key(client)
    with httpx.Client(base_url=client.base_url) as nobody:
        assert refused(nobody.get(f"/sweeps?{query.format(made['key'])}"))
