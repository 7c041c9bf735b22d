"""Whatever is wrong, the answer has the one shape and a status that says whose fault it is."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from api.main import create_app
from api.settings import Settings
from db import locks
from db.sessions import OUTAGES
from tests.api.conftest import local_key, serving
from tests.factories import sweep_body

JSON = {"Content-Type": "application/json"}
YAML = {"Content-Type": "text/yaml"}


def refused(reply: httpx.Response) -> tuple[int, str]:
    body = reply.json()
    assert set(body) == {"code", "message", "errors"}
    assert body["message"]
    return reply.status_code, body["code"]


def post(client: httpx.Client, content: str | bytes, headers: dict[str, str]) -> httpx.Response:
    return client.post("/sweeps/preview", content=content, headers=headers)


@pytest.mark.parametrize("path", ["/nothing", "/sweeps/1/nothing", "", "/sweeps/"])
def test_an_unknown_address_is_not_found(client: httpx.Client, path: str) -> None:
    assert refused(client.get(path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/sweeps/1"), ("GET", "/sweeps/1/cancel"), ("PUT", "/health")]
)
def test_another_method_is_not_allowed(client: httpx.Client, method: str, path: str) -> None:
    reply = client.request(method, path)
    assert refused(reply) == (405, "method_not_allowed")
    assert reply.headers["allow"]


@pytest.mark.parametrize(
    "path",
    [
        f"/runs/{2**63}",
        "/runs/0",
        "/runs/x",
        f"/sweeps/{10**400}",
        f"/runs?offset={2**63}",
        f"/runs?sweep={2**63}",
        "/runs?limit=0",
        "/runs?limit=1001",
        "/runs?status=lost",
        f"/runs/1/grades?step={2**31}",
        "/runs/1/metrics?names=a%00b",
        "/runs/1/metrics?points=1",
        "/sweeps?search=%00",
    ],
)
def test_a_parameter_out_of_bounds_is_invalid(client: httpx.Client, path: str) -> None:
    assert refused(client.get(path)) == (422, "invalid")


def test_an_invalid_parameter_is_named(client: httpx.Client) -> None:
    assert client.get("/runs?limit=0").json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        '{"name": NaN}',
        '{"name": "a", "name": "b"}',
        '"\\ud800"',
        '{"name": "a\\u0000b"}',
        '{"\\u0000": 1}',
        "[" * 100_000,
        b"\xff\xfe",
        "1" * 5000,
        "[]",
        "null",
    ],
)
def test_json_that_is_no_sweep_is_invalid(client: httpx.Client, content: str | bytes) -> None:
    assert refused(post(client, content, JSON)) == (422, "invalid")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "a: [",
        "a: 1\na: 2\n",
        "a: &x [1]\nb: *x\n",
        "? [a]\n: 1\n",
        "!!python/object/apply:os.system ['true']",
        "name: a\x00b",
        'name: "a\\0b"',
        "[" * 100_000,
        b"name: \xff",
        "seeds: [" + "1" * 5000 + "]",
        "train: {learning_rate: .nan}",
        "--- a\n--- b\n",
        "a: !!int 'x'",
    ],
)
def test_yaml_that_is_no_sweep_is_invalid(client: httpx.Client, content: str | bytes) -> None:
    assert refused(post(client, content, YAML)) == (422, "invalid")


def test_wrong_yaml_is_located(client: httpx.Client) -> None:
    message = post(client, "name: x\narms: [\n  {name: a,, }\n]\n", YAML).json()["message"]
    assert "line 3, column 12" in message


def test_a_value_yaml_and_the_sweep_disagree_on_is_named(client: httpx.Client) -> None:
    reply = post(client, "name: 5\nseeds: [0]\n", YAML)
    assert "name" in {error["field"] for error in reply.json()["errors"]}


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_one_mebibyte_is_too_large(client: httpx.Client, chunked: bool) -> None:
    body = b" " * (1024 * 1024 + 1)
    content = iter([body]) if chunked else body
    reply = client.post("/sweeps", content=content, headers=JSON)
    assert refused(reply) == (413, "too_large")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_other_kinds_of_bodies_are_refused(client: httpx.Client, kind: str) -> None:
    reply = post(client, "{}", {"Content-Type": kind})
    assert refused(reply) == (415, "unsupported_media_type")


@pytest.mark.parametrize("key", ["", "k" * 201, "two words"])
def test_an_unusable_idempotency_key_is_invalid(client: httpx.Client, key: str) -> None:
    reply = client.post("/sweeps", json=sweep_body(), headers={"Idempotency-Key": key})
    assert refused(reply) == (422, "invalid")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_may_change_nothing(client: httpx.Client, site: str) -> None:
    reply = client.post("/sweeps", json=sweep_body(), headers={"Sec-Fetch-Site": site})
    assert refused(reply) == (403, "forbidden")


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_page_may_submit(client: httpx.Client, site: str) -> None:
    reply = client.post("/sweeps", json=sweep_body(), headers={"Sec-Fetch-Site": site})
    assert reply.status_code == 201


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
def test_without_fetch_metadata_the_origin_decides(client: httpx.Client, origin: str) -> None:
    reply = client.post("/sweeps", json=sweep_body(), headers={"Origin": origin})
    assert refused(reply) == (403, "forbidden")


def test_without_fetch_metadata_our_own_origin_may_submit(client: httpx.Client) -> None:
    origin = str(client.base_url).removesuffix("/api/")
    reply = client.post("/sweeps", json=sweep_body(), headers={"Origin": origin})
    assert reply.status_code == 201


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost.evil", "", "[::1"])
def test_a_name_that_can_be_pointed_anywhere_is_refused(client: httpx.Client, host: str) -> None:
    assert refused(client.get("/health", headers={"Host": host})) == (403, "forbidden")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "192.0.2.7:8000", "[::1]:8000"])
def test_addresses_and_localhost_are_known(client: httpx.Client, host: str) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, 403),
        ({"host": "Mine.example"}, 200),
        ({"allowed_hosts": "other, mine.example"}, 200),
        ({"allowed_hosts": "*"}, 200),
        ({"allowed_hosts": "example"}, 403),
    ],
)
def test_a_name_is_known_once_it_was_given(
    database_url: str, settings: dict[str, str], expected: int
) -> None:
    with serving(Settings(database_url=database_url).model_copy(update=settings)) as address:
        reply = httpx.get(f"{address}/api/health", headers={"Host": "mine.example:8000"})
    assert reply.status_code == expected


def test_a_query_that_was_stopped_is_no_absent_database(
    client: httpx.Client, rows: Session
) -> None:
    locks.lock_steering(rows)
    stop = text(
        "SELECT count(pg_cancel_backend(pid)) FROM pg_locks WHERE NOT granted AND database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.post, "/sweeps", json=sweep_body())
        while not rows.scalar(stop):
            time.sleep(0.01)
    reply = waiting.result()
    assert refused(reply) == (503, "unavailable")
    assert reply.json()["message"] == "the database did not answer in time; try again in a moment"


def test_every_outage_of_the_database_has_the_one_shape() -> None:
    app = create_app(Settings(database_url="postgresql+psycopg://"))
    assert set(OUTAGES) <= set(app.exception_handlers)


def test_a_page_of_another_site_may_read(client: httpx.Client) -> None:
    assert client.get("/health", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


FAIL_AT_COMMIT = """
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'too late'; END $$;
CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON sweeps
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail();
"""


def test_a_failing_commit_is_an_error_in_the_one_shape(engine: Engine, database_url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(FAIL_AT_COMMIT))
    headers = local_key(database_url)
    with serving(Settings(database_url=database_url)) as address:
        reply = httpx.post(f"{address}/api/sweeps", json=sweep_body(), headers=headers, timeout=30)
    assert refused(reply) == (500, "internal")
    assert "too late" not in reply.text
