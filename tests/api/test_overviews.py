"""Sweeps at a glance over HTTP: the list, the leading arm, the conditions, what happened."""

from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from db.attempts import Claim
from domain.catalogue import TASKS
from domain.lifecycle import FailureClass
from tests.factories import claim_run, finish, finish_runs, sweep_body

FAR_BETTER = {"grpo": [1, 2, 1, 2], "entropy_shaped": [7, 8, 7, 8], "base": [1, 1, 1, 1]}


def submit(client: httpx.Client, **changes: object) -> int:
    reply = client.post("/sweeps", json=sweep_body(**changes))
    assert reply.status_code == 201, reply.text
    return int(reply.json()["id"])


def judge(claim: Claim) -> list[int]:
    return FAR_BETTER[claim.spec.method.method]


def listed(client: httpx.Client, **query: Any) -> list[str]:
    reply = client.get("/sweeps", params=query)
    assert reply.status_code == 200, reply.text
    return [sweep["name"] for sweep in reply.json()["sweeps"]]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("created", ["b", "A", "c"]),
        ("-created", ["c", "A", "b"]),
        ("name", ["A", "b", "c"]),
        ("-seeds", ["A", "c", "b"]),
        ("arms", ["b", "c", "A"]),
        ("-done", ["b", "c", "A"]),
    ],
)
def test_sweeps_are_sorted_by_a_column(
    client: httpx.Client, rows: Session, sort: str, names: list[str]
) -> None:
    one = [{"name": "grpo", "method": "grpo"}]
    two = [*one, {"name": "shaped", "method": "entropy_shaped", "alpha": 0.1}]
    submit(client, name="b", seeds=[0], arms=one)
    finish_runs(rows, judge)
    rows.commit()
    submit(client, name="A", seeds=[5, 6, 7])
    submit(client, name="c", seeds=[8, 9], arms=two)
    assert listed(client, sort=sort) == names


def test_of_equal_sweeps_the_newest_comes_first(client: httpx.Client) -> None:
    for name in ("first", "second"):
        submit(client, name=name)
    assert listed(client, sort="arms") == listed(client, sort="-arms") == ["second", "first"]


def test_pages_of_a_sorted_list_hold_every_sweep_once(client: httpx.Client) -> None:
    for name in "cabed":
        submit(client, name=name, seeds=[0])
    pages = [listed(client, sort="name", limit=2, offset=offset) for offset in (0, 2, 4)]
    assert pages == [["a", "b"], ["c", "d"], ["e"]]


@pytest.mark.parametrize("search", ["LOCAL", "tiny", "countd", "mine"])
def test_sweeps_are_found_by_owner_model_task_and_name(client: httpx.Client, search: str) -> None:
    submit(client, name="mine")
    assert listed(client, search=search) == ["mine"]
    assert listed(client, search=f"{search}!") == []


def test_an_unknown_column_is_refused_with_those_there_are(client: httpx.Client) -> None:
    reply = client.get("/sweeps", params={"sort": "best"})
    assert reply.status_code == 422
    [error] = reply.json()["errors"]
    assert error["field"] == "sort"
    assert "created, -created," in error["message"]


def test_the_leader_is_the_arm_of_the_conclusion(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client, seeds=[0, 1, 2])
    finish_runs(rows, judge)
    rows.commit()
    leader = client.get(f"/sweeps/{sweep}/leader").json()
    conclusion = client.get(f"/sweeps/{sweep}/conclusion").json()["conclusion"]
    assert conclusion.startswith(f"{leader['arm']}: ")
    assert f"{leader['words']}." in conclusion
    comparison = client.get(f"/sweeps/{sweep}/comparison").json()
    [arm] = [one for one in comparison["arms"] if one["name"] == leader["arm"]]
    assert leader["k"] == comparison["ks"][-1]
    assert leader["delta"] == arm["delta"][-1]


def test_nobody_leads_before_there_is_a_difference(client: httpx.Client) -> None:
    leader = client.get(f"/sweeps/{submit(client)}/leader").json()
    assert (leader["arm"], leader["delta"]) == (None, None)
    assert leader["words"] == "No conclusion yet: the baseline grpo has no graded run."


def test_the_leader_is_not_sent_again_while_nothing_changes(client: httpx.Client) -> None:
    address = f"/sweeps/{submit(client)}/leader"
    etag = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_conditions_say_what_the_names_stand_for_and_what_was_left_to_defaults(
    client: httpx.Client,
) -> None:
    found = client.get(f"/sweeps/{submit(client)}/conditions").json()
    assert found["task"]["correct"] == TASKS["countdown"].correct
    assert found["model"]["name"] == found["model_name"] == "countdown-tiny"
    assert found["train"]["learning_rate"] == 3e-4
    assert found["eval"]["max_completion_tokens"] == TASKS["countdown"].completion_tokens


def test_a_sweep_without_training_has_conditions(client: httpx.Client) -> None:
    sweep = submit(client, arms=[{"name": "base", "method": "base"}], baseline="base")
    assert client.get(f"/sweeps/{sweep}/conditions").json()["train"] is None


def test_the_chronicle_tells_who_did_what_and_why_newest_first(
    client: httpx.Client, rows: Session
) -> None:
    sweep = submit(client, seeds=[0], arms=[{"name": "grpo", "method": "grpo"}])
    submit(client, seeds=[7])
    finish(rows, claim_run(rows), FailureClass.USER_ERROR)
    rows.commit()
    client.post(f"/sweeps/{sweep}/archive", params={"reason": "nothing to learn"})
    told = client.get(f"/sweeps/{sweep}/chronicle").json()
    assert [one["action"] or one["status"] for one in told] == [
        *("archive", "failed", "running"),
        *("queued", "submit"),
    ]
    assert (told[0]["actor"], told[0]["reason"]) == ("local", "nothing to learn")
    assert (told[1]["arm"], told[1]["seed"]) == ("grpo", 0)
    assert told[1]["reason"]
    assert client.get(f"/sweeps/{sweep}/chronicle", params={"limit": 2}).json() == told[:2]


@pytest.mark.parametrize("view", ["leader", "conditions", "chronicle"])
def test_what_is_not_there_has_no_views(client: httpx.Client, view: str) -> None:
    assert client.get(f"/sweeps/7/{view}").status_code == 404
