"""Links and sessions: how a browser signs in, what it may do, and how that ends."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db import keys
from db.outsiders import PageSession, SignInLink
from domain.access import LOCAL, Role
from tests.api.conftest import Clients, bearer, make_key, refused
from tests.factories import sweep_body

SignIn = Callable[..., httpx.Client]
OURS = {"Sec-Fetch-Site": "same-origin"}
HTTPS = {"X-Forwarded-Proto": "https"}


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
