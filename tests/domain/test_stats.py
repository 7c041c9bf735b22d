"""pass@k against exact arithmetic, and intervals against a plain loop."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from domain.stats import (
    DRAWS,
    Estimate,
    average,
    compared_ks,
    estimate_means,
    pass_at_k,
    pass_at_ks,
    powers_of_two,
    problem_weights,
)

SIZES = range(1, 25)


def exact(n: int, c: int, k: int) -> Fraction:
    return 1 - Fraction(comb(n - c, k), comb(n, k))


@pytest.mark.parametrize("n", SIZES)
def test_pass_at_k_is_exact_for_every_count_and_k(n: int) -> None:
    for c in range(n + 1):
        for k in range(1, n + 1):
            assert pass_at_k(n, c, k) == pytest.approx(float(exact(n, c, k)), abs=1e-12)


@pytest.mark.parametrize("n", SIZES)
def test_the_table_is_exact_for_every_count_and_k(n: int) -> None:
    table = pass_at_ks(n, range(n + 1), range(1, n + 1))
    wanted = [[float(exact(n, c, k)) for k in range(1, n + 1)] for c in range(n + 1)]
    assert np.abs(table - wanted).max() < 1e-12


@pytest.mark.parametrize("n", [64, 256, 1024])
def test_the_table_is_exact_for_many_samples(n: int) -> None:
    counts, ks = [0, 1, 2, n // 3, n - 1, n], [1, 2, n // 2, n - 1, n]
    wanted = [[float(exact(n, c, k)) for k in ks] for c in counts]
    assert np.abs(pass_at_ks(n, counts, ks) - wanted).max() < 1e-12


@pytest.mark.parametrize(("n", "c", "k"), [(4, 0, 5), (4, 0, 0), (4, 5, 1), (4, -1, 1)])
def test_what_cannot_be_estimated_without_bias_is_refused(n: int, c: int, k: int) -> None:
    with pytest.raises(ValueError, match="must be between"):
        pass_at_k(n, c, k)


@pytest.mark.parametrize("ks", [[5], [0, 1], []])
def test_a_table_beyond_the_samples_is_refused(ks: list[int]) -> None:
    with pytest.raises(ValueError, match="every k must be between"):
        pass_at_ks(4, [0], ks)


def test_every_resample_weighs_one_in_all() -> None:
    weights = problem_weights(7)
    assert weights.shape == (DRAWS, 7)
    assert np.allclose(weights.sum(axis=1), 1)


def test_the_same_problems_are_drawn_every_time() -> None:
    assert problem_weights(5) is problem_weights(5)
    assert np.array_equal(problem_weights(5), problem_weights.__wrapped__(5))


def test_an_interval_is_that_of_a_plain_loop_over_resamples() -> None:
    values = np.array([[0.1, 0.5], [0.3, 0.9], [0.8, 1.0], [0.0, 0.2]])
    weights = problem_weights(4)
    for column, estimate in enumerate(estimate_means(values, weights)):
        means = sorted(
            sum(float(w) * float(v) for w, v in zip(row, values[:, column], strict=True))
            for row in weights
        )
        assert estimate.mean == pytest.approx(values[:, column].mean())
        assert estimate.low == pytest.approx(float(np.quantile(means, 0.025)))
        assert estimate.high == pytest.approx(float(np.quantile(means, 0.975)))


def test_intervals_over_problems_cover_what_they_claim() -> None:
    """60 problems, 400 evaluation sets: 95 % intervals miss the truth about 5 % of the time."""
    generator = np.random.default_rng(1)
    rates = generator.beta(0.6, 0.9, size=(400, 60))
    truth = 0.6 / 1.5
    weights = problem_weights(60)
    hits = [
        estimate.low <= truth <= estimate.high
        for rate in rates
        for estimate in estimate_means(rate[:, None], weights)
    ]
    assert 0.91 <= sum(hits) / len(hits) <= 0.98


def test_the_mean_over_seeds_is_taken_problem_by_problem() -> None:
    one, other = np.array([[0.0], [1.0]]), np.array([[1.0], [1.0]])
    assert average([one, other]).tolist() == [[0.5], [1.0]]


def test_every_k_is_compared_up_to_256_samples() -> None:
    assert compared_ks(64) == list(range(1, 65))


def test_beyond_256_samples_powers_of_two_are_compared() -> None:
    assert compared_ks(1500)[255:] == [256, 512, 1024, 1500]


@pytest.mark.parametrize(("n", "ks"), [(1, [1]), (8, [1, 2, 4, 8]), (10, [1, 2, 4, 8, 10])])
def test_powers_of_two_end_with_all_samples(n: int, ks: list[int]) -> None:
    assert powers_of_two(n) == ks


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.001, 0.2, True),
        (-0.2, -0.001, True),
        (-0.001, 0.2, False),
        (0.0, 0.2, False),
        (1e-17, 0.2, False),
        (-0.2, -1e-17, False),
    ],
)
def test_an_interval_excludes_zero_when_both_ends_are_on_one_side(
    low: float, high: float, expected: bool
) -> None:
    assert Estimate(mean=(low + high) / 2, low=low, high=high).excludes_zero is expected
