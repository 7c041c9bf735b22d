"""Sweeps over HTTP: preview, submit, read, steer."""

import json

import httpx
import pytest
import yaml
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db.models import Run
from domain.lifecycle import FailureClass
from tests.api.conftest import submit
from tests.factories import claim_run, finish, finish_runs, sweep_body


def run_ids(client: httpx.Client, sweep: int) -> list[int]:
    return [run["id"] for run in client.get(f"/sweeps/{sweep}/runs").json()["runs"]]


def test_a_submitted_sweep_is_answered_with_its_size(client: httpx.Client) -> None:
    sweep = client.post("/sweeps", json=sweep_body()).json()
    assert (sweep["name"], sweep["arms"], sweep["seeds"]) == ("does shaping help", 3, 2)
    assert sweep["progress"]["queued"] == sweep["progress"]["total"] == 5


def test_a_submitted_sweep_is_stored_before_the_reply(client: httpx.Client, rows: Session) -> None:
    submit(client)
    assert rows.scalar(select(func.count()).select_from(Run)) == 5


def test_the_same_sweep_may_be_written_in_yaml(client: httpx.Client) -> None:
    text = yaml.safe_dump(sweep_body()).replace("0.0003", "3e-4")
    headers = {"Content-Type": "application/yaml; charset=utf-8"}
    written = client.post("/sweeps", content=text, headers=headers).json()["id"]
    sent = submit(client)
    specs = [client.get(f"/sweeps/{sweep}").json()["spec"] for sweep in (written, sent)]
    assert specs[0] == specs[1]


def test_a_sweep_is_answered_as_it_was_written(client: httpx.Client) -> None:
    body = sweep_body()
    spec = client.get(f"/sweeps/{submit(client)}").json()["spec"]
    assert spec == body | {"arms": [*body["arms"][:2], body["arms"][2] | {"alpha": [0.4]}]}


def test_a_sweep_read_back_can_be_submitted_again(client: httpx.Client) -> None:
    first = client.get(f"/sweeps/{submit(client)}").json()
    second = client.get(f"/sweeps/{submit(client, **first['spec'])}").json()
    assert [arm["name"] for arm in second["arms_list"]] == ["base", "grpo", "shaped/alpha=0.4"]
    assert run_ids(client, second["id"]) == run_ids(client, first["id"])


def test_the_arms_of_a_sweep_keep_their_order_and_name_the_baseline(client: httpx.Client) -> None:
    arms = client.get(f"/sweeps/{submit(client)}").json()["arms_list"]
    assert [(arm["name"], arm["is_baseline"]) for arm in arms] == [
        ("base", False),
        ("grpo", True),
        ("shaped/alpha=0.4", False),
    ]


