"""What is too often, too large or unsafe to say is refused, and every reply says what it must."""

from collections.abc import Iterator

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, text

from api.bounds import (
    MAX_ADDRESS_BYTES,
    MAX_BODY_BYTES,
    MAX_HEADER_BYTES,
    MAX_LIST_BYTES,
    MAX_SWEEP_BYTES,
)
from api.settings import Settings
from tests.api.conftest import bearer, local_key, serving
from tests.factories import sweep_body

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def strict(database_url: str) -> Iterator[httpx.Client]:
    """A client of a server that allows three of everything in an hour."""
    rates = dict.fromkeys(("sign_in_rate", "refusal_rate", "key_write_rate"), "3/hour")
    settings = Settings(database_url=database_url).model_copy(update=rates)
    headers = local_key(database_url)
    with (
        serving(settings) as address,
        httpx.Client(base_url=f"{address}/api", headers=headers, timeout=30) as client,
    ):
        yield client


def too_often(reply: httpx.Response) -> bool:
    if reply.status_code != 429:
        return False
    assert reply.json()["code"] == "too_often"
    assert 3500 < int(reply.headers["retry-after"]) <= 3600
    assert "at most 3 per 1 hour" in reply.json()["message"]
    return True


def test_attempts_to_sign_in_are_counted_by_address(strict: httpx.Client) -> None:
    replies = [strict.post("/session", json={"token": "guess"}) for _ in range(4)]
    assert [reply.status_code for reply in replies[:3]] == [401] * 3
    assert too_often(replies[3])


def test_changes_are_counted_by_key_and_reading_is_not(strict: httpx.Client) -> None:
    other = strict.post("/keys", json={"name": "ada", "role": "editor"}).json()["key"]
    assert all(strict.post("/sweeps/1/cancel").status_code == 404 for _ in range(2))
    assert too_often(strict.post("/sweeps/1/cancel"))
    assert all(strict.get("/sweeps").status_code == 200 for _ in range(5))
    assert strict.post("/sweeps/1/cancel", headers=bearer(other)).status_code == 404


def test_whoever_guesses_is_told_to_wait_and_whoever_knows_is_let_in(strict: httpx.Client) -> None:
    guesses = [strict.get("/sweeps", headers=bearer("guess")) for _ in range(4)]
    assert [reply.status_code for reply in guesses[:3]] == [401] * 3
    assert too_often(guesses[3])
    assert strict.get("/sweeps").status_code == 200


def test_a_rate_that_cannot_be_read_ends_the_start(database_url: str) -> None:
    with pytest.raises(ValidationError, match="couldn't parse rate limit"):
        Settings(database_url=database_url, sign_in_rate="often")


def code(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


@pytest.mark.parametrize(
    "path",
    [
        *("/keys", "/session", "/runs/1/cancel", "/keys/a/revoke"),
        *("/sweeps/1/cancel", "/sweeps/1/clone", "/sweepstakes", "/sweeps/preview/2"),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_small_body_may_not_be_large(client: httpx.Client, path: str, chunked: bool) -> None:
    body = b" " * (MAX_BODY_BYTES + 1)
    reply = client.post(path, content=iter([body[:9], body[9:]]) if chunked else body)
    assert code(reply) == (413, "too_large")
    assert f"{MAX_BODY_BYTES:,} bytes" in reply.json()["message"]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/sweeps", MAX_SWEEP_BYTES),
        ("/sweeps/preview", MAX_SWEEP_BYTES),
        ("/sweeps/1/extensions", MAX_SWEEP_BYTES),
        ("/sweeps/1/extensions/preview", MAX_SWEEP_BYTES),
        ("/sweeps/1/confirmations", MAX_LIST_BYTES),
        ("/sweeps/1/analyses/preview", MAX_LIST_BYTES),
        ("/runs/1/analyses", MAX_LIST_BYTES),
        ("/runs/retry", MAX_LIST_BYTES),
    ],
)
def test_what_may_be_long_may_be_so_long_and_no_longer(
    client: httpx.Client, path: str, most: int
) -> None:
    headers = {"Content-Type": "application/json"}
    assert client.post(path, content=b" " * most, headers=headers).status_code == 422
    assert code(client.post(path, content=b" " * (most + 1))) == (413, "too_large")


def test_a_body_of_the_size_it_may_have_is_read(client: httpx.Client) -> None:
    body = b'{"name": "ada", "role": "viewer"}'.ljust(MAX_BODY_BYTES)
    headers = {"Content-Type": "application/json"}
    assert client.post("/keys", content=body, headers=headers).status_code == 201


def test_a_long_address_is_refused(client: httpx.Client) -> None:
    assert code(client.get("/sweeps", params={"x": "a" * MAX_ADDRESS_BYTES})) == (414, "too_large")
    assert code(client.get("/sweeps/" + "a" * MAX_ADDRESS_BYTES)) == (414, "too_large")


def test_large_headers_are_refused(client: httpx.Client) -> None:
    reply = client.get("/sweeps", headers={"X-Much": "a" * MAX_HEADER_BYTES})
    assert code(reply) == (431, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "a\\u0000b", "role": "viewer"}',
        '{"name": "\\ud800", "role": "viewer"}',
        '{"name": "ada", "role": "viewer", "expires_at": NaN}',
        '{"name": "ada", "role": "viewer", "expires_at": 1e999}',
        '{"name": "ada", "role": "viewer", "expires_at": 99999999999999999999}',
        '{"name": "ada", "name": "bob", "role": "viewer"}',
        '{"name": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"name": ["ada"], "role": {}}',
    ],
)
def test_a_body_that_no_table_can_hold_names_a_place(client: httpx.Client, body: str) -> None:
    reply = client.post("/keys", content=body, headers={"Content-Type": "application/json"})
    assert code(reply) == (422, "invalid")
    assert all(error["field"] and error["message"] for error in reply.json()["errors"])
    assert reply.json()["errors"]


