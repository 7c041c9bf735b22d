"""A server older than what is stored: it says so of that alone, and lists the rest."""

import httpx
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.api.conftest import submit
from tests.factories import finish_runs, sweep_body

WRITTEN = "a newer version of Forkpoint"


@pytest.fixture
def newer(client: httpx.Client, rows: Session) -> int:
    """A finished sweep; it, its second arm and its last run have a field of a later version."""
    number = submit(client)
    finish_runs(rows, lambda _: [1, 2, 3, 4])
    rows.execute(text("SET LOCAL session_replication_role = replica"))  # a final run is guarded
    for change in (
        "sweeps SET spec = spec || :later",
        "arms SET method = method || :later WHERE position = 1",
        "runs SET spec = spec || :later WHERE id = (SELECT max(id) FROM runs)",
    ):
        rows.execute(text(f"UPDATE {change}"), {"later": Jsonb({"novel": 1})})
    rows.commit()
    return number


def refused(reply: httpx.Response) -> str:
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict"), reply.text
    return str(reply.json()["message"])


def test_lists_show_it_beside_the_others(client: httpx.Client, newer: int) -> None:
    other = submit(client, name="another")
    listed = client.get("/sweeps").json()["sweeps"]
    assert {sweep["id"] for sweep in listed} == {newer, other}
    for path in ("/runs", f"/sweeps/{newer}/runs", "/queue"):
        assert client.get(path).status_code == 200


def test_a_preview_measures_by_the_runs_that_it_can_read(client: httpx.Client, newer: int) -> None:
    found = client.post("/sweeps/preview", json=sweep_body(seeds=[newer + 7]))
    assert found.json()["estimate_basis"] == "from 4 finished runs"


@pytest.mark.parametrize("part", ["", "/comparison", "/report.md"])
def test_a_sweep_says_that_a_newer_version_wrote_it(
    client: httpx.Client, newer: int, part: str
) -> None:
    assert f"{WRITTEN} wrote this" in refused(client.get(f"/sweeps/{newer}{part}"))


def test_a_run_says_that_a_newer_version_wrote_it(client: httpx.Client, newer: int) -> None:
    run = max(run["id"] for run in client.get(f"/sweeps/{newer}/runs").json()["runs"])
    said = refused(client.get(f"/runs/{run}"))
    assert "`novel` is not known to this one; bring this server to that version" in said


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("clone", {}),
        ("extensions/preview", {"seeds": [9]}),
        ("confirmations/preview", {"arm": "shaped"}),
    ],
)
def test_what_is_made_of_it_is_refused_for_what_it_is_and_not_for_what_was_asked(
    client: httpx.Client, newer: int, verb: str, body: dict[str, object]
) -> None:
    said = refused(client.post(f"/sweeps/{newer}/{verb}", json=body))
    assert f"sweep {newer} was written by another version" in said
    assert "its novel cannot be read by this one" in said


@pytest.mark.parametrize("part", ["", "/comparison", "/report.md", "/leader"])
def test_a_method_of_a_newer_version_is_named_as_what_is_not_known(
    client: httpx.Client, newer: int, rows: Session, part: str
) -> None:
    later = Jsonb({"method": "novel", "strength": 2})
    rows.execute(text("UPDATE sweeps SET spec = spec - 'novel'"))
    rows.execute(text("UPDATE arms SET method = :later WHERE position = 1"), {"later": later})
    rows.commit()
    for path in ("/sweeps", "/runs", "/queue", f"/sweeps/{newer}/runs"):
        assert client.get(path).status_code == 200, path
    assert "`method` is not known to this one" in refused(client.get(f"/sweeps/{newer}{part}"))
