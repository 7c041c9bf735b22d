"""Differences in entropy: planted ones are found, what place or problem explains is told apart."""

from collections.abc import Callable

import numpy as np
import pytest

from domain.gaps import DECILES, Side, Split, across, within
from domain.resampling import FEWEST, Floats, Statistic, measure, ratio, weights_of

PROBLEMS = 40


def at(statistic: Statistic, problems: int = PROBLEMS) -> float:
    return float(statistic(np.ones((1, problems))).value[0])


def side(n: Floats, mean: Floats) -> Side:
    return Side(n, n * mean)


def world(gap: float = 0.0, by_place: float = 0.0, by_problem: float = 0.0) -> Split:
    """Early places and hard problems have more of the words, and more entropy as far as is said."""
    place = by_place * np.linspace(1, 0, DECILES)[None, :]
    problem = by_problem * np.linspace(1, 0, PROBLEMS)[:, None]
    level = 0.5 + place + problem
    early = np.linspace(20, 1, DECILES)[None, :] * np.linspace(2, 0.5, PROBLEMS)[:, None]
    inside = np.round(early)
    outside = np.full((PROBLEMS, DECILES), 50.0)
    return Split(side(inside, level + gap), side(outside, level))


def test_a_planted_difference_is_found_in_every_view() -> None:
    split = world(gap=0.25)
    for statistic in (across(split.merged()), across(split), within(split.merged()), within(split)):
        assert at(statistic) == pytest.approx(0.25)


def test_what_the_place_explains_is_gone_within_places() -> None:
    split = world(by_place=1.0)
    assert at(across(split.merged())) > 0.15
    assert at(across(split)) == pytest.approx(0.0, abs=0.01)
    assert at(within(split.merged())) > 0.15


def test_what_the_problem_explains_is_gone_within_problems() -> None:
    split = world(by_problem=1.0)
    assert at(across(split.merged())) > 0.05
    assert at(within(split.merged())) == pytest.approx(0.0, abs=1e-9)


def test_both_at_once_are_gone_within_both() -> None:
    assert at(within(world(by_place=1.0, by_problem=1.0))) == pytest.approx(0.0, abs=1e-9)


def test_the_difference_is_that_of_a_regression_with_a_constant_for_each_stratum() -> None:
    generator = np.random.default_rng(0)
    n, m = (generator.integers(0, 4, size=(6, 3)).astype(float) for _ in range(2))
    a, b = n * generator.random((6, 3)), m * generator.random((6, 3))
    rows = [
        (stratum, inside, mean)
        for counts, totals, inside in ((n, a, 1.0), (m, b, 0.0))
        for problem in range(6)
        for stratum in range(3)
        for mean in [totals[problem, stratum] / max(counts[problem, stratum], 1)]
        for _ in range(int(counts[problem, stratum]))
    ]
    design = np.array([[inside, *np.eye(3)[stratum]] for stratum, inside, _ in rows])
    fitted = np.linalg.lstsq(design, np.array([mean for *_, mean in rows]), rcond=None)[0]
    assert at(across(Split(Side(n, a), Side(m, b))), 6) == pytest.approx(fitted[0])


@pytest.mark.parametrize("make", [across, within])
def test_the_linearised_error_is_close_to_the_jackknifes(
    make: Callable[[Split], Statistic],
) -> None:
    generator = np.random.default_rng(1)
    split = world(gap=0.2, by_place=0.5)
    noisy = Split(
        Side(split.inside.n, split.inside.total * generator.uniform(0.7, 1.3, (PROBLEMS, 1))),
        Side(split.outside.n, split.outside.total * generator.uniform(0.7, 1.3, (PROBLEMS, 1))),
    )
    statistic = make(noisy)
    linear = float(statistic(np.ones((1, PROBLEMS))).error[0])
    without = statistic(np.ones((PROBLEMS, PROBLEMS)) - np.eye(PROBLEMS)).value
    jackknife = np.sqrt((PROBLEMS - 1) / PROBLEMS * ((without - without.mean()) ** 2).sum())
    assert linear == pytest.approx(jackknife, rel=0.1)


def test_a_word_in_too_few_problems_has_a_difference_without_an_interval() -> None:
    split = world(gap=0.3)
    few = np.zeros((PROBLEMS, 1))
    few[: FEWEST - 1] = 1
    rare = Split(Side(split.inside.n * few, split.inside.total * few), split.outside)
    found = measure(across(rare.merged()), PROBLEMS, rare.present)
    assert found.figure.value is not None
    assert (found.figure.low, found.p) == (None, None)


def test_problems_where_like_meets_like_are_told_from_those_where_it_does_not() -> None:
    inside, outside = np.zeros((6, 2)), np.zeros((6, 2))
    inside[:, 0], outside[:, 1], outside[0, 0] = 1, 1, 1
    split = Split(Side(inside, inside), Side(outside, outside))
    assert (split.present, split.merged().compared, split.compared) == (6, 6, 1)


def test_of_both_sides_the_one_in_fewer_problems_tells_how_much_is_known() -> None:
    inside, outside = np.zeros((6, 2)), np.zeros((6, 2))
    inside[:, 0], outside[:3, 1], outside[0, 0] = 1, 1, 1
    split = Split(Side(inside, inside), Side(outside, outside))
    assert (split.merged().telling, split.telling) == (3, 1)


def test_a_word_that_nobody_wrote_has_no_mean() -> None:
    nothing = np.zeros(PROBLEMS)
    assert measure(ratio(nothing, nothing), PROBLEMS, 0).figure.value is None


def test_where_all_problems_say_the_same_the_interval_is_that() -> None:
    found = measure(ratio(np.full(9, 2.0), np.full(9, 4.0)), 9, 9).figure
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


def test_the_answer_is_the_same_every_time() -> None:
    split = world(gap=0.1, by_problem=0.5)
    first = measure(across(split), PROBLEMS, PROBLEMS)
    weights_of.cache_clear()
    again = measure(across(split), PROBLEMS, PROBLEMS)
    assert (first.figure, first.p) == (again.figure, again.p)
