"""Behaviour analyses over HTTP: asked for, previewed, followed and read."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from api.bodies import pinned
from assets.cards import Roots
from db.sessions import transaction
from domain.access import Role
from domain.analyses import RareSettings
from domain.inquiries import RunInquiry
from tests.api.conftest import Clients, submit
from tests.factories import claim_run, finish, finish_runs, record
from tests.findings import found


@pytest.fixture
def sweep(client: httpx.Client, api_engine: Engine) -> int:
    number = submit(client)
    with transaction(api_engine) as db:
        finish_runs(db, lambda _: [4, 4, 4, 4])
    return number


def answer(reply: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    body: dict[str, Any] = reply.json()
    return body


def carry_out(engine: Engine) -> int:
    with transaction(engine) as db:
        claim = claim_run(db)
        record(db, claim, found())
        finish(db, claim)
        return claim.run_id


def test_a_preview_says_how_much_that_is_and_queues_nothing(
    client: httpx.Client, sweep: int
) -> None:
    body = answer(client.post(f"/sweeps/{sweep}/analyses/preview", json={}))
    assert body == {
        "analyses": 5,
        "new": 5,
        "lexicon": "countdown-1",
        "problems": 64,
        "traces": 4,
        "drawn_tokens": 5 * 64 * 4 * 20,
        "scored_tokens": 5 * 16 * 16 * 2 * 20,
        "device_seconds": None,
        "estimate_basis": "unknown: no analysis of about this size has finished yet",
    }
    assert answer(client.get(f"/sweeps/{sweep}/analyses"))["analyses"] == []


def test_a_preview_says_how_long_that_takes_where_others_have_finished(
    client: httpx.Client, sweep: int, api_engine: Engine
) -> None:
    answer(client.post(f"/sweeps/{sweep}/analyses", json={"arms": ["grpo"]}), 201)
    for _ in range(3):
        carry_out(api_engine)
    body = answer(client.post(f"/sweeps/{sweep}/analyses/preview", json={}))
    assert (body["new"], body["estimate_basis"]) == (2, "from 3 finished analyses")
    assert body["device_seconds"] > 0
    again = answer(client.post(f"/sweeps/{sweep}/analyses/preview", json={"arms": ["grpo"]}))
    assert (again["device_seconds"], again["estimate_basis"]) == (
        0,
        "every analysis exists already",
    )


def test_how_long_analyses_took_says_nothing_of_how_long_an_evaluation_takes(
    client: httpx.Client, sweep: int, api_engine: Engine
) -> None:
    spec = answer(client.get(f"/sweeps/{sweep}"))["spec"]
    before = answer(client.post("/sweeps/preview", json=spec | {"seeds": [80]}))
    answer(client.post(f"/sweeps/{sweep}/analyses", json={}), 201)
    for _ in range(5):
        carry_out(api_engine)
    after = answer(client.post("/sweeps/preview", json=spec | {"seeds": [80]}))
    assert after["estimate_basis"] == before["estimate_basis"]


def test_an_analysis_is_asked_for_carried_out_and_read(
    client: httpx.Client, sweep: int, api_engine: Engine
) -> None:
    asked = answer(client.post(f"/sweeps/{sweep}/analyses", json={"arms": ["grpo"]}), 201)
    assert [one["status"] for one in asked["analyses"]] == ["queued"] * 3
    assert asked["asked"] == [one["run_id"] for one in asked["analyses"]]
    numbers = [carry_out(api_engine) for _ in range(3)]
    whole = answer(client.get(f"/sweeps/{sweep}/behaviour"))
    assert [one["run_ids"] for one in whole["arms"]] == [numbers[:1], numbers[1:]]
    assert [one["regime"] for one in whole["collapses"]] == ["diverse"] * 3
    alone = answer(client.get(f"/runs/{numbers[1]}/behaviour"))
    gaps = alone["behaviour"]["pivotal"][1]["gaps"]
    assert [gap["view"] for gap in gaps] == ["all", "position", "problem", "both", "word starts"]
    assert gaps[0]["delta"]["low"] > 0.3


def test_what_was_asked_for_just_now_is_told_from_what_was_there(
    client: httpx.Client, sweep: int
) -> None:
    path = f"/sweeps/{sweep}/analyses"
    whole = answer(client.post(path, json={}), 201)
    again = answer(client.post(path, json={"steps": [0]}), 201)
    assert again["analyses"] == whole["analyses"]
    assert again["asked"] == [whole["analyses"][0]["run_id"]]


def test_an_unchanged_reply_is_not_sent_twice(
    client: httpx.Client, sweep: int, api_engine: Engine
) -> None:
    client.post(f"/sweeps/{sweep}/analyses", json={"steps": [0]})
    carry_out(api_engine)
    first = client.get(f"/sweeps/{sweep}/behaviour")
    again = client.get(
        f"/sweeps/{sweep}/behaviour", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304


def test_sentences_and_traces_are_there_to_read(
    client: httpx.Client, sweep: int, api_engine: Engine
) -> None:
    client.post(f"/sweeps/{sweep}/analyses", json={"steps": [0]})
    number = carry_out(api_engine)
    sentences = answer(client.get(f"/runs/{number}/behaviour/sentences"))
    assert sentences["shown"][0]["nearest"][0]["text"] == "3 + 4 = 7 ,"
    traces = answer(client.get(f"/runs/{number}/behaviour/traces"))
    assert traces["total"] == 1
    assert traces["traces"][0]["words"] == [[1, 1, "operators"]]
    assert traces["traces"][0]["sentences"] == [[0, 4, False, False, 0.1]]


def test_a_run_is_asked_about_by_its_own_number(client: httpx.Client, sweep: int) -> None:
    runs = answer(client.get("/runs", params={"sweep_id": sweep}))["runs"]
    run_id = next(run["id"] for run in runs if run["arm"] == "grpo")
    asked = answer(client.post(f"/runs/{run_id}/analyses", json={}), 201)
    assert [one["subject_id"] for one in asked["analyses"]] == [None, run_id]
    number = asked["analyses"][1]["run_id"]
    detail = answer(client.get(f"/runs/{number}"))
    assert (detail["arm"], detail["analysed_step"]) == ("grpo", 10)
    assert detail["sweeps"][0]["arm"] == "grpo"
    assert answer(client.get(f"/runs/{number}/analyses"), 409)["code"] == "conflict"


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"arms": ["x"]}, "arms[0]", "it has: base, grpo, shaped"),
        ({"seeds": [9]}, "seeds[0]", "it has: 0, 1"),
        ({"steps": [3]}, "steps[0]", "train.keep_every keeps those of further steps"),
        ({"steps": "first"}, "steps", "given: first"),
        ({"lexicon": "german"}, "lexicon", "or write one out"),
        ({"lexicon": {"name": "x", "words": {}}}, "lexicon", "at least 1"),
        ({"probe": {"problems": 5000}}, "probe.problems", "has 1024"),
        ({"probe": {"problems": 4}, "collapse": {"problems": 5}}, "collapse.problems", "at most"),
        ({"rare": {"neighbours": 0}}, "rare.neighbours", "greater than or equal to 1"),
        ({"rare": {"embedder": "./none"}}, "rare.embedder", "no such folder below the models root"),
        ({"untrained": 2}, "untrained", "true or false"),
        ({"what": 1}, "what", "not a known field"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(
    client: httpx.Client, sweep: int, body: dict[str, Any], field: str, words: str
) -> None:
    error = answer(client.post(f"/sweeps/{sweep}/analyses", json=body), 422)
    named = [one for one in error["errors"] if one["field"].startswith(field)]
    assert named, error
    assert any(words in one["message"] for one in named), error


def test_an_embedder_in_a_folder_is_asked_for_with_the_version_of_its_files(tmp_path: Path) -> None:
    roots = Roots.of(tmp_path)
    folder = roots.models / "minilm"
    folder.mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    inquiry = RunInquiry(rare=RareSettings(embedder="./minilm", share=0.2))
    first = pinned(inquiry, roots)
    (folder / "modules.json").write_text("[ ]")
    second = pinned(inquiry, roots)
    assert first.rare
    assert first.rare.embedder.startswith("./minilm@")
    assert (first.rare.share, first.model_fields_set) == (0.2, {"rare"})
    assert first != second
    assert pinned(RunInquiry(), roots) == RunInquiry()


def test_what_there_is_not_is_not_found(client: httpx.Client, sweep: int) -> None:
    for path in ("/sweeps/99/analyses", "/sweeps/99/behaviour", "/runs/99/behaviour"):
        assert client.get(path).status_code == 404
    runs = answer(client.get("/runs", params={"sweep_id": sweep}))["runs"]
    error = answer(client.get(f"/runs/{runs[0]['id']}/behaviour/sentences"), 404)
    assert "is no analysis" in error["message"]


def test_a_viewer_may_preview_and_read_and_not_ask(clients: Clients, sweep: int) -> None:
    viewer = clients(Role.VIEWER)
    assert viewer.post(f"/sweeps/{sweep}/analyses/preview", json={}).status_code == 200
    assert viewer.get(f"/sweeps/{sweep}/analyses").status_code == 200
    assert viewer.post(f"/sweeps/{sweep}/analyses", json={}).status_code == 403


def test_arms_are_set_against_the_baseline_and_opened(
    client: httpx.Client, sweep: int, api_engine: Engine
) -> None:
    client.post(f"/sweeps/{sweep}/analyses", json={"untrained": False})
    for _ in range(4):
        carry_out(api_engine)
    told = answer(client.get(f"/sweeps/{sweep}/behaviour/differences"))
    assert (told["baseline"], told["missing"]) == ("grpo", None)
    assert {one["arm"] for one in told["differences"]} == {"shaped/alpha=0.4"}
    address = f"/sweeps/{sweep}/behaviour/gaps"
    assert answer(client.get(address, params={"arm": "grpo"}))["seeds"] == [0, 1]
    assert (
        "step 3" in answer(client.get(address, params={"arm": "grpo", "step": 3}), 404)["message"]
    )
    wrong = answer(client.get(f"/sweeps/{sweep}/behaviour", params={"inquiry": "0" * 12}), 422)
    assert wrong["errors"][0]["field"] == "inquiry"
    assert answer(client.get(address), 422)["errors"][0]["field"] == "arm"


def test_the_bonus_of_an_arm_is_told_by_kind_of_token(client: httpx.Client, sweep: int) -> None:
    address = f"/sweeps/{sweep}/regulation/kinds"
    told = answer(client.get(address, params={"arm": "shaped"}))
    assert (told["arm"], told["kappa"]) == ("shaped/alpha=0.4", 2.0)
    assert [kind["name"] for kind in told["kinds"]] == ["all", "operators", "reflective", "rest"]
    assert answer(client.get(address, params={"arm": "x"}), 422)["errors"][0]["field"] == "arm"
