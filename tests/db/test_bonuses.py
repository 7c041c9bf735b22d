"""Where an arm's bonus went, read from the completions that its runs kept."""

from collections.abc import Sequence

import pytest
from psycopg import ServerCursor
from sqlalchemy import event
from sqlalchemy.orm import Session

from db import bonuses
from db.attempts import Claim
from domain.bonuses import TokenBonus
from domain.errors import Invalid, NotFound
from domain.events import Rollout
from tests.factories import claim_run, finish, record, submit_sweep

ARMS = [
    {"name": "grpo", "method": "grpo"},
    {"name": "shaped", "method": "entropy_shaped", "alpha": 0.4},
]


def kept(step: int, psi: Sequence[float]) -> Rollout:
    return Rollout(
        step=step,
        index=0,
        problem="3 4 -> 7",
        prompt="3 4 -> 7 :",
        tokens=["3", " +", " 4"],
        entropies=[0.1, 0.9, 0.2],
        advantages=[1.0, 1.0, 1.0],
        psi=list(psi),
        reward=1.0,
    )


@pytest.fixture
def sweep(db: Session) -> int:
    return submit_sweep(db, seeds=[0, 1], arms=ARMS)


def claim_arm(db: Session, method: str) -> Claim:
    while (claim := claim_run(db)).spec.method.method != method:
        finish(db, claim)
    return claim


def operators(told: bonuses.ArmBonuses) -> TokenBonus:
    return next(kind for kind in told.kinds if kind.name == "operators")


def test_an_arm_is_told_by_the_words_of_its_task(db: Session, sweep: int) -> None:
    claim = claim_arm(db, "entropy_shaped")
    record(db, claim, [kept(1, [0.1, 0.5, 0.1]), kept(10, [0.1, 0.2, 0.1])])
    told = bonuses.read_arm(db, sweep, "shaped")
    assert (told.arm, told.lexicon, told.kappa) == ("shaped/alpha=0.4", "countdown-1", 2.0)
    assert told.seeds == [claim.spec.seed]
    points = operators(told).points
    assert [(one.step, one.tokens) for one in points] == [(1, 1), (10, 1)]
    assert [one.share.value for one in points] == [pytest.approx(0.5), pytest.approx(0.2)]
    assert [one.capped.value for one in points] == [1.0, 0.0]
    assert points[0].entropy.value == pytest.approx(0.9)


def test_an_arm_that_kept_nothing_has_no_points(db: Session, sweep: int) -> None:
    told = bonuses.read_arm(db, sweep, "grpo")
    assert (told.seeds, told.kappa, operators(told).points) == ([], None, ())


def test_what_is_kept_later_changes_the_fingerprint(db: Session, sweep: int) -> None:
    before = bonuses.fingerprint(db, sweep, "shaped")
    record(db, claim_arm(db, "entropy_shaped"), [kept(1, [0.1, 0.5, 0.1])])
    assert bonuses.fingerprint(db, sweep, "shaped") != before


def test_completions_are_read_a_few_at_a_time(db: Session, sweep: int) -> None:
    """An arm of many seeds keeps gigabytes of them."""
    whole: list[str] = []

    @event.listens_for(db.connection(), "after_cursor_execute")
    def note(_connection: object, cursor: object, statement: str, *_: object) -> None:
        if "rollouts.tokens" in statement and not isinstance(cursor, ServerCursor):
            whole.append(statement)

    record(db, claim_arm(db, "entropy_shaped"), [kept(1, [0.1, 0.5, 0.1])])
    assert operators(bonuses.read_arm(db, sweep, "shaped")).points
    assert whole == []


def test_what_there_is_not_is_said(db: Session, sweep: int) -> None:
    with pytest.raises(Invalid, match="choose one of: grpo"):
        bonuses.read_arm(db, sweep, "x")
    with pytest.raises(NotFound):
        bonuses.fingerprint(db, 99, "grpo")
