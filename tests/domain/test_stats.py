"""pass@k against exact arithmetic and brute force."""

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest

from domain.stats import (
    compared_ks,
    covers_at,
    excludes_zero,
    histogram,
    pass_at_k,
    pass_at_ks,
    powers_of_two,
)

SIZES = range(1, 65)


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


@pytest.mark.parametrize("n", range(1, 9))
def test_pass_at_k_is_the_share_of_subsets_with_a_correct_sample(n: int) -> None:
    """Brute force: every way to draw k of n samples."""
    for c in range(n + 1):
        samples = [True] * c + [False] * (n - c)
        for k in range(1, n + 1):
            hits = [any(subset) for subset in combinations(samples, k)]
            assert pass_at_k(n, c, k) == pytest.approx(sum(hits) / len(hits), abs=1e-12)


def test_cover_counts_problems_at_or_above_a_rate() -> None:
    covered = covers_at(10, [0, 1, 3, 10], [0.1, 0.3, 1.0])
    assert covered.tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]


@pytest.mark.parametrize("n", [3, 7, 10, 64])
def test_a_rate_of_exactly_tau_is_covered(n: int) -> None:
    for c in range(n + 1):
        assert covers_at(n, [c], [c / n])[0, 0] == 1


def test_the_histogram_keeps_none_and_all_apart() -> None:
    assert histogram(10, [0, 0, 1, 2, 9, 10]).tolist() == [2, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
    assert histogram(64, [1, 7, 63]).tolist() == [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]


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
    assert excludes_zero(low, high) is expected
