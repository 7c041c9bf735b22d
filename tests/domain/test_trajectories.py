"""Means over seeds with their gaps, and the rules by which a run is said to have gone astray."""

import numpy as np
import pytest
import scipy.stats

from domain.trajectories import Course, Trace, average, describe_divergence


def trace(seed: int, *values: float | None, arm: str = "grpo") -> Trace:
    points = {place: (float(place), value) for place, value in enumerate(values, start=1)}
    return Trace(arm, seed, "entropy/mean", points)


def course(first: float, last: float, **broken: int) -> Course:
    return Course(7, "shaped/alpha=0.4", 1, first, last, broken)


def test_a_trajectory_is_the_mean_over_seeds_with_students_band() -> None:
    (found,) = average([trace(0, 1.0, 2.0), trace(1, 3.0, 2.5), trace(2, 2.0, 2.1)])
    columns = np.array([[1.0, 3.0, 2.0], [2.0, 2.5, 2.1]])
    half = scipy.stats.t.ppf(0.975, 2) * scipy.stats.sem(columns, axis=1)
    assert (found.arm, found.name, found.seeds) == ("grpo", "entropy/mean", 3)
    assert found.mean == pytest.approx(columns.mean(axis=1))
    assert found.half == pytest.approx(half)


def test_one_seed_has_no_band() -> None:
    (found,) = average([trace(0, 1.0, 2.0)])
    assert (found.seeds, found.mean, found.half) == (1, (1.0, 2.0), None)


def test_a_value_that_is_not_finite_leaves_a_gap_and_not_the_other_seeds_mean() -> None:
    (found,) = average([trace(0, 1.0, None), trace(1, 3.0, 2.0)])
    assert found.mean == (2.0, None)
    assert found.half is not None
    assert found.half[1] is None


def test_seeds_are_averaged_over_the_steps_that_all_have() -> None:
    (found,) = average([trace(0, 1.0, 2.0, 9.0), trace(1, 3.0, 2.0)])
    assert found.steps == (1.0, 2.0)


def test_arms_keep_their_order() -> None:
    found = average([trace(0, 1.0, arm="z"), trace(0, 1.0, arm="a"), trace(1, 1.0, arm="z")])
    assert [(one.arm, one.seeds) for one in found] == [("z", 2), ("a", 1)]


def test_entropy_that_more_than_doubles_has_exploded() -> None:
    (sentence,) = describe_divergence([course(0.5, 1.1)])
    assert sentence.startswith("Entropy exploded in 1 run ")
    assert "run 7 (shaped/alpha=0.4, seed 1; 0.5 to 1.1\u00a0nats)" in sentence


def test_entropy_below_a_twentieth_has_collapsed() -> None:
    (sentence,) = describe_divergence([course(1.0, 0.04)])
    assert sentence.startswith("Entropy collapsed in 1 run ")


def test_entropy_that_falls_as_it_does_in_training_is_no_divergence() -> None:
    assert describe_divergence([course(0.5, 1.0), course(0.5, 0.1), Course(1, "a", 0, 0, 0)]) == []


def test_values_that_are_not_finite_are_named_with_their_first_step() -> None:
    (sentence,) = describe_divergence([course(1.0, 0.5, loss=12, grad_norm=9)])
    assert "Metrics of 1 run hold values that are not finite" in sentence
    assert "grad_norm from step 9 and 1 more" in sentence


def test_many_runs_are_counted_and_not_all_named() -> None:
    (sentence,) = describe_divergence([course(1.0, 3.0)] * 9)
    assert "in 9 runs" in sentence
    assert sentence.endswith(" and 3 more.")
