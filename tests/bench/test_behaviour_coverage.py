"""The simulations of analyses, small: intervals hold the truth, and nulls stay null."""

import pytest

from bench.behaviour_coverage import World, claim_nothing, cover_collapse, cover_gaps

RUNS = 150
ROOM = 0.04  # two standard errors of a share of 95 % in 150 analyses


@pytest.mark.parametrize("uneven", [0.25, 0.5])
@pytest.mark.parametrize("problems", [16, 64])
def test_intervals_hold_the_truth(problems: int, uneven: float) -> None:
    for row in cover_gaps(World(uneven=uneven), problems, RUNS):
        assert row.coverage >= 0.93 - ROOM, row


def test_percentile_intervals_of_few_problems_would_not() -> None:
    """Why they are not used; the simulation can tell."""
    rows = list(cover_gaps(World(uneven=0.5), 8, RUNS))
    assert all(row.percentile < 0.91 for row in rows)


@pytest.mark.parametrize("problems", [8, 32])
def test_categories_that_do_not_differ_are_rarely_called_different(problems: int) -> None:
    found = claim_nothing(problems, 5, 100)
    assert max(found.adjusted.values()) <= 0.05 + 0.045, found
    assert max(found.unadjusted.values()) > 0.07


@pytest.mark.parametrize("shift", [0.3, 0.8])
def test_information_and_retrieval_hold_theirs(shift: float) -> None:
    found = cover_collapse(16, shift, 300)
    assert min(found.coverage.values()) >= 0.93 - 0.03, found
