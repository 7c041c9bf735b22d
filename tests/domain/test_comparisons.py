"""Comparisons against arithmetic written out, and sentences that claim no more than they show."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from domain.comparisons import Comparison, compare
from domain.contrasts import (
    ArmResults,
    ComparedArm,
    GradedRun,
    SweepResults,
    against,
    require_alike,
)
from domain.errors import Conflict, Invalid
from domain.methods import Base, EntropyShaped, Grpo
from domain.runs import TrainSettings
from domain.stats import pass_at_k

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
    return SweepResults(
        sweep_id=1,
        baseline=baseline,
        submitted_baseline=baseline,
        problems=problems,
        samples=N,
        ks=tuple(range(1, N + 1)),
        arms=arms,
    )


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


def test_no_interval_goes_beyond_what_rates_can_differ_by() -> None:
    low, high = {0: [1] * 40, 1: [1] * 40}, {0: [2] * 40, 1: [3] * 40}
    comparison = compare(sweep(arm("grpo", low), arm("up", high), problems=40), k=1)
    delta = compared(comparison, "up").delta
    assert delta is not None
    assert (delta[0].low, delta[0].high) == (-1, 1)
    assert "A sweep like this finds little;" in comparison.conclusion


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


def test_the_base_model_is_one_of_the_arms_that_are_allowed_for() -> None:
    arms = [arm("grpo", GRPO), arm("shaped", SHAPED)]
    comparison = compare(sweep(*arms, base([1, 1, 1])))
    assert "adjusted for 2 arms" in comparison.sentences["shaped"]
    assert "2 seeds of the baseline" in comparison.sentences["base"]
    assert comparison.conclusion.startswith("shaped:")


def test_two_seeds_foretell_nothing_of_more() -> None:
    three = {seed: [1, 2 + seed % 2] * 30 for seed in range(3)}
    low = arm("grpo", {seed: [1, 2] * 30 for seed in range(3)})
    many = compare(sweep(low, arm("shaped", three), problems=60), k=1)
    few = compare(sweep(low, arm("shaped", {0: three[0], 1: three[1]}), problems=60), k=1)
    assert compared(many, "shaped").seeds_needed is not None
    assert compared(few, "shaped").seeds_needed is None
    assert "two seeds are too few to say how many" in few.conclusion


def test_the_baseline_has_no_difference_to_itself() -> None:
    grpo = compared(compare(TWO_ARMS), "grpo")
    assert (grpo.is_baseline, grpo.delta) == (True, None)


def test_seed_means_stand_beside_their_seeds() -> None:
    shaped = compared(compare(TWO_ARMS), "shaped")
    assert shaped.seeds == (0, 1, 2)
    assert shaped.seed_means[2] == (1.0, 1.0, 1.0, 1.0)


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
        "shaped: +25.0 points pass@1 against grpo, 95 % interval +20.0..+30.0, 5 seeds, "
        "60 problems: better at pass@1."
    )


def test_the_same_difference_the_other_way_is_called_worse() -> None:
    results = sweep(arm("grpo", CLEAR), arm("shaped", FLOOR), problems=60)
    assert "worse at pass@1." in compare(results, k=1).sentences["shaped"]


def test_an_interval_with_zero_establishes_nothing() -> None:
    text = compare(TWO_ARMS).conclusion
    assert text.startswith("shaped: +16.7 points pass@4 against grpo, 95 % interval -")
    assert "2 seeds, 3 problems: no difference established. A sweep like this finds little;" in text


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


SEARCH = sweep(base([0, 1, 4]), arm("grpo", GRPO), arm("bonus", GRPO), arm("shaped", SHAPED))
OWN = sweep(*SEARCH.arms, baseline="bonus")


@pytest.mark.parametrize("k", range(1, N + 1))
def test_against_another_arm_figures_are_those_of_a_sweep_with_that_baseline(k: int) -> None:
    chosen, own = compare(against(SEARCH, "bonus"), k), compare(OWN, k)
    assert chosen.arms == own.arms
    assert (chosen.sentences, chosen.conclusion) == (own.sentences, own.conclusion)


def test_a_baseline_that_was_chosen_after_looking_is_said_to_be() -> None:
    [warning] = set(compare(against(SEARCH, "bonus")).warnings) - set(compare(OWN).warnings)
    assert warning.startswith("Against bonus; the sweep was submitted with baseline grpo.")
    assert compare(against(SEARCH, "grpo")) == compare(against(SEARCH, None)) == compare(SEARCH)


def test_the_base_model_can_be_the_baseline() -> None:
    comparison = compare(against(SEARCH, "base"))
    assert compared(comparison, "base").is_baseline
    assert compared(comparison, "shaped").paired_seeds == (0, 1, 2)
    assert "against base" in comparison.conclusion


def test_an_unknown_baseline_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(Invalid, match="choose one of: base, grpo, bonus, shaped"):
        against(SEARCH, "ppo")


def test_figures_at_a_few_ks_are_those_of_all_ks() -> None:
    grades = {seed: [(seed + problem) % 17 for problem in range(30)] for seed in range(3)}
    shifted = {seed: [(seed + 2 * problem) % 17 for problem in range(30)] for seed in range(3)}
    arms = (at_sixteen(arm("grpo", grades)), at_sixteen(arm("shaped", shifted)))
    every = replace(sweep(*arms, problems=30), samples=16, ks=tuple(range(1, 17)))
    whole, few = compare(every, 7), compare(every, 7, thin=True)
    assert few.ks == [1, 2, 3, 4, 6, 7, 8, 12, 16]
    assert (few.sentences, few.warnings, few.conclusion) == (
        whole.sentences,
        whole.warnings,
        whole.conclusion,
    )
    for all_ks, a_few in zip(whole.arms, few.arms, strict=True):
        assert all_ks.pass_at is not None
        assert a_few.pass_at == tuple(all_ks.pass_at[k - 1] for k in few.ks)
        if all_ks.delta:
            assert a_few.delta == tuple(all_ks.delta[k - 1] for k in few.ks)


def at_sixteen(results: ArmResults) -> ArmResults:
    graded = [replace(run, samples=(16,) * len(run.problems)) for run in results.graded]
    return replace(results, graded=tuple(graded))


def test_a_k_that_was_not_evaluated_is_refused() -> None:
    with pytest.raises(Invalid, match=r"k: pass@5 was not evaluated in this sweep; choose one of"):
        compare(TWO_ARMS, k=5)


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
    again = sweep(arm("grpo", GRPO), arm("shaped", SHAPED))
    assert compare(TWO_ARMS, k=1).arms is compare(again, k=2).arms


def test_unlike_is_not_compared_and_the_fields_are_named() -> None:
    one = {"task_version": "1-aa", "eval.samples": 64, "eval.temperature": 1.0}
    with pytest.raises(Conflict, match=r"differ in task_version \(1-aa and 2-bb\), eval.samples"):
        require_alike([one, one | {"task_version": "2-bb", "eval.samples": 8}])


def test_like_is_compared() -> None:
    require_alike([{"task_version": "1"}, {"task_version": "1"}])
