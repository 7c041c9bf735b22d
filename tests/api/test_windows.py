"""Parts of curves over HTTP: what is asked for, what is refused, what is not sent again."""

from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from tests.factories import claim_run, metrics, record, submit_sweep


@pytest.fixture
def curves(rows: Session) -> str:
    """The address of a sweep's metrics, of whose first run 300 steps are known."""
    sweep_id = submit_sweep(rows)
    claim = claim_run(rows)
    record(
        rows,
        claim,
        [metrics(step, {"reward": step / 300, "tokens": 10.0 * step}) for step in range(1, 301)],
    )
    rows.commit()
    return f"/sweeps/{sweep_id}/metrics"


def test_a_part_is_asked_for_in_units_of_the_axis(client: httpx.Client, curves: str) -> None:
    asked = {"names": "reward", "x": "tokens", "from": "1000", "to": "1200"}
    [series] = client.get(curves, params=asked).raise_for_status().json()["series"]
    assert series["total"] == 21
    assert (series["xs"][0], series["xs"][-1]) == (990, 1210)
    assert series["means"] is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": 30, "to": 20}, "to"),
        ({"from": -1}, "from"),
        ({"to": "nan"}, "to"),
        ({"to": "inf"}, "to"),
        ({"from": "soon"}, "from"),
        ({"x": "hours"}, "x"),
        ({"points": 1}, "points"),
        ({"names": ",".join(f"m{number}" for number in range(51))}, "names"),
        ({"arms": ["base", "bass"]}, "arms[1]"),
        ({"runs": [1, 0]}, "runs[1]"),
        ({"runs": [10**9]}, "runs[0]"),
        ({"form": 3}, "form"),
    ],
)
def test_what_is_wrong_is_named(
    client: httpx.Client, curves: str, asked: dict[str, Any], field: str
) -> None:
    reply = client.get(curves, params=asked)
    assert reply.status_code == 422
    assert field in [error["field"] for error in reply.json()["errors"]]


def test_a_name_said_often_is_one_name(client: httpx.Client, curves: str) -> None:
    asked = {"names": ",".join(["reward"] * 100)}
    [series] = client.get(curves, params=asked).raise_for_status().json()["series"]
    assert series["name"] == "reward"


def test_a_run_takes_the_same_parts(client: httpx.Client, curves: str) -> None:
    run = client.get(curves, params={"names": "reward"}).json()["series"][0]["run_id"]
    asked = {"names": "reward", "from": "10", "to": "12"}
    [series] = client.get(f"/runs/{run}/metrics", params=asked).json()["series"]
    assert series["steps"] == [9, 10, 11, 12, 13]
    assert client.get(f"/runs/{run}/metrics", params={"arms": "base"}).status_code == 422


def test_what_did_not_change_is_not_sent_again(
    client: httpx.Client, rows: Session, curves: str
) -> None:
    asked = {"names": "reward"}
    first = client.get(curves, params=asked)
    again = {"If-None-Match": first.headers["etag"]}
    assert client.get(curves, params=asked, headers=again).status_code == 304
    claim = claim_run(rows, "worker-2")
    record(rows, claim, [metrics(1, {"reward": 0.5})])
    rows.commit()
    assert client.get(curves, params=asked, headers=again).status_code == 200
