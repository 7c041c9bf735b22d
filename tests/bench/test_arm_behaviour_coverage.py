"""The simulations of arms' behaviour, small: intervals hold the truth, and nulls stay null."""

import pytest

from bench.arm_behaviour_coverage import claim_nothing, cover, truth

RUNS = 120
ROOM = 0.04  # two standard errors of a share of 95 % in 120 sweeps


@pytest.mark.parametrize(("seeds", "problems"), [(2, 64), (3, 16), (5, 32)])
def test_intervals_over_seeds_and_problems_hold_the_truth(seeds: int, problems: int) -> None:
    found = cover(seeds, problems, RUNS, truth())
    assert min(found.gap, found.mean, found.per_thousand) >= 0.93 - ROOM, found


@pytest.mark.parametrize(("arms", "seeds"), [(2, 1), (2, 3), (4, 3)])
def test_equal_arms_are_rarely_called_different_in_any_measure(arms: int, seeds: int) -> None:
    found = claim_nothing(arms, seeds, 24, RUNS)
    assert found.adjusted <= 0.05 + ROOM, found
    assert found.unadjusted > 0.15, "many looks would find something"
