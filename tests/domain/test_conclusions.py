"""Warnings and sentences that claim no more than the figures show."""

from dataclasses import replace

import numpy as np
import pytest

from domain.comparisons import compare
from domain.results import ArmResults
from tests.domain.graded import GRPO, SHAPED, TWO_ARMS, arm, base, compared, sweep


def test_the_base_model_is_one_of_the_arms_that_are_allowed_for() -> None:
    arms = [arm("grpo", GRPO), arm("shaped", SHAPED)]
    comparison = compare(sweep(*arms, base([1, 1, 1])))
    assert "adjusted for 2 arms" in comparison.sentences["shaped"]
    assert "2 seeds of the baseline" in comparison.sentences["base"]
    assert comparison.conclusion.startswith("shaped:")


def test_with_one_seed_the_sign_is_only_spoken_of_where_all_arms_are_allowed_for() -> None:
    """One arm in twenty excludes zero by itself."""
    generator = np.random.default_rng(0)
    spoken = 0
    for _ in range(20):
        cells = [
            arm(f"cell {number}", {0: generator.integers(0, 5, 60).tolist()})
            for number in range(16)
        ]
        low = arm("grpo", {0: generator.integers(0, 5, 60).tolist()})
        spoken += "same sign" in compare(sweep(low, *cells, problems=60), k=1).conclusion
    assert spoken <= 4


@pytest.mark.parametrize(
    ("changed", "warning"),
    [
        (arm("shaped", {0: [1, 1, 1]}), "1 seed, training noise not included: shaped."),
        (arm("shaped", GRPO), "Fewer than 3 seeds: grpo, shaped. Two seeds show little"),
        (arm("shaped", GRPO, queued=1), "Unfinished runs: shaped."),
        (arm("shaped", GRPO, failed=1), "Runs that failed: shaped."),
        (arm("shaped", GRPO, cancelled=1), "Runs that were cancelled: shaped."),
        (
            arm("shaped", GRPO, steps=20),
            "Unequal training budgets. 10 steps of 256 completions: grpo",
        ),
        (arm("shaped", {0: [4, 4, 4], 1: [4, 4, 4]}), "At pass@4 fewer than 5 problems' worth are"),
        (
            arm("shaped", SHAPED),
            "The difference is over the seeds that the baseline has too: shaped",
        ),
        (arm("shaped", GRPO), "Only 3 problems"),
    ],
)
def test_what_weakens_a_comparison_is_said(changed: ArmResults, warning: str) -> None:
    warnings = compare(sweep(arm("grpo", GRPO), changed)).warnings
    assert any(text.startswith(warning) for text in warnings), warnings


def test_runs_on_different_kinds_of_device_are_told_of() -> None:
    on_gpu = arm("shaped", GRPO)
    moved = tuple(replace(run, device="cuda" if run.seed else "cpu") for run in on_gpu.graded)
    grpo = arm("grpo", GRPO)
    stayed = tuple(replace(run, device="cpu") for run in grpo.graded)
    results = sweep(replace(grpo, graded=stayed), replace(on_gpu, graded=moved))
    [warning] = [text for text in compare(results).warnings if "device" in text]
    assert warning.startswith("Different kinds of device. cpu: grpo, shaped; cuda: shaped. ")


def test_a_comparison_with_nothing_to_warn_of_is_silent() -> None:
    grades = {seed: [seed % 3, 1, 2] * 20 for seed in range(3)}
    results = sweep(arm("grpo", grades), arm("shaped", grades), problems=60)
    assert compare(results, k=1).warnings == []


CLEAR = {seed: [1 + (seed + problem) % 2 for problem in range(60)] for seed in range(5)}
FLOOR = {seed: [(seed + problem) % 2 for problem in range(60)] for seed in range(5)}


def test_an_adjusted_interval_off_zero_is_called_better_with_its_figures() -> None:
    text = compare(sweep(arm("grpo", FLOOR), arm("shaped", CLEAR), problems=60), k=1).conclusion
    assert text.startswith(
        "shaped: +25.0\u00a0points pass@1 against grpo, 95\u00a0% interval +20.0..+30.0, 5 seeds, "
        "60 problems: better at pass@1."
    )


def test_the_same_difference_the_other_way_is_called_worse() -> None:
    results = sweep(arm("grpo", CLEAR), arm("shaped", FLOOR), problems=60)
    assert "worse at pass@1." in compare(results, k=1).sentences["shaped"]


def test_an_interval_with_zero_establishes_nothing() -> None:
    text = compare(TWO_ARMS).conclusion
    assert text.startswith("shaped: +16.7\u00a0points pass@4 against grpo, 95\u00a0% interval -")
    assert "2 seeds, 3 problems: no difference established. For this arm, a sweep like" in text
    assert "like this finds little;" in text


def test_one_seed_establishes_nothing_however_large_the_difference() -> None:
    low = arm("grpo", {0: [0, 1] * 20})
    text = compare(sweep(low, arm("shaped", {0: [2, 2] * 20}), problems=40)).conclusion
    assert text.endswith("so no difference is established.")


def test_a_difference_that_adjustment_takes_away_is_said_so() -> None:
    """Enough cells, and an interval that excluded zero alone no longer does."""
    generator = np.random.default_rng(4)
    low = {seed: [1, 2] * 30 for seed in range(3)}
    noisy = [
        arm(f"cell {index}", {s: list(generator.integers(0, 4, 60)) for s in range(3)})
        for index in range(12)
    ]
    slight = {0: [1, 3] * 30, 1: [1, 2, 1, 3] * 15, 2: [1, 2] * 27 + [2, 3] * 3}
    results = sweep(arm("grpo", low), *noisy, arm("slight", slight), problems=60)
    comparison = compare(results, k=1)
    delta = compared(comparison, "slight").delta
    assert delta is not None
    assert delta[0].excludes_zero is False or not delta[0].established
    assert "adjusted for 13 arms" in comparison.sentences["slight"]


@pytest.mark.parametrize("correct", [[0, 0, 0], [2, 2, 2], [4, 4, 4]])
def test_no_sentence_claims_more_than_an_established_difference(correct: list[int]) -> None:
    results = sweep(arm("grpo", GRPO), arm("shaped", {0: correct, 1: correct}))
    comparison = compare(results)
    delta = compared(comparison, "shaped").delta
    assert delta is not None
    claims = [word in comparison.sentences["shaped"] for word in ("better", "worse")]
    assert any(claims) is delta[-1].established


@pytest.mark.parametrize(
    ("arms", "start"),
    [
        ([arm("grpo", GRPO)], "This sweep has one arm"),
        ([arm("grpo", {}), arm("shaped", SHAPED)], "No conclusion yet: the baseline grpo"),
        ([arm("grpo", GRPO), arm("shaped", {})], "No conclusion yet: no trained arm but"),
    ],
)
def test_too_little_gives_no_conclusion(arms: list[ArmResults], start: str) -> None:
    assert compare(sweep(*arms)).conclusion.startswith(start)
