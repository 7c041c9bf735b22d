"""Rollouts over HTTP: what a sweep has, and those of a run that are asked for."""

import math

import httpx
import pytest
from sqlalchemy.orm import Session

from db.attempts import Claim
from domain.events import Rollout
from tests.factories import claim_run, record, submit_sweep

ARMS = [{"name": "grpo", "method": "grpo"}]


@pytest.fixture
def sweep(client: httpx.Client, rows: Session) -> int:
    sweep = submit_sweep(rows, seeds=[0, 1], arms=ARMS)
    rows.commit()
    return sweep


@pytest.fixture
def claim(rows: Session, sweep: int) -> Claim:
    """A run with one group: five completions, the first and the last of them right."""
    claim = claim_run(rows)
    record(rows, claim, [rollout(index, reward=float(index in (0, 4))) for index in range(5)])
    rows.commit()
    return claim


def rollout(index: int, step: int = 1, reward: float = 1.0) -> Rollout:
    return Rollout(
        step=step,
        index=index,
        problem="3 4 -> 7",
        prompt="3 4 -> 7 :",
        tokens=["3", " +", f" {index}"],
        entropies=[0.5, math.nan, 0.25],
        advantages=[1.0, 1.0, 1.0],
        psi=[0.0, 0.0, 0.0],
        reward=reward,
    )


def test_rollouts_have_their_values_token_by_token(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    record(rows, claim, [rollout(0, step=2, reward=math.nan)])
    rows.commit()
    page = client.get(f"/runs/{claim.run_id}/rollouts").json()
    assert (page["steps"], page["step"], page["total"]) == ([1, 2], 2, 1)
    (one,) = page["rollouts"]
    assert one["tokens"] == ["3", " +", " 0"]
    assert one["entropies"] == [0.5, None, 0.25]
    assert (one["reward"], one["correct"]) == (None, False)
    assert [group["key"] for group in page["groups"]] == [one["key"]]


def test_they_are_filtered_and_paged_together(client: httpx.Client, claim: Claim) -> None:
    key = client.get(f"/runs/{claim.run_id}/rollouts").json()["groups"][0]["key"]
    wanted: dict[str, str | int] = {"step": 1, "problem": key, "correct": "false", "search": "+ "}
    page = client.get(f"/runs/{claim.run_id}/rollouts", params=wanted | {"limit": 2}).json()
    assert (page["total"], [one["index"] for one in page["rollouts"]]) == (3, [1, 2])
    page = client.get(f"/runs/{claim.run_id}/rollouts", params=wanted | {"offset": 2}).json()
    assert [one["index"] for one in page["rollouts"]] == [3]
    assert (page["groups"][0]["completions"], page["groups"][0]["correct"]) == (5, 2)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("step", -1),
        ("step", 2**31),
        ("problem", "3 4 -> 7"),
        ("correct", "perhaps"),
        ("search", "a\x00"),
        ("search", "a" * 201),
        ("limit", 0),
        ("limit", 1001),
        ("offset", -1),
    ],
)
def test_a_wrong_filter_is_named(
    client: httpx.Client, claim: Claim, field: str, value: str | int
) -> None:
    reply = client.get(f"/runs/{claim.run_id}/rollouts", params={field: value})
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]


def test_a_sweep_tells_where_there_are_rollouts(
    client: httpx.Client, sweep: int, claim: Claim
) -> None:
    index = client.get(f"/sweeps/{sweep}/rollouts").json()
    assert (index["steps"], index["step"]) == ([1], 1)
    (problem,) = index["problems"]
    assert problem["problem"] == "3 4 -> 7"
    (run,) = index["runs"]
    assert (run["run_id"], run["arm"], run["seed"]) == (claim.run_id, "grpo", claim.spec.seed)
    assert run["groups"] == [{"key": problem["key"], "completions": 5, "correct": 2}]
    other = client.get(f"/sweeps/{sweep}/rollouts", params={"seed": 1 - claim.spec.seed}).json()
    assert (other["steps"], other["runs"]) == ([1], [])


def test_a_sweep_without_any_says_so(client: httpx.Client, sweep: int) -> None:
    index = client.get(f"/sweeps/{sweep}/rollouts").json()
    assert index == {"steps": [], "step": None, "problems": [], "runs": []}


@pytest.mark.parametrize("path", ["/runs/7/rollouts", "/sweeps/7/rollouts"])
def test_what_is_missing_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_words_of_the_task_are_marked(client: httpx.Client, claim: Claim) -> None:
    page = client.get(f"/runs/{claim.run_id}/rollouts").json()
    assert (page["lexicon"], page["categories"]) == ("countdown-1", ["operators"])
    assert page["rollouts"][0]["words"] == [[1, 1, "operators"]]
    assert page["rollouts"][0]["reflective"] == []
