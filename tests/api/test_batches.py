"""Many runs are cancelled and retried at once: each answers for itself."""

import csv
import io
from typing import Any

import httpx
import pytest
from sqlalchemy import func, text, update
from sqlalchemy.orm import Session

from db.models import Run
from domain.lifecycle import FailureClass, RunStatus
from tests.factories import claim_run, finish, finish_runs, submit_sweep
from tests.stacks import wait_until

IDLE_IN_TRANSACTION = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND state = 'idle in transaction'"
)

Results = list[dict[str, Any]]


@pytest.fixture
def sweep(client: httpx.Client, rows: Session) -> int:
    """Of five runs the first has succeeded, the second failed, the third runs."""
    number = submit_sweep(rows)
    finish(rows, claim_run(rows))
    finish(rows, claim_run(rows), FailureClass.USER_ERROR)
    claim_run(rows)
    rows.commit()
    return number


def post(client: httpx.Client, verb: str, *ids: int, reason: str = "") -> Results:
    reply = client.post(f"/runs/{verb}", json={"ids": ids, "reason": reason})
    assert reply.status_code == 200, reply.text
    found: Results = reply.json()
    return found


def outcomes(results: Results) -> list[tuple[int, object]]:
    return [(one["id"], one["status"] if one["ok"] else one["code"]) for one in results]


def test_each_run_is_cancelled_or_says_why_not(client: httpx.Client, sweep: int) -> None:
    results = post(client, "cancel", 5, 3, 1, 2, 99)
    assert outcomes(results) == [
        (5, "cancelled"),
        (3, "cancelling"),
        (1, "conflict"),
        (2, "conflict"),
        (99, "not_found"),
    ]
    single = client.post("/runs/1/cancel").json()
    assert (results[2]["message"], results[2]["status"]) == (single["message"], "succeeded")
    assert results[4]["message"] == "there is no run 99"


def test_each_run_is_retried_or_says_why_not(client: httpx.Client, sweep: int) -> None:
    post(client, "cancel", 4)
    results = post(client, "retry", 1, 2, 3, 4, 5)
    assert outcomes(results) == [
        (1, "conflict"),
        (2, "queued"),
        (3, "running"),
        (4, "queued"),
        (5, "queued"),
    ]
    assert results[0]["message"] == client.post("/runs/1/retry").json()["message"]


def test_asking_twice_answers_the_same(client: httpx.Client, sweep: int) -> None:
    assert post(client, "cancel", 3, 4) == post(client, "cancel", 3, 4)
    assert outcomes(post(client, "retry", 4, 4)) == outcomes(post(client, "retry", 4))


def test_who_and_why_is_kept_with_each_run(client: httpx.Client, sweep: int) -> None:
    post(client, "cancel", 4, 5, reason="the wrong model")
    for number in (4, 5):
        last = client.get(f"/runs/{number}").json()["transitions"][-1]
        assert (last["actor"], last["reason"]) == ("local", "the wrong model")


def test_a_retried_run_is_asked_for_again_by_its_sweep(client: httpx.Client, sweep: int) -> None:
    client.post(f"/sweeps/{sweep}/cancel")
    assert client.get(f"/sweeps/{sweep}").json()["cancelled_at"]
    assert outcomes(post(client, "retry", 4, 5)) == [(4, "queued"), (5, "queued")]
    assert client.get(f"/sweeps/{sweep}").json()["cancelled_at"] is None


def test_a_run_of_archived_sweeps_alone_is_refused_and_others_are_not(
    client: httpx.Client, rows: Session, sweep: int
) -> None:
    other = submit_sweep(rows, seeds=[7])
    rows.commit()
    shelved = [run["id"] for run in client.get(f"/sweeps/{other}/runs").json()["runs"]][1:]
    post(client, "cancel", 5, *shelved)
    assert client.post(f"/sweeps/{other}/archive").status_code == 200
    results = post(client, "retry", 5, *shelved)
    assert [one["ok"] for one in results] == [True, False, False]
    assert results[1]["message"] == client.post(f"/runs/{shelved[0]}/retry").json()["message"]
    assert results[1]["status"] == "cancelled", "nothing was done to it"


@pytest.fixture
def analysed(client: httpx.Client, rows: Session) -> int:
    """A finished sweep whose analyses, runs 6 to 10, were asked for and cancelled with it."""
    number = submit_sweep(rows)
    finish_runs(rows, lambda _: [1, 2, 3, 4])
    rows.commit()
    assert client.post(f"/sweeps/{number}/analyses", json={}).status_code == 201
    assert client.post(f"/sweeps/{number}/cancel").status_code == 200
    return number


def test_a_retried_analysis_is_asked_for_again_by_its_sweep(
    client: httpx.Client, rows: Session, analysed: int
) -> None:
    results = post(client, "retry", 6, 7)
    assert outcomes(results) == [(6, "queued"), (7, "queued")]
    assert client.get(f"/sweeps/{analysed}").json()["cancelled_at"] is None
    assert claim_run(rows).run_id == 6


def test_an_analysis_of_an_archived_sweep_is_refused(client: httpx.Client, analysed: int) -> None:
    assert client.post(f"/sweeps/{analysed}/archive").status_code == 200
    [result] = post(client, "retry", 6)
    assert (result["ok"], result["status"]) == (False, "cancelled")
    assert result["message"] == client.post("/runs/6/retry").json()["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ids": []}, "ids"),
        ({"ids": [0]}, "ids[0]"),
        ({"ids": ["x"]}, "ids[0]"),
        ({"ids": [2**63]}, "ids[0]"),
        ({}, "ids"),
        ({"ids": [1], "reason": "x" * 501}, "reason"),
        ({"ids": [1], "why": ""}, "why"),
    ],
)
def test_a_wrong_body_names_its_field(
    client: httpx.Client, body: dict[str, object], field: str
) -> None:
    reply = client.post("/runs/cancel", json=body)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, field)


def test_ten_thousand_are_the_most(client: httpx.Client) -> None:
    ids = list(range(10**6, 10**6 + 10_001))
    reply = client.post("/runs/cancel", json={"ids": ids})
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "ids")
    assert len(post(client, "cancel", *ids[1:])) == 10_000


def test_the_runs_of_a_sweep_are_a_file(client: httpx.Client, sweep: int) -> None:
    client.post(f"/sweeps/{sweep}/clone", json={})
    reply = client.get(f"/sweeps/{sweep}/runs.csv")
    assert 'filename="sweep-1-runs.csv"' in reply.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [(row["run"], row["arm"], row["seed"], row["status"]) for row in rows][:2] == [
        ("1", "base", "0", "succeeded"),
        ("2", "grpo", "0", "queued"),
    ]
    assert rows[0]["also_in_sweeps"] == "2"
    assert rows[0]["finished_at"].startswith("20")
    assert "T" in rows[0]["finished_at"]


def test_who_takes_a_file_slowly_holds_no_connection(
    client: httpx.Client, rows: Session, sweep: int
) -> None:
    long = func.repeat("x", 8 * 2**20)  # more than the sockets between them hold
    rows.execute(update(Run).where(Run.status == RunStatus.QUEUED).values(error=long))
    rows.commit()
    with client.stream("GET", f"/sweeps/{sweep}/runs.csv") as reply:
        chunks = reply.iter_bytes()
        next(chunks)
        wait_until(lambda: not rows.scalar(IDLE_IN_TRANSACTION))
        assert sum(len(chunk) for chunk in chunks) > 15 * 2**20


def test_the_runs_of_no_sweep_are_no_file(client: httpx.Client) -> None:
    assert client.get("/sweeps/1/runs.csv").status_code == 404
