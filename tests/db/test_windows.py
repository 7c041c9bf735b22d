"""A part of a curve, drawn against steps, tokens or seconds: counted, thinned and placed."""

import math
from collections.abc import Mapping

import pytest
from sqlalchemy.orm import Session

from db import series
from db.attempts import Claim
from db.axes import Axis
from db.series import Series, Window
from db.stretches import Gap
from domain.errors import Invalid
from tests.factories import claim_run, finish, metrics, record, submit_sweep

LONG = {step: float((step * 7919) % 1009) for step in range(1, 3001)}


@pytest.fixture
def claim(db: Session) -> Claim:
    submit_sweep(db)
    return claim_run(db)


def store(db: Session, claim: Claim, values: Mapping[int, float]) -> None:
    """A token every step but for a pause at 1000, and two seconds a step."""
    points = {step: tokens(step) for step in values}
    record(
        db,
        claim,
        [
            metrics(step, {"reward": value, "tokens": points[step]}).model_copy(
                update={"seconds": 2.0 * step}
            )
            for step, value in values.items()
        ],
    )


def tokens(step: int) -> float:
    return 10.0 * step if step <= 1000 else 10.0 * step + 5000


def read(db: Session, claim: Claim, **window: object) -> Series:
    asked = Window(["reward"], **{"points": 100, **window})  # type: ignore[arg-type]
    return series.read_run(db, claim.run_id, asked).series[0]


def test_a_part_is_finer_than_the_whole_and_counts_its_own_points(
    db: Session, claim: Claim
) -> None:
    store(db, claim, LONG)
    whole, part = read(db, claim), read(db, claim, low=1200, high=1279)
    assert (whole.total, part.total) == (3000, 80)
    inside = [step for step in part.steps if 1200 <= step <= 1279]
    assert inside == list(range(1200, 1280))
    assert part.values == [LONG[step] for step in part.steps]


def test_the_points_beside_a_part_come_along_uncounted(db: Session, claim: Claim) -> None:
    store(db, claim, LONG)
    part = read(db, claim, low=100, high=110)
    assert (part.steps[0], part.steps[-1], part.total) == (99, 111, 11)


def test_a_part_between_two_points_has_the_line_through_it(db: Session, claim: Claim) -> None:
    store(db, claim, {1: 1.0, 500: 2.0})
    part = read(db, claim, low=100, high=200)
    assert (part.total, part.steps, part.values) == (0, [1, 500], [1.0, 2.0])


def test_extremes_of_a_long_part_survive(db: Session, claim: Claim) -> None:
    store(db, claim, LONG | {2222: 1e9, 2223: -1e9})
    part = read(db, claim, low=1000, high=2999)
    found = dict(zip(part.steps, part.values, strict=True))
    assert (part.total, found[2222], found[2223]) == (2000, 1e9, -1e9)
    assert len(part.steps) <= 104


def test_means_of_stretches_come_with_a_thinned_series_alone(db: Session, claim: Claim) -> None:
    store(db, claim, LONG)
    means = read(db, claim).means
    assert means is not None
    assert len(means.steps) == 49
    mean = sum(value or 0 for value in means.values) / 49
    assert mean == pytest.approx(sum(LONG.values()) / 3000, rel=0.01)
    assert means.steps == sorted(means.steps)
    assert read(db, claim, low=1, high=90).means is None


def test_stretches_are_the_same_for_runs_of_different_length(db: Session) -> None:
    """So that a mean over seeds compares the same part of training."""
    sweep_id = submit_sweep(db)
    for last in (3000, 1500):
        claim = claim_run(db)
        store(db, claim, dict.fromkeys(range(1, last + 1), 1.0))
        finish(db, claim)
    longer, shorter = series.read_sweep(db, sweep_id, Window(["reward"], 100)).series
    assert longer.means is not None
    assert shorter.means is not None
    shared = longer.means.steps[: len(shorter.means.steps) - 1]
    assert shared == shorter.means.steps[:-1]


