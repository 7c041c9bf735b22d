"""Down-sampling keeps what a reader would miss."""

import math
from itertools import pairwise

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from db import series
from db.attempts import Claim
from db.series import Series, Window
from tests.factories import claim_run, finish, metrics, record, submit_sweep, try_claim


@pytest.fixture
def claim(db: Session) -> Claim:
    submit_sweep(db)
    return claim_run(db)


def store(db: Session, claim: Claim, values: dict[int, float], name: str = "reward") -> None:
    record(db, claim, [metrics(step, {name: value}) for step, value in values.items()])


def read(db: Session, claim: Claim, points: int = 100, name: str = "reward") -> Series:
    return series.read_run(db, claim.run_id, Window([name], points)).series[0]


def test_a_short_series_is_kept_whole(db: Session, claim: Claim) -> None:
    store(db, claim, {step: step / 10 for step in range(1, 101)})
    found = read(db, claim)
    assert (found.total, found.steps) == (100, list(range(1, 101)))
    assert found.values == [step / 10 for step in range(1, 101)]


def test_a_long_series_has_about_as_many_points_as_asked_for(db: Session, claim: Claim) -> None:
    store(db, claim, {step: math.sin(step / 50) for step in range(1, 5001)})
    found = read(db, claim)
    assert found.total == 5000
    assert 60 <= len(found.steps) <= 102


def test_a_single_spike_survives(db: Session, claim: Claim) -> None:
    values = dict.fromkeys(range(1, 5001), 0.5) | {3333: 9.0, 3334: -9.0}
    store(db, claim, values)
    found = dict(zip(*steps_and_values(read(db, claim)), strict=True))
    assert (found[3333], found[3334]) == (9.0, -9.0)


def test_every_buckets_extremes_survive(db: Session, claim: Claim) -> None:
    values = {step: float((step * 7919) % 1009) for step in range(1, 3001)}
    store(db, claim, values)
    steps, kept = steps_and_values(read(db, claim))
    assert max(values.values()) in kept
    assert min(values.values()) in kept
    assert all(values[step] == value for step, value in zip(steps, kept, strict=True))


def test_the_first_and_the_last_point_survive(db: Session, claim: Claim) -> None:
    store(db, claim, dict.fromkeys(range(5, 5000), 1.0))
    steps, _ = steps_and_values(read(db, claim))
    assert (steps[0], steps[-1]) == (5, 4999)


def test_steps_are_in_order_and_distinct(db: Session, claim: Claim) -> None:
    store(db, claim, dict.fromkeys(range(1, 3000), 1.0))
    steps, _ = steps_and_values(read(db, claim))
    assert all(one < other for one, other in pairwise(steps))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_broken_value_stays_null_and_hides_no_extreme(
    db: Session, claim: Claim, value: float
) -> None:
    store(db, claim, dict.fromkeys(range(1, 3001), 0.5) | {1500: value, 1501: 9.0})
    steps, values = steps_and_values(read(db, claim))
    found = dict(zip(steps, values, strict=True))
    assert (found[1500], found[1501]) == (None, 9.0)


def test_a_series_of_nothing_but_nan_is_null_throughout(db: Session, claim: Claim) -> None:
    store(db, claim, dict.fromkeys(range(1, 500), math.nan))
    assert set(read(db, claim).values) == {None}


def test_names_without_points_have_no_series(db: Session, claim: Claim) -> None:
    store(db, claim, {1: 1.0})
    page = series.read_run(db, claim.run_id, Window(["reward", "nothing"]))
    assert [one.name for one in page.series] == ["reward"]


def test_a_name_that_one_seed_alone_reported_is_read(db: Session) -> None:
    sweep_id = submit_sweep(db)
    while claim := try_claim(db):
        odd = claim.spec.seed == 0 and claim.spec.method.method == "grpo"
        record(db, claim, [metrics(1, {"odd" if odd else "reward": 1.0})])
        finish(db, claim)
    found = series.read_sweep(db, sweep_id, Window(["odd"])).series
    assert [(one.arm, one.seed) for one in found] == [("grpo", 0)]


def test_names_that_nothing_reported_are_not_looked_for_one_by_one(
    db: Session, claim: Claim
) -> None:
    store(db, claim, {1: 1.0})
    statements: list[str] = []

    @event.listens_for(db.connection(), "before_cursor_execute")
    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    series.read_run(db, claim.run_id, Window([f"nothing{number}" for number in range(50)]))
    assert len(statements) < 10


def test_steps_far_apart_do_not_overflow(db: Session, claim: Claim) -> None:
    store(db, claim, {1 + number * 20_000_000: float(number) for number in range(100)})
    assert read(db, claim, points=10).steps[-1] == 1 + 99 * 20_000_000


def test_many_series_share_the_points_of_a_reply(
    db: Session, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "MAX_POINTS", 40)
    store(db, claim, {step: float(step % 7) for step in range(1, 1001)})
    assert len(read(db, claim, points=500).steps) <= 42


def test_the_names_of_a_sweep_are_those_of_every_arm(db: Session) -> None:
    """However many runs come before: the last arm may be the only one with its metric."""
    sweep_id = submit_sweep(db, seeds=list(range(60)))
    while claim := try_claim(db):
        name = "psi/mean" if claim.spec.method.method == "entropy_shaped" else "reward"
        record(db, claim, [metrics(1, {name: 1.0})])
        finish(db, claim)
    assert series.read_sweep(db, sweep_id, Window()).names == ["psi/mean", "reward", "seconds"]


def steps_and_values(found: Series) -> tuple[list[int], list[float | None]]:
    return found.steps, found.values
