"""Comparisons against arithmetic written out, and sentences that claim no more than they show."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from domain.comparisons import Comparison, compare
from domain.contrasts import ArmResults, ComparedArm, GradedRun, SweepResults
from domain.methods import Base, EntropyShaped, Grpo
from domain.runs import TrainSettings
from domain.stats import pass_at_k, problem_weights

N = 4
Grades = Mapping[int, Sequence[int]]


def run(seed: int, correct: Sequence[int], entropy: float | None = None) -> GradedRun:
    return GradedRun(
        seed=seed,
        problems=tuple(range(len(correct))),
        samples=(N,) * len(correct),
        correct=tuple(correct),
        truncated=1,
        unparsable=2,
        entropy=entropy,
    )


def arm(
    name: str,
    grades: Grades,
    *,
    steps: int = 10,
    failed: int = 0,
    cancelled: int = 0,
    queued: int = 0,
) -> ArmResults:
    graded = tuple(run(seed, correct) for seed, correct in grades.items())
    return ArmResults(
        name=name,
        template=name,
        method=Grpo(method="grpo")
        if name == "grpo"
        else EntropyShaped(method="entropy_shaped", alpha=1),
        train=TrainSettings(steps=steps),
        runs=len(graded) + failed + cancelled + queued,
        succeeded=len(graded),
        failed=failed,
        cancelled=cancelled,
        graded=graded,
    )


def base(correct: Sequence[int]) -> ArmResults:
    return ArmResults(
        name="base",
        template="base",
        method=Base(method="base"),
        train=None,
        runs=1,
        succeeded=1,
        failed=0,
        cancelled=0,
        graded=(run(0, correct),),
    )


def sweep(*arms: ArmResults, baseline: str = "grpo", problems: int = 3) -> SweepResults:
    return SweepResults(sweep_id=1, baseline=baseline, problems=problems, samples=N, arms=arms)


def compared(comparison: Comparison, name: str) -> ComparedArm:
    return next(arm for arm in comparison.arms if arm.name == name)


def values(grades: Grades, seeds: Sequence[int], k: int) -> list[float]:
    """pass@k of each problem, averaged over seeds, by hand."""
    problems = range(len(next(iter(grades.values()))))
    return [sum(pass_at_k(N, grades[s][p], k) for s in seeds) / len(seeds) for p in problems]


GRPO: Grades = {0: [0, 1, 4], 1: [1, 1, 3]}
SHAPED: Grades = {0: [2, 1, 4], 1: [1, 3, 3], 2: [4, 4, 4]}
TWO_ARMS = sweep(arm("grpo", GRPO), arm("shaped", SHAPED))


@pytest.mark.parametrize("k", range(1, N + 1))
def test_pass_at_k_is_the_mean_over_seeds_and_problems(k: int) -> None:
    pass_at = compared(compare(TWO_ARMS), "shaped").pass_at
    assert pass_at is not None
    assert pass_at[k - 1].mean == pytest.approx(np.mean(values(SHAPED, [0, 1, 2], k)))


@pytest.mark.parametrize("k", range(1, N + 1))
def test_the_difference_is_paired_on_problems_and_common_seeds(k: int) -> None:
    delta = compared(compare(TWO_ARMS), "shaped").delta
    assert delta is not None
    shaped, grpo = values(SHAPED, [0, 1], k), values(GRPO, [0, 1], k)
    differences = [one - other for one, other in zip(shaped, grpo, strict=True)]
    means = [
        sum(w * d for w, d in zip(row, differences, strict=True)) for row in problem_weights(3)
    ]
    assert delta[k - 1].mean == pytest.approx(np.mean(differences))
    assert delta[k - 1].low == pytest.approx(np.quantile(means, 0.025))
    assert delta[k - 1].high == pytest.approx(np.quantile(means, 0.975))


def test_the_baseline_has_no_difference_to_itself() -> None:
    grpo = compared(compare(TWO_ARMS), "grpo")
    assert (grpo.is_baseline, grpo.delta) == (True, None)


def test_seed_means_stand_beside_their_seeds() -> None:
    shaped = compared(compare(TWO_ARMS), "shaped")
    assert shaped.seeds == (0, 1, 2)
    assert shaped.seed_means[2] == (1.0, 1.0, 1.0, 1.0)


def test_equal_arms_differ_by_nothing() -> None:
    twin = compare(sweep(arm("grpo", GRPO), arm("twin", GRPO)))
    delta = compared(twin, "twin").delta
    assert delta is not None
    assert {(one.low, one.mean, one.high) for one in delta} == {(0.0, 0.0, 0.0)}


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
    assert any(text.startswith("No seed in common") for text in comparison.warnings)


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


@pytest.mark.parametrize(
    ("changed", "warning"),
    [
        (arm("shaped", {0: [1, 1, 1]}), "Fewer than 3 seeds: grpo, shaped. Training noise"),
        (arm("shaped", GRPO, queued=1), "Unfinished runs: shaped."),
        (arm("shaped", GRPO, failed=1), "Runs that failed: shaped."),
        (arm("shaped", GRPO, cancelled=1), "Runs that were cancelled: shaped."),
        (
            arm("shaped", GRPO, steps=20),
            "Unequal training budgets. 10 steps of 256 completions: grpo",
        ),
        (arm("shaped", {0: [4, 4, 4], 1: [4, 4, 4]}), "At k = 4 every problem has the same pass@k"),
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


def test_a_comparison_with_nothing_to_warn_of_is_silent() -> None:
    grades = {seed: [seed % 3, 1, 2] * 12 for seed in range(3)}
    results = sweep(arm("grpo", grades), arm("shaped", grades), problems=36)
    assert compare(results).warnings == []


def test_an_interval_with_zero_establishes_nothing() -> None:
    text = compare(TWO_ARMS).conclusion
    assert text.startswith("shaped: +16.7 points pass@4 against grpo, 95 % interval +0.0..+50.0")
    assert "over 3 problems, 2 seeds: no difference established;" in text


def test_an_interval_without_zero_still_says_what_it_leaves_out() -> None:
    low = arm("grpo", {0: [0, 1] * 20})
    text = compare(sweep(low, arm("shaped", {0: [2, 2] * 20}), problems=40)).conclusion
    assert text.endswith(
        "1 seed: the interval excludes zero for these problems, but leaves out "
        "training noise and 1 arm was looked at."
    )


def test_the_number_of_arms_looked_at_is_told() -> None:
    cells = [arm(f"shaped/{number}", SHAPED) for number in range(5)]
    text = compare(sweep(arm("grpo", GRPO), *cells)).conclusion
    assert text.endswith("and 5 arms were looked at without adjustment.")


@pytest.mark.parametrize("word", ["better", "worse", "wins", "significant", "proves"])
@pytest.mark.parametrize("correct", [[0, 0, 0], [2, 2, 2], [4, 4, 4]])
def test_no_conclusion_claims_a_winner(word: str, correct: list[int]) -> None:
    results = sweep(arm("grpo", GRPO), arm("shaped", {0: correct, 1: correct}))
    assert word not in compare(results).conclusion


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


def test_the_same_grades_are_compared_once() -> None:
    assert compare(TWO_ARMS) is compare(sweep(arm("grpo", GRPO), arm("shaped", SHAPED)))
