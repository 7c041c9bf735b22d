"""Steering over HTTP: verbs, bodies, reasons, the queue, and who did what."""

from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from domain.lifecycle import FailureClass
from tests.api.conftest import submit
from tests.factories import claim_run, finish, finish_runs


def post(client: httpx.Client, path: str, reason: str = "", **body: Any) -> dict[str, Any]:
    reply = client.post(path, params={"reason": reason}, json=body)
    assert reply.is_success, reply.text
    found: dict[str, Any] = reply.json()
    return found


def actions(client: httpx.Client, sweep: int) -> list[tuple[str, str, str]]:
    """Newest first."""
    rows = client.get(f"/sweeps/{sweep}/actions").json()["actions"]
    return [(row["actor"], row["action"], row["reason"]) for row in rows]


def test_a_sweep_is_paused_and_resumed_with_a_reason(client: httpx.Client) -> None:
    sweep = submit(client)
    paused = post(client, f"/sweeps/{sweep}/pause", "the GPUs are wanted elsewhere")
    assert (paused["status"], paused["paused_at"] is None) == ("paused", False)
    assert post(client, f"/sweeps/{sweep}/resume")["status"] == "queued"
    assert actions(client, sweep) == [
        ("local", "resume", ""),
        ("local", "pause", "the GPUs are wanted elsewhere"),
        ("local", "submit", ""),
    ]


def test_a_sweep_says_its_priority_limit_and_demands(client: httpx.Client) -> None:
    sweep = submit(client, priority=3, max_running=2, resources={"device": "cuda", "memory_gb": 24})
    post(client, f"/sweeps/{sweep}/priority", priority=-5)
    found = post(client, f"/sweeps/{sweep}/limit", max_running=None)
    assert (found["priority"], found["max_running"]) == (-5, None)
    assert found["resources"] == {"device": "cuda", "memory_gb": 24}
    assert client.get(f"/sweeps/{sweep}").json()["spec"]["priority"] == 3, "as it was written"


def test_what_steers_a_sweep_makes_no_other_runs_of_it(client: httpx.Client) -> None:
    submit(client)
    sweep = submit(client, priority=3, max_running=2, resources={"device": "cpu"})
    found = client.get(f"/sweeps/{sweep}/runs").json()
    assert {tuple(run["shared_with"]) for run in found["runs"]} == {(1,)}
    assert found["sweeps"] == [{"id": 1, "name": "does shaping help"}]


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("priority", {"priority": 101}, "priority"),
        ("priority", {}, "priority"),
        ("limit", {"max_running": 0}, "max_running"),
        ("clone", {"name": ""}, "name"),
        ("extensions", {"seeds": [1, 1]}, "seeds"),
        ("extensions", {"values": {"shaped": {"alpha": [-1]}}}, "values.shaped.alpha[1]"),
        ("extensions", {"arms": [{"name": "x", "method": "y"}]}, "arms[0].method"),
    ],
)
def test_a_wrong_body_names_its_field(
    client: httpx.Client, verb: str, body: dict[str, Any], field: str
) -> None:
    reply = client.post(f"/sweeps/{submit(client)}/{verb}", json=body)
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_a_reason_is_bounded(client: httpx.Client) -> None:
    sweep = submit(client)
    for reason in ("x" * 501, "a\x00b"):
        refused = client.post(f"/sweeps/{sweep}/pause", params={"reason": reason})
        assert refused.status_code == 422


def test_a_verb_that_the_state_forbids_is_a_conflict_that_says_what_helps(
    client: httpx.Client,
) -> None:
    sweep = submit(client)
    reply = client.post(f"/sweeps/{sweep}/archive")
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")
    assert "5 queued; wait for its runs, drain it or cancel it" in reply.json()["message"]


def test_archived_sweeps_are_on_a_list_of_their_own(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client)
    finish_runs(rows, lambda _: [1, 2, 3, 4])
    rows.commit()
    post(client, f"/sweeps/{sweep}/archive")
    assert client.get("/sweeps").json()["total"] == 0
    [listed] = client.get("/sweeps", params={"archived": True}).json()["sweeps"]
    assert (listed["id"], listed["status"]) == (sweep, "succeeded")


def test_a_drain_cancels_what_waits(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client)
    claim_run(rows)
    rows.commit()
    progress = post(client, f"/sweeps/{sweep}/drain")["progress"]
    assert (progress["running"], progress["cancelled"]) == (1, 4)


def test_a_preview_of_an_extension_tells_what_the_extension_does(client: httpx.Client) -> None:
    sweep = submit(client)
    more: dict[str, Any] = {"seeds": [2], "values": {"shaped": {"alpha": [0.8]}}}
    preview = post(client, f"/sweeps/{sweep}/extensions/preview", **more)
    assert client.get(f"/sweeps/{sweep}").json()["progress"]["total"] == 5
    done = post(client, f"/sweeps/{sweep}/extensions", "three seeds are few", **more)
    assert done == preview
    assert (done["runs"], done["new_runs"], done["note"]) == (5, 5, "5 runs added")
    again = post(client, f"/sweeps/{sweep}/extensions", **more)
    assert (again["runs"], again["added_arms"]) == (0, [])
    assert actions(client, sweep)[0] == ("local", "extend", "5 runs added: three seeds are few")


def test_a_clone_needs_no_body(client: httpx.Client) -> None:
    sweep = submit(client)
    reply = client.post(f"/sweeps/{sweep}/clone")
    assert (reply.status_code, reply.json()["name"]) == (201, "does shaping help (copy)")
    assert post(client, f"/sweeps/{sweep}/clone", name="another")["name"] == "another"


def test_the_queue_can_be_reordered(client: httpx.Client) -> None:
    submit(client)
    before = [run["run_id"] for run in client.get("/queue").json()["runs"]]
    post(client, f"/runs/{before[-1]}/priority", "soon", priority="first")
    post(client, f"/runs/{before[0]}/priority", priority=-100)
    page = client.get("/queue", params={"limit": 5}).json()
    assert [run["run_id"] for run in page["runs"]] == [before[-1], *before[1:-1], before[0]]
    assert page["total"] == 5
    [action] = client.get(f"/runs/{before[-1]}/actions").json()["actions"]
    assert (action["action"], action["reason"]) == ("priority", "to first; soon")


def test_a_run_that_ran_has_no_place_in_the_queue(client: httpx.Client, rows: Session) -> None:
    submit(client)
    claim = claim_run(rows)
    rows.commit()
    reply = client.post(f"/runs/{claim.run_id}/priority", json={"priority": 5})
    assert reply.status_code == 409
    assert "is running; only queued runs have a place in the queue" in reply.json()["message"]


def test_a_failed_run_is_restarted_with_a_reason(client: httpx.Client, rows: Session) -> None:
    submit(client)
    claim = claim_run(rows)
    finish(rows, claim, FailureClass.BAD_DATA)
    rows.commit()
    run = post(client, f"/runs/{claim.run_id}/restart", "the data was mended")
    last = run["transitions"][-1]
    assert (run["status"], last["reason"]) == ("queued", "the data was mended")


def test_a_missing_run_is_not_found(client: httpx.Client) -> None:
    assert client.post("/runs/99/restart").status_code == 404
    assert client.post("/runs/99/priority", json={"priority": 1}).status_code == 404
    assert client.get("/runs/99/actions").status_code == 404
    assert client.get("/sweeps/99/actions").status_code == 404
