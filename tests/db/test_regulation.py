"""The first and the last tenth of finished runs, as they were recorded."""

import math

import pytest
from sqlalchemy.orm import Session

from db.attempts import Claim
from db.regulation import read_regulation
from tests.factories import claim_run, finish, metrics, record, submit_sweep, try_claim


def values(step: int) -> dict[str, float]:
    return {"entropy/mean": 1 / step, "psi/share": step / 100, "psi/capped": 0.5}


def report(db: Session, claim: Claim, steps: int, broken: int | None = None) -> None:
    known = [values(step) for step in range(1, steps + 1)]
    if broken is not None:
        known[broken - 1]["psi/share"] = math.nan
    record(db, claim, [metrics(step, one) for step, one in enumerate(known, start=1)])


def finish_all(db: Session, broken: int | None = None) -> None:
    while claim := try_claim(db):
        report(db, claim, 41, broken if claim.spec.seed == 1 else None)
        finish(db, claim)


def test_the_ends_are_the_first_and_the_last_tenth_of_the_steps(db: Session) -> None:
    sweep_id = submit_sweep(db)
    finish_all(db)
    found = read_regulation(db, sweep_id)
    [arm] = found.arms
    assert (arm.name, arm.seeds) == ("shaped/alpha=0.4", 2)
    assert (arm.share.first, arm.share.last) == pytest.approx((0.03, 0.39))
    entropy = sum(1 / step for step in range(1, 6)) / 5
    assert found.baseline_entropy is not None
    assert found.baseline_entropy.first == pytest.approx(entropy)


@pytest.mark.parametrize(("broken", "left_out"), [(3, 1), (20, 0), (41, 1)])
def test_a_value_at_an_end_that_is_no_number_leaves_the_run_out(
    db: Session, broken: int, left_out: int
) -> None:
    sweep_id = submit_sweep(db)
    finish_all(db, broken)
    [arm] = read_regulation(db, sweep_id).arms
    assert (arm.seeds, arm.left_out) == (2 - left_out, left_out)


def test_runs_that_have_not_finished_do_not_count(db: Session) -> None:
    arms = [{"name": "shaped", "method": "entropy_shaped", "alpha": 0.4}]
    sweep_id = submit_sweep(db, arms=arms, baseline="shaped")
    report(db, claim_run(db), 41)
    found = read_regulation(db, sweep_id)
    assert found.arms == []
    assert found.summary.startswith("No shaped run has finished yet")


def test_a_sweep_without_shaped_arms_says_so(db: Session) -> None:
    sweep_id = submit_sweep(db, arms=[{"name": "grpo", "method": "grpo"}])
    assert read_regulation(db, sweep_id).summary == "No arm of this sweep shapes its advantages."