@pytest.fixture
def replies(client: httpx.Client, site: str) -> dict[str, httpx.Response]:
    """One of every kind."""
    sweep = client.post("/sweeps", json=sweep_body()).json()
    read = client.get(f"/sweeps/{sweep['id']}/comparison")
    return {
        "data": client.get("/sweeps"),
        "unchanged": client.get(
            f"/sweeps/{sweep['id']}/comparison", headers={"If-None-Match": read.headers["etag"]}
        ),
        "file": client.get(f"/sweeps/{sweep['id']}/export.csv"),
        "report": client.get(f"/sweeps/{sweep['id']}/report.html"),
        "description": client.get("/openapi.json"),
        "stranger": client.get("/sweeps", headers={"Authorization": ""}),
        "forbidden": client.post("/sweeps", headers={"Sec-Fetch-Site": "cross-site"}),
        "other name": client.get("/sweeps", headers={"Host": "evil.example"}),
        "nothing": client.get("/nothing"),
        "method": client.delete("/sweeps"),
        "large": client.post("/keys", content=b" " * (MAX_BODY_BYTES + 1)),
        "invalid": client.get("/runs?limit=0"),
        "page": httpx.get(site),
        "asset": httpx.get(f"{site}/assets/index-1a2b3c.js"),
        "no asset": httpx.get(f"{site}/assets/gone.js"),
    }


@pytest.fixture
def site(address: str) -> str:
    return address


def test_every_kind_of_reply_carries_the_security_headers(
    replies: dict[str, httpx.Response],
) -> None:
    statuses = {reply.status_code for reply in replies.values()}
    assert statuses == {200, 304, 401, 403, 404, 405, 413, 422}
    for kind, reply in replies.items():
        assert {name: reply.headers.get(name) for name in HEADERS} == HEADERS, kind
        policy = reply.headers["content-security-policy"]
        assert "default-src" in policy, kind
        assert "frame-ancestors 'none'" in policy, kind
        assert "unsafe-inline" not in policy.partition("style-src")[0], kind
        assert "access-control-allow-origin" not in reply.headers, kind


def test_no_shared_cache_may_keep_what_needs_a_key(replies: dict[str, httpx.Response]) -> None:
    for kind in ("data", "unchanged", "file", "report", "stranger", "forbidden", "invalid"):
        assert "private" in replies[kind].headers["cache-control"], kind


def test_an_error_of_the_server_carries_them_too(engine: Engine, database_url: str) -> None:
    headers = local_key(database_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE sweeps RENAME COLUMN name TO label"))
    with serving(Settings(database_url=database_url)) as address:
        reply = httpx.get(f"{address}/api/sweeps", headers=headers)
    assert code(reply) == (500, "internal")
    assert {name: reply.headers.get(name) for name in HEADERS} == HEADERS
    assert "label" not in reply.text