def test_a_stretch_with_a_value_that_is_no_number_has_no_mean(db: Session, claim: Claim) -> None:
    store(db, claim, LONG | {1500: math.nan})
    means = read(db, claim).means
    assert means is not None
    [at] = [place for place, value in enumerate(means.values) if value is None]
    assert abs(means.steps[at] - 1500) < 40


def test_values_too_large_to_be_summed_have_no_mean_and_break_nothing(
    db: Session, claim: Claim
) -> None:
    store(db, claim, dict.fromkeys(range(1, 3001), 1.7e308))
    found = read(db, claim)
    assert found.means is not None
    assert set(found.means.values) == {None}
    assert set(found.values) == {1.7e308}
    assert found.gap is None


@pytest.mark.parametrize("points", [100, 1000])
def test_a_gap_that_lasts_is_told_from_one_that_ends(
    db: Session, claim: Claim, points: int
) -> None:
    values = dict.fromkeys(range(1, 501), 1.0)
    store(db, claim, values | dict.fromkeys(range(420, 501), math.inf) | {42: math.nan})
    assert read(db, claim, points=points).gap == Gap(82, 42, lasting=False)
    assert read(db, claim, points=points, low=100).gap == Gap(81, 420, lasting=True)
    assert read(db, claim, points=points, low=100, high=300).gap is None


@pytest.mark.parametrize("axis", [Axis.TOKENS, Axis.SECONDS])
def test_places_on_another_axis_are_those_reported(db: Session, claim: Claim, axis: Axis) -> None:
    store(db, claim, LONG)
    found = read(db, claim, axis=axis)
    place = tokens if axis is Axis.TOKENS else (lambda step: 2.0 * step)
    assert found.xs == [place(step) for step in found.steps]
    assert found.means is not None
    assert found.means.xs is not None
    for step, x in zip(found.means.steps, found.means.xs, strict=True):
        assert x == pytest.approx(place(math.ceil(step)), rel=0.05)


def test_a_part_on_another_axis_is_found_by_its_places(db: Session, claim: Claim) -> None:
    store(db, claim, LONG)
    part = read(db, claim, axis=Axis.TOKENS, low=9990, high=15_020)
    assert (part.total, part.steps) == (4, [998, 999, 1000, 1001, 1002, 1003])
    assert part.xs == [tokens(step) for step in part.steps]


def test_a_part_on_another_axis_that_holds_no_point_has_the_line_through_it(
    db: Session, claim: Claim
) -> None:
    store(db, claim, LONG)
    part = read(db, claim, axis=Axis.TOKENS, low=11_000, high=14_000)
    assert (part.total, part.steps) == (0, [1000, 1001])


def test_runs_and_arms_are_chosen_together(db: Session) -> None:
    sweep_id = submit_sweep(db)
    ids = []
    for _ in range(5):
        claim = claim_run(db)
        store(db, claim, {1: 1.0})
        finish(db, claim)
        ids.append(claim.run_id)
    page = series.read_sweep(db, sweep_id, Window(["reward"], arms=["grpo"]))
    assert [(one.arm, one.seed) for one in page.series] == [("grpo", 0), ("grpo", 1)]
    page = series.read_sweep(db, sweep_id, Window(["reward"], arms=["grpo"], runs=[ids[-1]]))
    assert len(page.series) == 3
    assert page.names == ["reward", "seconds", "tokens"]


def test_what_the_sweep_lacks_is_named(db: Session) -> None:
    sweep_id = submit_sweep(db)
    with pytest.raises(Invalid) as caught:
        series.read_sweep(db, sweep_id, Window(["reward"], arms=["grpo", "ppo"], runs=[999]))
    assert [error.field for error in caught.value.errors] == ["arms[1]", "runs[0]"]


def test_the_fingerprint_changes_with_what_is_reported(db: Session) -> None:
    sweep_id = submit_sweep(db)
    claim = claim_run(db)
    seen = [series.fingerprint_sweep(db, sweep_id)]
    for step in (1, 2):
        store(db, claim, {step: 1.0})
        seen.append(series.fingerprint_sweep(db, sweep_id))
    assert len(set(seen)) == 3
    assert series.fingerprint_sweep(db, sweep_id) == seen[-1]
