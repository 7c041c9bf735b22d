"""Comparisons over HTTP: at every k, at a few or in words alone, and against any arm."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.api.conftest import submit
from tests.factories import finish_runs


def test_the_comparison_is_complete(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client)
    finish_runs(rows, lambda claim: [claim.spec.seed, 2, 4, 8])
    rows.commit()
    reply = client.get(f"/sweeps/{sweep}/comparison").json()
    arms = {arm["name"]: arm for arm in reply["arms"]}
    assert reply["ks"] == list(range(1, 9))
    assert arms["grpo"]["delta"] is None
    delta = arms["shaped/alpha=0.4"]["delta"][0]
    assert (delta["mean"], delta["p"], delta["established"]) == (0.0, 1.0, False)
    assert set(delta) >= {"low", "high", "adjusted_low", "adjusted_high", "adjusted_p"}
    assert list(reply["sentences"]) == ["base", "shaped/alpha=0.4"]
    assert arms["base"]["entropy"] == 0.5


def test_the_words_of_a_comparison_are_at_the_k_asked_for(
    client: httpx.Client, rows: Session
) -> None:
    sweep = submit(client)
    finish_runs(rows, lambda claim: [claim.spec.seed, 2, 4, 8])
    rows.commit()
    reply = client.get(f"/sweeps/{sweep}/comparison", params={"k": 2}).json()
    assert reply["k"] == 2
    assert "pass@2" in reply["conclusion"]
    refused = client.get(f"/sweeps/{sweep}/comparison", params={"k": 9})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "k"


def test_the_words_can_be_had_without_the_figures(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client)
    finish_runs(rows, lambda claim: [claim.spec.seed, 2, 4, 8])
    rows.commit()
    whole = client.get(f"/sweeps/{sweep}/comparison", params={"k": 2}).json()
    words = client.get(f"/sweeps/{sweep}/conclusion", params={"k": 2})
    names = ("k", "sentences", "warnings", "conclusion")
    assert words.json() == {name: whole[name] for name in names}
    known = {"If-None-Match": words.headers["etag"]}
    again = client.get(f"/sweeps/{sweep}/conclusion", params={"k": 2}, headers=known)
    assert again.status_code == 304
    refused = client.get(f"/sweeps/{sweep}/conclusion", params={"k": 9})
    assert refused.json()["errors"][0]["field"] == "k"


def test_a_comparison_can_be_of_a_few_ks(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client)
    finish_runs(rows, lambda claim: [claim.spec.seed, 2, 4, 8])
    rows.commit()
    whole, few = (
        client.get(f"/sweeps/{sweep}/comparison", params={"k": 5, "thin": thin}).json()
        for thin in (False, True)
    )
    assert few["ks"] == [1, 2, 3, 4, 5, 6, 8]
    assert few["conclusion"] == whole["conclusion"]
    for all_ks, a_few in zip(whole["arms"], few["arms"], strict=True):
        assert a_few["pass_at"] == [all_ks["pass_at"][k - 1] for k in few["ks"]]


def test_a_comparison_can_be_against_another_arm(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client)
    finish_runs(rows, lambda claim: [claim.spec.seed, 2, 4, 8])
    rows.commit()
    asked = {"baseline": "shaped/alpha=0.4"}
    own, other = (client.get(f"/sweeps/{sweep}/comparison", params=p) for p in ({}, asked))
    assert own.headers["etag"] != other.headers["etag"]
    reply = other.json()
    assert (reply["baseline"], reply["submitted_baseline"]) == ("shaped/alpha=0.4", "grpo")
    assert [arm["name"] for arm in reply["arms"] if arm["is_baseline"]] == ["shaped/alpha=0.4"]
    assert reply["warnings"][0].startswith("Against shaped/alpha=0.4; the sweep was submitted with")
    words = client.get(f"/sweeps/{sweep}/conclusion", params=asked).json()
    assert words["conclusion"] == reply["conclusion"]


@pytest.mark.parametrize("page", ["comparison", "conclusion", "report.html", "report.md"])
@pytest.mark.parametrize("name", ["ppo", "", "\x00"])
def test_a_baseline_that_the_sweep_does_not_have_is_refused(
    client: httpx.Client, page: str, name: str
) -> None:
    refused = client.get(f"/sweeps/{submit(client)}/{page}", params={"baseline": name})
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error["field"] == "baseline"
    if name == "ppo":
        assert "choose one of: base, grpo, shaped/alpha=0.4" in error["message"]


def test_a_comparison_is_made_again_when_a_run_is_graded(
    client: httpx.Client, rows: Session
) -> None:
    sweep = submit(client)
    finish_runs(rows, lambda _: [1, 2, 4, 8], most=2)
    rows.commit()
    first = client.get(f"/sweeps/{sweep}/comparison")
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get(f"/sweeps/{sweep}/comparison", headers=known).status_code == 304
    finish_runs(rows, lambda _: [1, 2, 4, 8])
    rows.commit()
    second = client.get(f"/sweeps/{sweep}/comparison", headers=known)
    assert second.status_code == 200
    assert second.json() != first.json()


def test_a_comparison_can_be_had_unpacked(client: httpx.Client, rows: Session) -> None:
    sweep = submit(client)
    finish_runs(rows, lambda _: [1, 2, 4, 8])
    rows.commit()
    packed = client.get(f"/sweeps/{sweep}/comparison")
    plain = client.get(f"/sweeps/{sweep}/comparison", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.json() == packed.json()


def test_runs_that_were_not_evaluated_alike_are_not_compared(
    client: httpx.Client, rows: Session
) -> None:
    sweep = submit(client)
    rows.execute(
        text("UPDATE runs SET spec = jsonb_set(spec, '{task_version}', '\"0-old\"') WHERE seed = 1")
    )
    rows.commit()
    reply = client.get(f"/sweeps/{sweep}/comparison")
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")
    assert "task_version (0-old and " in reply.json()["message"]
