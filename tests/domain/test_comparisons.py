"""Comparisons at a k, at a few ks, against any arm; and made once for the same grades."""

from dataclasses import replace

import pytest

from domain.comparisons import compare
from domain.errors import Invalid
from domain.results import ArmResults, against
from tests.domain.graded import GRPO, SHAPED, TWO_ARMS, N, arm, base, compared, sweep

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


def test_the_same_grades_are_compared_once() -> None:
    again = sweep(arm("grpo", GRPO), arm("shaped", SHAPED))
    assert compare(TWO_ARMS, k=1).arms is compare(again, k=2).arms
