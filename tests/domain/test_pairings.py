"""Differences over the seeds and problems that both arms have, against arithmetic written out."""

import numpy as np
import pytest
import scipy.stats

from domain.comparisons import compare
from tests.domain.graded import GRPO, SHAPED, TWO_ARMS, N, arm, base, compared, sweep, values


@pytest.mark.parametrize("k", range(1, N + 1))
def test_the_difference_is_paired_on_problems_and_common_seeds(k: int) -> None:
    delta = compared(compare(TWO_ARMS), "shaped").delta
    assert delta is not None
    shaped, grpo = values(SHAPED, [0, 1], k), values(GRPO, [0, 1], k)
    differences = [one - other for one, other in zip(shaped, grpo, strict=True)]
    assert delta[k - 1].mean == pytest.approx(np.mean(differences))
    assert delta[k - 1].low < np.mean(differences) < delta[k - 1].high


def test_of_equal_problems_the_interval_is_students_over_seeds() -> None:
    """Where every problem differs alike, only the seeds are left: t with 2 degrees of freedom."""
    low = {seed: [1] * 40 for seed in range(3)}
    high = {0: [2] * 40, 1: [3] * 40, 2: [2] * 40}
    delta = compared(compare(sweep(arm("grpo", low), arm("up", high), problems=40)), "up").delta
    assert delta is not None
    found = [0.25, 0.5, 0.25]
    wanted = scipy.stats.t.interval(0.95, 2, loc=np.mean(found), scale=scipy.stats.sem(found))
    assert (delta[0].low, delta[0].high) == pytest.approx(wanted)


def test_with_one_seed_p_is_of_a_sign_flip_and_nothing_is_established() -> None:
    low, high = {0: [0, 1] * 20}, {0: [2, 2] * 20}
    up = compared(compare(sweep(arm("grpo", low), arm("up", high), problems=40)), "up")
    assert (up.delta_over, up.delta_test) == ("problems", "sign flip")
    assert up.delta is not None
    assert up.delta[0].p < 0.001
    assert up.delta[0].excludes_zero
    assert not up.delta[0].established


def test_more_arms_widen_the_adjusted_interval_alone() -> None:
    generator = np.random.default_rng(0)
    cells = [arm("cell 0", SHAPED)] + [
        arm(f"cell {number}", {seed: generator.integers(0, N + 1, 3).tolist() for seed in GRPO})
        for number in range(1, 6)
    ]
    few, many = (compare(sweep(arm("grpo", GRPO), *cells[:some])) for some in (1, 6))
    one, of_many = compared(few, "cell 0").delta, compared(many, "cell 0").delta
    assert one is not None
    assert of_many is not None
    assert (one[0].low, one[0].p) == (of_many[0].low, of_many[0].p)
    assert one[0].adjusted_low == one[0].low
    assert one[0].adjusted_p == one[0].p
    assert of_many[0].adjusted_low < of_many[0].low
    assert of_many[0].adjusted_p > of_many[0].p


def test_the_baseline_has_no_difference_to_itself() -> None:
    grpo = compared(compare(TWO_ARMS), "grpo")
    assert (grpo.is_baseline, grpo.delta) == (True, None)


def test_equal_arms_differ_by_nothing() -> None:
    grades = {seed: [seed % 3, 1, 2] * 20 for seed in range(3)}
    twin = compare(sweep(arm("grpo", grades), arm("twin", grades), problems=60))
    delta = compared(twin, "twin").delta
    assert delta is not None
    assert (delta[0].mean, delta[0].p) == (0.0, 1.0)
    assert (delta[0].low, delta[0].high) == pytest.approx((-3 / 60, 3 / 60))


def test_where_all_is_solved_equal_arms_may_still_differ_by_three_problems() -> None:
    grades = {seed: [N] * 60 for seed in range(3)}
    twin = compare(sweep(arm("grpo", grades), arm("twin", grades), problems=60))
    delta, rate = compared(twin, "twin").delta, compared(twin, "twin").pass_at
    assert delta is not None
    assert rate is not None
    assert (delta[0].low, delta[0].high) == pytest.approx((-3 / 60, 3 / 60))
    assert (rate[0].mean, rate[0].high) == (1.0, 1.0)
    assert 1 - 4.5 / 60 < rate[0].low < 1 - 3 / 60


def test_the_base_model_is_compared_over_every_seed_of_the_baseline() -> None:
    comparison = compare(sweep(base([1, 1, 1]), arm("grpo", {5: [2, 2, 2], 6: [0, 0, 0]})))
    one = compared(comparison, "base")
    assert one.paired_seeds == (5, 6)
    assert one.delta is not None
    assert one.delta[0].mean == pytest.approx(0.0)


def test_without_a_common_seed_all_seeds_are_taken_with_a_warning() -> None:
    comparison = compare(sweep(arm("grpo", {0: [0, 0, 0]}), arm("shaped", {1: [4, 4, 4]})))
    shaped = compared(comparison, "shaped")
    assert shaped.paired_seeds == ()
    assert shaped.delta is not None
    assert any(text.startswith("Too few seeds in common") for text in comparison.warnings)


def test_a_single_common_seed_is_not_a_pair_where_each_side_has_more() -> None:
    problems = [1, 2] * 30
    one, other = (dict.fromkeys(seeds, problems) for seeds in ((0, 1, 2), (2, 3, 4)))
    comparison = compare(sweep(arm("grpo", one), arm("shaped", other), problems=60))
    shaped = compared(comparison, "shaped")
    assert (shaped.paired_seeds, shaped.delta_over) == ((), "seeds and problems")
    assert "3 seeds against 3 others" in comparison.sentences["shaped"]


def test_a_side_with_one_seed_leaves_training_noise_out_and_is_named() -> None:
    comparison = compare(
        sweep(arm("grpo", {0: [1, 2, 3]}), arm("shaped", {1: [4, 4, 4], 2: [4, 4, 4]}))
    )
    assert compared(comparison, "shaped").delta_over == "problems"
    warning = "1 seed, training noise not included: grpo, shaped."
    assert any(text.startswith(warning) for text in comparison.warnings)
