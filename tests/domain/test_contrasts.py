"""The figures of an arm, against arithmetic written out."""

import numpy as np
import pytest

from domain.comparisons import compare
from tests.domain.graded import GRPO, SHAPED, TWO_ARMS, N, arm, compared, sweep, values


@pytest.mark.parametrize("k", range(1, N + 1))
def test_pass_at_k_is_the_mean_over_seeds_and_problems(k: int) -> None:
    pass_at = compared(compare(TWO_ARMS), "shaped").pass_at
    assert pass_at is not None
    assert pass_at[k - 1].mean == pytest.approx(np.mean(values(SHAPED, [0, 1, 2], k)))


def test_no_interval_goes_beyond_what_rates_can_differ_by() -> None:
    low, high = {0: [1] * 40, 1: [1] * 40}, {0: [2] * 40, 1: [3] * 40}
    comparison = compare(sweep(arm("grpo", low), arm("up", high), problems=40), k=1)
    delta = compared(comparison, "up").delta
    assert delta is not None
    assert (delta[0].low, delta[0].high) == (-1, 1)
    assert "For this arm, a sweep like this finds little;" in comparison.conclusion


def test_two_seeds_foretell_nothing_of_more() -> None:
    three = {seed: [1, 2 + seed % 2] * 30 for seed in range(3)}
    low = arm("grpo", {seed: [1, 2] * 30 for seed in range(3)})
    many = compare(sweep(low, arm("shaped", three), problems=60), k=1)
    few = compare(sweep(low, arm("shaped", {0: three[0], 1: three[1]}), problems=60), k=1)
    assert compared(many, "shaped").seeds_needed is not None
    assert compared(few, "shaped").seeds_needed is None
    assert "two seeds are too few to say how many" in few.conclusion


def test_seed_means_stand_beside_their_seeds() -> None:
    shaped = compared(compare(TWO_ARMS), "shaped")
    assert shaped.seeds == (0, 1, 2)
    assert shaped.seed_means[2] == (1.0, 1.0, 1.0, 1.0)


def test_shares_are_of_all_completions() -> None:
    grpo = compared(compare(TWO_ARMS), "grpo")
    assert grpo.truncated == pytest.approx(1 / (3 * N))
    assert grpo.unparsable == pytest.approx(2 / (3 * N))


def test_an_arm_without_grades_has_no_figures() -> None:
    shaped = compared(compare(sweep(arm("grpo", GRPO), arm("shaped", {}, queued=2))), "shaped")
    assert (shaped.pass_at, shaped.delta, shaped.truncated) == (None, None, None)


def test_a_run_that_graded_fewer_problems_is_left_out_with_a_warning() -> None:
    comparison = compare(sweep(arm("grpo", GRPO), arm("shaped", {0: [1, 1, 1], 1: [4, 4]})))
    assert compared(comparison, "shaped").seeds == (0,)
    assert any(text.startswith("Runs left out") for text in comparison.warnings)


def test_cover_and_histogram_are_of_success_rates() -> None:
    grpo = compared(compare(TWO_ARMS), "grpo")
    assert grpo.cover is not None
    assert grpo.cover[2].mean == pytest.approx(2 / 6)  # 4 of 4 and 3 of 4
    assert grpo.histogram == (1, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 1)
