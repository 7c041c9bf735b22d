"""The simulations of `make bench-stats`, small: intervals cover, nulls stay null, pairing pays."""

from dataclasses import replace

import pytest

from bench.coverage import Case, claim_falsely, coverage_cases, find, measure

MIDDLE = Case(seeds=3, problems=100, k=8, level=-2.0, noise=0.1)
ROOM = 0.02  # two standard errors of a share of 95 % in 1,500 sweeps and some


@pytest.mark.parametrize("noise", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("problems", [30, 100])
@pytest.mark.parametrize("seeds", [1, 2, 3, 5])
def test_intervals_cover_with_any_number_of_seeds(seeds: int, problems: int, noise: float) -> None:
    found = measure(replace(MIDDLE, seeds=seeds, problems=problems, noise=noise), 1_500)
    most = 0.99 if seeds == 2 else 0.97  # two seeds may cover more, never less
    assert 0.93 - ROOM <= found.rate <= most + ROOM
    assert 0.93 - ROOM <= found.difference <= most + ROOM


@pytest.mark.parametrize("level", [-8.0, 8.0])
@pytest.mark.parametrize("seeds", [1, 3])
def test_near_0_and_1_they_cover_more_never_less(seeds: int, level: float) -> None:
    found = measure(replace(MIDDLE, seeds=seeds, level=level), 1_000)
    assert not found.resolvable
    assert found.rate >= 0.95
    assert found.difference >= 0.95


def test_what_others_show_is_too_narrow_with_few_seeds() -> None:
    """Why none of it is used; the simulation can tell."""
    found = measure(replace(MIDDLE, noise=0.4), 1_000)
    assert found.normal is not None
    assert found.over_problems < 0.8
    assert found.hierarchical < 0.9
    assert found.normal < 0.9


@pytest.mark.parametrize("seeds", [2, 3, 5])
def test_a_grid_of_nulls_makes_no_more_false_claims_than_one_arm_may(seeds: int) -> None:
    found = claim_falsely(replace(MIDDLE, seeds=seeds), arms=16, sweeps=200)
    assert found.adjusted <= 0.05 + 0.03  # two standard errors of 200 sweeps
    assert found.unadjusted > 2 * 0.05


def test_pairing_finds_what_unpaired_intervals_miss() -> None:
    found = find(replace(MIDDLE, problems=256, seeds=5), shift=0.3, sweeps=1_000)
    assert found.paired > 1.5 * found.unpaired


def test_the_cases_span_what_is_promised() -> None:
    cases = list(coverage_cases(quick=False))
    assert {case.seeds for case in cases} == {1, 2, 3, 4, 5}
    assert {case.problems for case in cases} == {30, 100, 500}
    assert {case.k for case in cases} == {1, 8, 64}
