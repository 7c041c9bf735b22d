"""Confirmations over HTTP: asked for, previewed, refused, and shown on both sweeps."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from tests.factories import finish_runs, sweep_body

CHOSEN = "shaped/alpha=0.4"


@pytest.fixture
def search(client: httpx.Client, rows: Session) -> int:
    """A finished sweep of two seeds."""
    number = int(client.post("/sweeps", json=sweep_body()).json()["id"])
    finish_runs(rows, lambda _: [1, 2, 3, 4])
    rows.commit()
    return number


def confirm(client: httpx.Client, search: int, **body: object) -> httpx.Response:
    return client.post(f"/sweeps/{search}/confirmations", json={"arm": CHOSEN, **body})


def test_a_confirmation_is_answered_as_a_sweep_is(client: httpx.Client, search: int) -> None:
    reply = confirm(client, search)
    sweep = reply.json()
    assert reply.status_code == 201
    assert set(sweep) == set(client.post("/sweeps", json=sweep_body()).json())
    assert (sweep["arms"], sweep["seeds"], sweep["progress"]["queued"]) == (2, 3, 6)
    assert sweep["confirms"] == {"sweep_id": search, "name": "does shaping help", "arm": CHOSEN}


def test_both_sweeps_show_the_confirmation(client: httpx.Client, search: int) -> None:
    sweep = confirm(client, search, seeds=[9, 8]).json()
    shown = client.get(f"/sweeps/{search}").json()
    assert (shown["confirms"], shown["confirmations"]) == (
        None,
        [{"sweep_id": sweep["id"], "name": sweep["name"], "arm": CHOSEN, "status": "queued"}],
    )
    spec = client.get(f"/sweeps/{sweep['id']}").json()["spec"]
    assert (spec["seeds"], spec["eval"]["split"]) == ([8, 9], "held_out")


def test_asking_again_answers_the_same_confirmation(client: httpx.Client, search: int) -> None:
    replies = [confirm(client, search), confirm(client, search, seeds=[2, 3, 4])]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert replies[0].json()["id"] == replies[1].json()["id"]


def test_the_list_of_sweeps_says_which_confirm_another(client: httpx.Client, search: int) -> None:
    confirm(client, search)
    listed = client.get("/sweeps").json()["sweeps"]
    assert [sweep["confirms"] and sweep["confirms"]["sweep_id"] for sweep in listed] == [
        search,
        None,
    ]


def test_a_confirmation_is_compared_by_itself(
    client: httpx.Client, rows: Session, search: int
) -> None:
    number = confirm(client, search).json()["id"]
    before = client.get(f"/sweeps/{search}/comparison").json()
    finish_runs(rows, lambda _: [8, 8, 8, 8])
    rows.commit()
    compared = client.get(f"/sweeps/{number}/comparison").json()
    assert [arm["seeds"] for arm in compared["arms"]] == [[2, 3, 4], [2, 3, 4]]
    assert client.get(f"/sweeps/{search}/comparison").json() == before


def test_a_preview_shows_seeds_problems_and_runs(client: httpx.Client, search: int) -> None:
    reply = client.post(f"/sweeps/{search}/confirmations/preview", json={"arm": CHOSEN})
    found = reply.json()
    assert (found["seeds"], found["problems"], found["runs"]) == ([2, 3, 4], 4, 6)
    assert found["sweep_id"] is None
    assert client.get("/sweeps").json()["total"] == 1


@pytest.mark.parametrize("path", ["", "/preview"])
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "arm"),
        ({"arm": 3}, "arm"),
        ({"arm": "nothing"}, "arm"),
        ({"arm": "a\ud800"}, "body"),
        ({"arm": "grpo"}, "arm"),
        ({"arm": CHOSEN, "seeds": [0]}, "seeds[0]"),
        ({"arm": CHOSEN, "seeds": []}, "seeds"),
        ({"arm": CHOSEN, "seeds": "5"}, "seeds"),
        ({"arm": CHOSEN, "seed": [5]}, "seed"),
        ([], "body"),
    ],
)
def test_a_mistake_is_named_by_its_field(
    client: httpx.Client, search: int, path: str, body: Any, field: str
) -> None:
    headers = {"Content-Type": "application/json"}
    content = json.dumps(body)  # escapes what is not text
    reply = client.post(f"/sweeps/{search}/confirmations{path}", content=content, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid")
    assert [error["field"] for error in reply.json()["errors"]] == [field]


@pytest.mark.parametrize("path", ["", "/preview"])
def test_an_unfinished_search_is_a_conflict(client: httpx.Client, path: str) -> None:
    number = client.post("/sweeps", json=sweep_body()).json()["id"]
    reply = client.post(f"/sweeps/{number}/confirmations{path}", json={"arm": CHOSEN})
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")
    assert "is not finished: 5 queued" in reply.json()["message"]


@pytest.mark.parametrize("path", ["", "/preview"])
def test_a_missing_search_is_not_found(client: httpx.Client, path: str) -> None:
    reply = client.post(f"/sweeps/7/confirmations{path}", json={"arm": CHOSEN})
    assert reply.status_code == 404


def test_a_confirmation_may_be_asked_for_in_yaml(client: httpx.Client, search: int) -> None:
    headers = {"Content-Type": "application/yaml"}
    text = f"arm: {CHOSEN}\nseeds: [11]\n"
    reply = client.post(f"/sweeps/{search}/confirmations", content=text, headers=headers)
    assert reply.json()["seeds"] == 1