def test_the_runs_of_a_sweep_come_arm_by_arm_all_at_once(client: httpx.Client) -> None:
    reply = client.get(f"/sweeps/{submit(client)}/runs", headers={"Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    found = [(run["arm"], run["seed"], run["shared_with"]) for run in reply.json()["runs"]]
    arms = [("base", 0), ("grpo", 0), ("grpo", 1), ("shaped/alpha=0.4", 0), ("shaped/alpha=0.4", 1)]
    assert found == [(*cell, []) for cell in arms]


def test_a_list_shows_the_beginning_of_an_error(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client)
    rows.execute(update(Run).values(error="x" * 10_000))
    rows.commit()
    [first, *_] = client.get(f"/sweeps/{sweep}/runs").json()["runs"]
    assert first["error"] == "x" * 500
    assert {run["error"] for run in client.get("/runs").json()["runs"]} == {"x" * 500}
    assert len(client.get(f"/runs/{first['id']}").json()["error"]) == 10_000


def test_runs_that_another_sweep_has_are_counted_as_shared(client: httpx.Client) -> None:
    submit(client)
    arms = client.get(f"/sweeps/{submit(client, seeds=[1, 2])}").json()["arms_list"]
    assert [arm["shared"] for arm in arms] == [1, 1, 1]


def test_a_preview_tells_what_a_submission_does(client: httpx.Client, rows: Session) -> None:
    submit(client, seeds=[0])
    preview = client.post("/sweeps/preview", json=sweep_body()).json()
    before = rows.scalar(select(func.count()).select_from(Run)) or 0
    submitted = client.get(f"/sweeps/{submit(client)}").json()
    after = rows.scalar(select(func.count()).select_from(Run)) or 0
    assert preview["new_runs"] == after - before == 2
    assert preview["runs"] == len(run_ids(client, submitted["id"]))
    assert [arm["name"] for arm in preview["arms"]] == [
        arm["name"] for arm in submitted["arms_list"]
    ]


def test_a_preview_queues_nothing(client: httpx.Client) -> None:
    client.post("/sweeps/preview", json=sweep_body())
    assert client.get("/runs").json()["total"] == client.get("/sweeps").json()["total"] == 0


def test_a_preview_names_the_runs_that_exist(client: httpx.Client) -> None:
    submit(client, seeds=[1])
    existing = client.post("/sweeps/preview", json=sweep_body()).json()["existing"]
    assert [(run["arm"], run["seed"], run["status"]) for run in existing] == [
        ("base", 0, "queued"),
        ("grpo", 1, "queued"),
        ("shaped/alpha=0.4", 1, "queued"),
    ]


def test_a_preview_counts_what_will_be_queued_again(client: httpx.Client, rows: Session) -> None:
    submit(client)
    finish(rows, claim_run(rows), FailureClass.USER_ERROR)
    finish(rows, claim_run(rows))
    rows.commit()
    preview = client.post("/sweeps/preview", json=sweep_body(seeds=[0, 1, 2])).json()
    assert (preview["new_runs"], preview["queued_again"]) == (2, 1)


def test_a_preview_says_when_device_time_is_unknown(client: httpx.Client) -> None:
    preview = client.post("/sweeps/preview", json=sweep_body()).json()
    assert preview["device_seconds"] is None
    assert "no run of countdown-tiny on countdown" in preview["estimate_basis"]


def test_a_preview_estimates_from_finished_runs(client: httpx.Client, rows: Session) -> None:
    submit(client)
    finish_runs(rows, lambda _: [1, 2, 3, 4])
    rows.commit()
    preview = client.post("/sweeps/preview", json=sweep_body(seeds=[0, 1, 2])).json()
    assert preview["new_runs"] == 2
    assert preview["device_seconds"] > 0


def test_the_same_key_with_the_same_body_is_the_same_sweep(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "once"}
    replies = [client.post("/sweeps", json=sweep_body(), headers=headers) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert replies[0].json()["id"] == replies[1].json()["id"]


def test_the_same_key_with_another_body_is_a_conflict(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "once"}
    client.post("/sweeps", json=sweep_body(), headers=headers)
    reply = client.post("/sweeps", json=sweep_body(name="other"), headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")


def test_an_invalid_sweep_names_each_wrong_field(client: httpx.Client) -> None:
    arms = [{"name": "shaped", "method": "entropy_shaped", "alpha": 0.4, "kappa": 1}]
    reply = client.post("/sweeps", json=sweep_body(arms=arms, baseline="shaped", seeds=[]))
    fields = {error["field"] for error in reply.json()["errors"]}
    assert reply.status_code == 422
    assert fields == {"seeds", "arms[0].kappa[0]"}


def test_sweeps_are_listed_newest_first(client: httpx.Client) -> None:
    ids = [submit(client, name=f"sweep {number}") for number in range(3)]
    page = client.get("/sweeps", params={"limit": 2}).json()
    assert page["total"] == 3
    assert [sweep["id"] for sweep in page["sweeps"]] == ids[:0:-1]


@pytest.mark.parametrize("search", ["100%", "ALPHA_1"])
def test_sweeps_are_searched_for_by_a_literal_part_of_their_name(
    client: httpx.Client, search: str
) -> None:
    for name in ("alpha_1 at 100%", "alphax1 at 1000"):
        submit(client, name=name)
    page = client.get("/sweeps", params={"search": search}).json()
    assert [sweep["name"] for sweep in page["sweeps"]] == ["alpha_1 at 100%"]


def test_cancelling_a_sweep_cancels_its_unfinished_runs(
    client: httpx.Client, rows: Session
) -> None:
    sweep = submit(client)
    finish(rows, claim_run(rows))
    claim_run(rows)
    rows.commit()
    progress = client.post(f"/sweeps/{sweep}/cancel").json()["progress"]
    assert (progress["succeeded"], progress["cancelling"], progress["cancelled"]) == (1, 1, 3)


def test_cancelling_a_sweep_keeps_runs_that_others_share(client: httpx.Client) -> None:
    submit(client, seeds=[0])
    progress = client.post(f"/sweeps/{submit(client)}/cancel").json()["progress"]
    assert (progress["queued"], progress["cancelled"]) == (3, 2)


def test_cancelling_a_wholly_shared_sweep_needs_a_word(client: httpx.Client) -> None:
    submit(client)
    sweep = submit(client, name="again")
    refused = client.post(f"/sweeps/{sweep}/cancel")
    done = client.post(f"/sweeps/{sweep}/cancel", params={"include_shared": True})
    assert (refused.status_code, done.status_code) == (409, 200)
    assert "include_shared" in refused.json()["message"]
    assert done.json()["progress"]["cancelled"] == 5


def test_cancelling_a_finished_sweep_is_a_conflict(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client)
    finish_runs(rows, lambda _: [0, 0, 0, 0])
    rows.commit()
    assert client.post(f"/sweeps/{sweep}/cancel").status_code == 409


def test_retrying_a_sweep_queues_failed_and_cancelled_runs(
    client: httpx.Client, rows: Session
) -> None:
    sweep = submit(client)
    finish(rows, claim_run(rows))
    finish(rows, claim_run(rows), FailureClass.USER_ERROR)
    rows.commit()
    client.post(f"/sweeps/{sweep}/cancel")
    progress = client.post(f"/sweeps/{sweep}/retry").json()["progress"]
    assert (progress["succeeded"], progress["queued"]) == (1, 4)


def test_retrying_a_sweep_with_nothing_to_retry_is_a_conflict(client: httpx.Client) -> None:
    assert client.post(f"/sweeps/{submit(client)}/retry").status_code == 409


def test_the_export_has_every_grade(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client, seeds=[0])
    finish_runs(rows, lambda _: [1, 2, 3, 4])
    rows.commit()
    reply = client.get(f"/sweeps/{sweep}/export.csv")
    lines = reply.text.splitlines()
    assert reply.headers["content-type"].startswith("text/csv")
    assert lines[:2] == ["arm,seed,step,problem,n,c", "base,0,0,0,8,1"]
    assert lines[-1] == "shaped/alpha=0.4,0,10,3,8,4"
    assert len(lines) == 1 + 3 * 4


def test_the_metrics_of_a_sweep_come_run_by_run(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client, seeds=[0])
    finish_runs(rows, lambda _: [1, 2, 3, 4])
    rows.commit()
    page = client.get(f"/sweeps/{sweep}/metrics", params={"names": "entropy/mean"}).json()
    assert page["names"] == ["entropy/mean", "seconds"]
    assert [(one["arm"], one["steps"], one["values"]) for one in page["series"]] == [
        ("base", [0], [0.5]),
        ("grpo", [10], [0.5]),
        ("shaped/alpha=0.4", [10], [0.5]),
    ]


@pytest.mark.parametrize("path", ["", "/comparison", "/conclusion", "/metrics", "/export.csv"])
def test_a_missing_sweep_is_not_found(client: httpx.Client, path: str) -> None:
    reply = client.get(f"/sweeps/7{path}")
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert reply.json()["message"] == "there is no sweep 7"


@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_a_missing_sweep_cannot_be_steered(client: httpx.Client, verb: str) -> None:
    assert client.post(f"/sweeps/7/{verb}").status_code == 404


def test_a_sweep_is_stored_with_the_numbers_it_was_sent_with(client: httpx.Client) -> None:
    body = json.dumps(sweep_body()).replace("0.0003", "3E-4")
    reply = client.post("/sweeps", content=body, headers={"Content-Type": "application/json"})
    spec = client.get(f"/sweeps/{reply.json()['id']}").json()["spec"]
    assert spec["train"]["learning_rate"] == 3e-4
