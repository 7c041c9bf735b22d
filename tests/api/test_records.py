"""What a run's detail says of its failure, and what it takes to repeat an attempt, over HTTP."""

import httpx
import pytest
from sqlalchemy.orm import Session

from db import recordings
from db.attempts import Claim
from domain.events import Checkpoint
from domain.lifecycle import FailureClass
from domain.records import Code, begin_record
from tests.factories import claim_run, finish, submit_sweep


@pytest.fixture
def claim(rows: Session) -> Claim:
    submit_sweep(rows, seeds=[3], arms=[{"name": "grpo", "method": "grpo"}])
    claim = claim_run(rows)
    rows.commit()
    return claim


def test_a_failed_run_says_what_it_means_what_to_do_and_how_its_log_ended(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    recordings.record(rows, claim.run_id, claim.attempt, [], "loading\nno such column: answer\n")
    finish(rows, claim, FailureClass.BAD_DATA)
    rows.commit()
    run = client.get(f"/runs/{claim.run_id}").json()
    assert run["failure_advice"]["title"] == "Unreadable data"
    assert run["failure_advice"]["remedy"].startswith("Put the model or dataset back")
    assert run["last_lines"] == "loading\nno such column: answer"


def test_a_run_that_has_not_failed_needs_no_advice(client: httpx.Client, claim: Claim) -> None:
    run = client.get(f"/runs/{claim.run_id}").json()
    assert (run["failure_advice"], run["last_lines"]) == (None, "")


def test_the_record_of_an_attempt_comes_with_the_command_that_repeats_it(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    code = Code(version="0.1.0", commit="abc", dirty=True, diff="-x\n+y\n")
    record = begin_record(claim.spec, code, {"torch": "2.13.0"}, driver="580.1")
    recordings.note(rows, claim.run_id, claim.attempt, record)
    rows.commit()
    reply = client.get(f"/runs/{claim.run_id}/attempts/1/record").json()
    assert reply["record"]["code"] == code.model_dump()
    assert reply["record"]["packages"] == {"torch": "2.13.0"}
    assert (reply["record"]["seed"], reply["record"]["driver"]) == (3, "580.1")
    assert reply["command"].startswith(f"forkpoint run spec {claim.run_id} > spec.json && ")
    [attempt] = client.get(f"/runs/{claim.run_id}").json()["attempts"]
    assert attempt["recorded"]


def test_an_attempt_without_a_record_and_one_that_was_not_made_are_told_apart(
    client: httpx.Client, claim: Claim
) -> None:
    run_id = claim.run_id
    for number, words in ((1, "left no record"), (2, f"run {run_id} has no attempt 2")):
        reply = client.get(f"/runs/{run_id}/attempts/{number}/record")
        assert (reply.status_code, words in reply.json()["message"]) == (404, True)
    [attempt] = client.get(f"/runs/{run_id}").json()["attempts"]
    assert not attempt["recorded"]


def test_a_run_says_from_which_step_a_retry_goes_on(
    client: httpx.Client, rows: Session, claim: Claim
) -> None:
    def step() -> int:
        return int(client.get(f"/runs/{claim.run_id}").json()["checkpoint_step"])

    assert step() == 0
    saved = Checkpoint(step=4, path="/checkpoints/4")
    recordings.record(rows, claim.run_id, claim.attempt, [saved], None)
    rows.commit()
    assert step() == 4
