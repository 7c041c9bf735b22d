"""Detectable differences against simulation, and the seeds that a finer one takes."""

import numpy as np
import pytest

from domain.intervals import Moments, Part, analyse, half_width
from domain.powers import MOST_SEEDS, detectable, seeds_to_detect, with_seeds

ALONE = None
STRICT = np.array([0.997])  # of sixteen arms, about


def moments(seeds: int, between_seeds: float, problems: float) -> Moments:
    return Moments(
        mean=np.zeros(1),
        seeds=(Part(np.array([between_seeds / seeds]), seeds - 1),),
        problems=Part(np.array([problems]), 255),
        by_problem=np.zeros((256, 1)),
    )


@pytest.mark.parametrize("seeds", [3, 5])
def test_the_detectable_difference_is_found_eight_times_in_ten(seeds: int) -> None:
    generator = np.random.default_rng(seeds)
    noise = 0.05 * generator.standard_normal((seeds, 1, 2000)) + 0.3 * generator.standard_normal(
        (1, 100, 2000)
    )
    known = analyse(noise)
    mean_parts = Moments(
        mean=np.zeros(1),
        seeds=(Part(np.array([0.05**2 / seeds]), seeds - 1),),
        problems=Part(np.array([0.3**2 / 100]), 99),
        by_problem=known.by_problem[:, :1],
    )
    shift = detectable(mean_parts, ALONE)[0]
    seen = analyse(noise + shift)
    found = float(np.mean(np.abs(seen.mean) > half_width(seen)))
    assert 0.72 < found < 0.9


def test_more_seeds_resolve_less() -> None:
    found = [
        float(detectable(with_seeds(moments(3, 0.01, 1e-4), seeds), ALONE)[0])
        for seeds in (2, 3, 6, 12)
    ]
    assert found == sorted(found, reverse=True)


def test_the_seeds_there_are_change_nothing() -> None:
    now = moments(4, 0.01, 1e-4)
    assert detectable(with_seeds(now, 4), ALONE) == pytest.approx(detectable(now, ALONE))


def test_the_fewest_seeds_that_resolve_a_difference_are_told() -> None:
    now = moments(3, 0.0004, 1e-6)
    (seeds,) = seeds_to_detect(now, ALONE, 0.03)
    assert seeds is not None
    assert detectable(with_seeds(now, seeds), ALONE)[0] <= 0.03
    assert detectable(with_seeds(now, seeds - 1), ALONE)[0] > 0.03


def test_what_no_number_of_seeds_resolves_is_said() -> None:
    """The problems' part stays, however many seeds there are."""
    assert seeds_to_detect(moments(3, 1e-6, 0.01), ALONE, 0.03) == (None,)
    assert MOST_SEEDS == 32


def test_seeds_shorten_the_tails_of_adjusted_intervals_too() -> None:
    """With three seeds, an interval for sixteen arms is far wider than with ten: the advice is
    for the intervals that ten seeds would have."""
    now = moments(3, 0.0004, 1e-6)
    (alone,) = seeds_to_detect(now, ALONE, 0.03)
    (beside,) = seeds_to_detect(now, STRICT, 0.03)
    assert alone is not None
    assert beside is not None
    assert alone < beside < 2.5 * alone
    assert detectable(with_seeds(now, beside), STRICT)[0] <= 0.03
    assert detectable(with_seeds(now, beside - 1), STRICT)[0] > 0.03


def test_one_seed_says_nothing_about_more() -> None:
    single = analyse(np.random.default_rng(0).standard_normal((1, 50, 1)))
    assert seeds_to_detect(single, ALONE) == (None,)
    with pytest.raises(ValueError, match="one seed says nothing"):
        with_seeds(single, 3)
