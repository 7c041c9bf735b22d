"""Keys and sessions: who is let in, as whom, and for how long."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db import keys
from db.models import Action
from db.outsiders import ApiKey, PageSession, SignInLink
from domain.access import LOCAL, Role, read_key
from tests.api.conftest import Clients, bearer
from tests.factories import sweep_body

SignIn = Callable[..., httpx.Client]
OURS = {"Sec-Fetch-Site": "same-origin"}
HTTPS = {"X-Forwarded-Proto": "https"}


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
def sign_in(client: httpx.Client) -> Iterator[SignIn]:
    """Makes a browser of its own, signed in with what is given."""
    with ExitStack() as stack:

        def sign_in(**given: str) -> httpx.Client:
            browser = httpx.Client(base_url=client.base_url, headers=OURS, timeout=30)
            stack.enter_context(browser)
            assert browser.post("/session", json=given).status_code == 200
            return browser

        yield sign_in


def link_token(client: httpx.Client) -> str:
    path = str(client.post("/session/links").json()["path"])
    assert path.startswith("/sign-in#")
    return path.partition("#")[2]


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


def test_the_machines_key_made_anew_ends_the_last_one_but_no_session(
    client: httpx.Client, sign_in: SignIn, rows: Session
) -> None:
    browser = sign_in(token=link_token(client))
    fresh = keys.renew(rows, LOCAL)
    rows.commit()
    assert "not known here" in refused(client.get("/sweeps"))
    assert client.get("/sweeps", headers=bearer(fresh)).status_code == 200
    assert browser.get("/session").json()["name"] == LOCAL


def test_a_link_signs_in_once_as_whoever_asked_for_it(
    client: httpx.Client, sign_in: SignIn, clients: Clients
) -> None:
    token = link_token(clients(Role.VIEWER))
    browser = sign_in(token=token)
    session = browser.get("/session").json()
    assert (session["role"], session["by_cookie"]) == ("viewer", True)
    assert "used before" in refused(client.post("/session", json={"token": token}))


def test_of_two_that_redeem_a_link_at_once_one_is_let_in(client: httpx.Client) -> None:
    token = link_token(client)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: client.post("/session", json={"token": token}), range(8)))
    assert sorted(reply.status_code for reply in replies) == [200] + [401] * 7


def test_a_link_is_good_for_a_day(client: httpx.Client, rows: Session) -> None:
    token = link_token(client)
    rows.execute(update(SignInLink).values(expires_at=func.now()))
    rows.commit()
    assert "older than a day" in refused(client.post("/session", json={"token": token}))


@pytest.mark.parametrize("given", [{}, {"token": "a", "key": "b"}, {"token": 1}, {"password": "a"}])
def test_a_sign_in_with_neither_or_both_is_invalid(
    anonymous: httpx.Client, given: dict[str, object]
) -> None:
    assert anonymous.post("/session", json=given).status_code == 422


def test_the_cookie_is_out_of_reach_and_named_for_its_port(client: httpx.Client) -> None:
    reply = client.post("/session", json={"token": link_token(client)})
    cookie = reply.headers["set-cookie"]
    assert cookie.startswith(f"forkpoint-{client.base_url.port}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_over_https_the_cookie_is_secure_and_of_this_host_alone(client: httpx.Client) -> None:
    reply = client.post("/session", json={"token": link_token(client)}, headers=HTTPS)
    cookie = reply.headers["set-cookie"]
    assert cookie.startswith("__Host-forkpoint=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_signing_in_again_ends_the_session_before(client: httpx.Client, sign_in: SignIn) -> None:
    browser = sign_in(token=link_token(client))
    old = dict(browser.cookies)
    browser.post("/session", json={"token": link_token(client)})
    assert dict(browser.cookies) != old
    with httpx.Client(base_url=client.base_url, cookies=old) as copy:
        assert "session has ended" in refused(copy.get("/session"))


def test_signing_out_ends_every_copy_of_the_cookie(client: httpx.Client, sign_in: SignIn) -> None:
    browser = sign_in(token=link_token(client))
    old = dict(browser.cookies)
    assert browser.delete("/session").status_code == 204
    assert not browser.cookies
    with httpx.Client(base_url=client.base_url, cookies=old) as copy:
        assert "session has ended" in refused(copy.get("/session"))


def test_a_session_is_good_for_thirty_days(
    client: httpx.Client, sign_in: SignIn, rows: Session
) -> None:
    browser = sign_in(token=link_token(client))
    row = rows.scalars(select(PageSession)).one()
    assert row.expires_at - row.created_at == timedelta(days=30)
    row.expires_at = datetime.now(UTC)
    rows.commit()
    assert "session has ended" in refused(browser.get("/session"))


def test_a_session_ends_with_its_key(client: httpx.Client, sign_in: SignIn) -> None:
    made = make_key(client)
    browser = sign_in(key=made["key"])
    assert browser.get("/sweeps").status_code == 200
    client.post(f"/keys/{made['id']}/revoke")
    assert "was revoked" in refused(browser.get("/sweeps"))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_a_browser_changes_something_only_from_our_page(
    client: httpx.Client, sign_in: SignIn, headers: dict[str, str], expected: int
) -> None:
    browser = sign_in(token=link_token(client))
    del browser.headers["Sec-Fetch-Site"]
    reply = browser.post("/sweeps", json=sweep_body(), headers=headers)
    assert reply.status_code == expected


def test_without_fetch_metadata_our_own_origin_is_our_page(
    client: httpx.Client, sign_in: SignIn
) -> None:
    browser = sign_in(token=link_token(client))
    browser.headers = httpx.Headers({"Origin": str(client.base_url).removesuffix("/api/")})
    assert browser.post("/sweeps", json=sweep_body()).status_code == 201


def test_a_key_outweighs_the_cookie(client: httpx.Client, sign_in: SignIn) -> None:
    browser = sign_in(token=link_token(client))
    made = make_key(client)
    assert browser.get("/session", headers=bearer(made["key"])).json()["name"] == "ada"
    assert refused(browser.get("/session", headers=bearer("wrong")))


@pytest.mark.parametrize("query", ["key={}", "token={}", "access_token={}", "authorization={}"])
def test_a_key_in_the_address_counts_for_nothing(client: httpx.Client, query: str) -> None:
    made = make_key(client)
    with httpx.Client(base_url=client.base_url) as nobody:
        assert refused(nobody.get(f"/sweeps?{query.format(made['key'])}"))
