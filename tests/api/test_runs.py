"""Runs over HTTP: lists, detail, steering, and what they left behind."""

import math

import httpx
import pytest
from sqlalchemy.orm import Session

from db import recordings
from db.attempts import Claim
from domain.events import Started
from tests.factories import (
    claim_run,
    finish,
    finish_runs,
    graded,
    metrics,
    record,
    submit_sweep,
)


@pytest.fixture
def claim(rows: Session) -> Claim:
    """The first run (the base model's), claimed by a worker."""
    submit_sweep(rows)
    claim = claim_run(rows)
    rows.commit()
    return claim


def test_runs_are_listed_newest_first(client: httpx.Client, claim: Claim) -> None:
    page = client.get("/runs", params={"limit": 2}).json()
    assert page["total"] == 5
    assert [run["id"] for run in page["runs"]] == [5, 4]


def test_runs_are_filtered_by_status(client: httpx.Client, claim: Claim) -> None:
    page = client.get("/runs", params={"status": "running"}).json()
    assert (page["total"], [run["id"] for run in page["runs"]]) == (1, [claim.run_id])


def test_runs_are_filtered_by_sweep(client: httpx.Client, rows: Session, claim: Claim) -> None:
    other = submit_sweep(rows, seeds=[1, 2])
    rows.commit()
    page = client.get("/runs", params={"sweep": other}).json()
    assert page["total"] == len(page["runs"]) == 5
    assert {run["sweep_id"] for run in page["runs"]} == {other}


def test_a_run_in_two_sweeps_is_listed_once(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    submit_sweep(rows)
    rows.commit()
    page = client.get("/runs").json()
    assert page["total"] == len(page["runs"]) == 5


def test_a_run_names_the_sweeps_that_share_it(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    submit_sweep(rows, name="again")
    rows.commit()
    run = client.get(f"/runs/{claim.run_id}").json()
    assert [(sweep["name"], sweep["arm"]) for sweep in run["sweeps"]] == [
        ("does shaping help", "base"),
        ("again", "base"),
    ]


def test_a_run_shows_its_specification_attempts_and_transitions(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    record(rows, claim, [started({"torch": "2.13.0"})])
    rows.commit()
    run = client.get(f"/runs/{claim.run_id}").json()
    assert run["spec"]["method"] == {"method": "base"}
    assert [(attempt["number"], attempt["versions"]) for attempt in run["attempts"]] == [
        (1, {"torch": "2.13.0"})
    ]
    assert [(move["old"], move["new"]) for move in run["transitions"]] == [
        (None, "queued"),
        ("queued", "running"),
    ]


def started(versions: dict[str, str]) -> Started:
    return Started(device="cpu:0", versions=versions, total_steps=0, total_problems=4)


def test_cancelling_a_running_run_waits_for_its_worker(client: httpx.Client, claim: Claim) -> None:
    reply = client.post(f"/runs/{claim.run_id}/cancel")
    assert (reply.status_code, reply.json()["status"]) == (200, "cancelling")


def test_cancelling_a_queued_run_cancels_it(client: httpx.Client, claim: Claim) -> None:
    assert client.post("/runs/2/cancel").json()["status"] == "cancelled"


def test_cancelling_a_finished_run_is_a_conflict(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    finish(rows, claim)
    rows.commit()
    reply = client.post(f"/runs/{claim.run_id}/cancel")
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")
    assert "succeeded" in reply.json()["message"]


def test_retrying_a_cancelled_run_queues_it(client: httpx.Client, claim: Claim) -> None:
    client.post("/runs/2/cancel")
    run = client.post("/runs/2/retry").json()
    assert run["status"] == "queued"
    assert [move["actor"] for move in run["transitions"]] == ["local"] * 3


def test_retrying_a_finished_run_is_a_conflict(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    finish(rows, claim)
    rows.commit()
    assert client.post(f"/runs/{claim.run_id}/retry").status_code == 409


def test_a_run_without_attempts_has_an_empty_log(client: httpx.Client, claim: Claim) -> None:
    assert client.get("/runs/2/log").json() == {"attempt": 0, "text": ""}


def test_the_log_is_that_of_the_latest_attempt(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    recordings.record(rows, claim.run_id, claim.attempt, [], "loading\n")
    rows.commit()
    assert client.get(f"/runs/{claim.run_id}/log").json() == {"attempt": 1, "text": "loading\n"}


def test_nan_and_infinity_travel_as_null(client: httpx.Client, rows: Session, claim: Claim) -> None:
    for step, value in enumerate([1.0, math.nan, math.inf, -math.inf, 2.0], start=1):
        record(rows, claim, [metrics(step, {"loss": value})])
    rows.commit()
    page = client.get(f"/runs/{claim.run_id}/metrics", params={"names": "loss"}).json()
    assert page["series"][0]["steps"] == [1, 2, 3, 4, 5]
    assert page["series"][0]["values"] == [1.0, None, None, None, 2.0]


def test_metric_names_are_told_without_naming_any(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    record(rows, claim, [metrics(1, {"reward": 1.0, "loss": 0.1})])
    rows.commit()
    page = client.get(f"/runs/{claim.run_id}/metrics").json()
    assert page == {"names": ["loss", "reward", "seconds"], "series": []}


def test_grades_are_those_of_the_last_step(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    record(rows, claim, [*graded([1, 2], step=5), *graded([3, 4], step=10)])
    rows.commit()
    page = client.get(f"/runs/{claim.run_id}/grades").json()
    assert (page["steps"], page["step"]) == ([5, 10], 10)
    assert [grade["c"] for grade in page["grades"]] == [3, 4]


def test_grades_of_an_earlier_step_can_be_asked_for(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    record(rows, claim, [*graded([1, 2], step=5), *graded([3, 4], step=10)])
    rows.commit()
    page = client.get(f"/runs/{claim.run_id}/grades", params={"step": 5}).json()
    assert [grade["c"] for grade in page["grades"]] == [1, 2]


@pytest.mark.parametrize("path", ["", "/log", "/metrics", "/grades"])
def test_a_missing_run_is_not_found(client: httpx.Client, path: str) -> None:
    reply = client.get(f"/runs/7{path}")
    assert (reply.status_code, reply.json()["message"]) == (404, "there is no run 7")


@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_a_missing_run_cannot_be_steered(client: httpx.Client, verb: str) -> None:
    assert client.post(f"/runs/7/{verb}").status_code == 404


def test_a_finished_run_keeps_what_it_said(client: httpx.Client, rows: Session) -> None:
    submit_sweep(rows, seeds=[0])
    done = finish_runs(rows, lambda _: [1, 2, 3, 4])
    rows.commit()
    assert [client.get(f"/runs/{run}").json()["status"] for run in done] == ["succeeded"] * 3
