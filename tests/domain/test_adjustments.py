"""Adjusted p-values against plain loops, known limits and exact enumeration."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
import scipy.stats

from domain.adjustments import Draws, adjust, adjusted_half_width, flip_signs, step_down
from domain.intervals import Floats, Moments, analyse, half_width


def arms(number: int, seeds: int = 1, problems: int = 200, shift: float = 0.0) -> list[Moments]:
    """Arms whose differences have nothing in common."""
    generator = np.random.default_rng(number + seeds)
    return [analyse(shift + generator.standard_normal((seeds, problems, 1))) for _ in range(number)]


def widening(family: Sequence[Moments]) -> Floats:
    """How much wider than alone each interval is, of shape (arms, columns)."""
    level = adjust(family).level
    return np.array([adjusted_half_width(one, level) / half_width(one) for one in family])


def stepped(measured: Sequence[float], null: Draws) -> list[float]:
    """Westfall and Young's algorithm 2.8 as it is written."""
    order = sorted(range(len(measured)), key=lambda arm: -measured[arm])
    found, last = [0.0] * len(measured), 0.0
    for rank, arm in enumerate(order):
        rest = order[rank:]
        beyond = sum(max(draw[other] for other in rest) >= measured[arm] for draw in null.T)
        last = max(last, (1 + beyond) / (1 + null.shape[1]))
        found[arm] = last
    return found


def test_stepping_down_is_the_written_algorithm() -> None:
    generator = np.random.default_rng(0)
    null = np.abs(generator.standard_normal((6, 300))).astype(np.float32)
    measured = np.abs(generator.standard_normal(6)) + 0.5
    assert step_down(measured, null).tolist() == pytest.approx(stepped(measured.tolist(), null))


def test_what_shows_no_difference_has_p_1() -> None:
    assert step_down(np.array([0.0, 2.0]), np.ones((2, 9), np.float32)).tolist() == [1.0, 0.1]


@pytest.mark.parametrize("number", [2, 5, 16])
def test_independent_arms_widen_as_sidak_says(number: int) -> None:
    level = 0.95 ** (1 / number)
    wanted = scipy.stats.norm.ppf((1 + level) / 2) / scipy.stats.norm.ppf(0.975)
    assert widening(arms(number))[0, 0] == pytest.approx(wanted, abs=0.04)


def test_equal_arms_need_no_widening() -> None:
    (one,) = arms(1)
    assert widening([one] * 8)[:, 0] == pytest.approx(np.ones(8), abs=0.03)


def test_a_single_arm_keeps_its_interval() -> None:
    assert adjust(arms(1)).level is None
    assert widening(arms(1)).tolist() == [[1.0]]


def test_few_seeds_widen_far_more_than_many() -> None:
    """The tails of t with one degree of freedom are long."""
    generator = np.random.default_rng(0)

    def widened(seeds: int) -> float:
        noise = generator.standard_normal((8, seeds, 1, 1)) + np.zeros((1, 1, 50, 1))
        return float(widening([analyse(one) for one in noise])[0, 0])

    assert widened(2) > 5
    assert 1.3 < widened(5) < 3


def test_a_true_difference_survives_beside_nulls() -> None:
    family = [*arms(1, seeds=3, shift=1.0), *arms(15, seeds=3)]
    p = adjust(family).p[:, 0]
    assert p[0] < 0.05
    assert (p[1:] > 0.05).all()


def test_the_adjusted_p_of_the_best_arm_agrees_with_its_adjusted_interval() -> None:
    for shift in np.linspace(0.1, 0.3, 30):
        family = [*arms(1, shift=float(shift)), *arms(7)]
        found = adjust(family)
        excludes = np.abs(family[0].mean) > adjusted_half_width(family[0], found.level)
        if abs(found.p[0, 0] - 0.05) > 0.005:  # within it they are one draw apart
            assert excludes[0] == (found.p[0, 0] < 0.05)


def test_each_column_is_adjusted_by_itself() -> None:
    family, others = arms(4, shift=0.2), arms(4, seeds=2)
    both = [
        analyse(np.concatenate([np.repeat(one.by_problem[None], 2, axis=0), stack(two)], axis=2))
        for one, two in zip(family, others, strict=True)
    ]
    alone = [analyse(np.repeat(one.by_problem[None], 2, axis=0)) for one in family]
    assert adjust(both).p[:, 0] == pytest.approx(adjust(alone).p[:, 0])
    assert adjust(both).p[:, 1] != pytest.approx(adjust(alone).p[:, 0])


def stack(moments: Moments) -> Floats:
    return np.stack([moments.by_problem, moments.by_problem + 0.01])


def test_arms_of_one_and_of_several_seeds_are_one_family() -> None:
    family = [*arms(3, seeds=1), *arms(3, seeds=3)]
    assert adjust(family).p.shape == (6, 1)
    assert (widening(family) > 1.2).all()


def test_flipping_signs_is_the_exact_permutation_test() -> None:
    differences = np.array([0.3, -0.1, 0.25, 0.4, 0.0, 0.2, -0.05, 0.35])
    sums = [abs(np.dot(signs, differences)) for signs in product((-1, 1), repeat=8)]
    exact = np.mean(np.array(sums) >= abs(differences.sum()) - 1e-12)
    assert flip_signs(differences[:, None])[0] == pytest.approx(exact, abs=0.015)


def test_no_difference_anywhere_has_p_1() -> None:
    assert flip_signs(np.zeros((10, 1)))[0] == 1.0


def test_flips_of_nulls_are_uniform() -> None:
    generator = np.random.default_rng(2)
    found = flip_signs(generator.standard_normal((60, 500)))
    assert scipy.stats.kstest(found, "uniform").pvalue > 0.01
