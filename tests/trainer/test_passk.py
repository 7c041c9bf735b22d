"""Pass@k's advantages against every set of k counted out, and against plain GRPO's."""

from itertools import combinations
from statistics import fmean, pstdev

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.conftest import Train, make_spec
from trainer.passk import pass_at_k_advantages

GROUPS = st.lists(st.booleans(), min_size=2, max_size=9)


def advantages(correct: list[bool], k: int, scaled: bool = True) -> list[float]:
    found: list[float] = pass_at_k_advantages(torch.tensor([correct]), k, scaled)[0].tolist()
    return found


def counted_out(correct: list[bool], k: int, scaled: bool) -> list[float]:
    """The mean over the sets a completion is in of the set's own advantage among all sets."""
    sets = list(combinations(range(len(correct)), k))
    rewards = [float(any(correct[member] for member in members)) for members in sets]
    mean, deviation = fmean(rewards), pstdev(rewards)
    if deviation == 0:
        return [0.0] * len(correct)
    own = [(reward - mean) / (deviation if scaled else 1) for reward in rewards]
    return [
        fmean(value for value, members in zip(own, sets, strict=True) if place in members)
        for place in range(len(correct))
    ]


@given(GROUPS, st.data(), st.booleans())
def test_agrees_with_every_set_counted_out(
    correct: list[bool], data: st.DataObject, scaled: bool
) -> None:
    k = data.draw(st.integers(1, len(correct)))
    expected = counted_out(correct, k, scaled)
    assert advantages(correct, k, scaled) == pytest.approx(expected, abs=1e-5)


@given(st.integers(2, 300), st.data())
def test_the_advantages_of_a_group_sum_to_zero(size: int, data: st.DataObject) -> None:
    count, k = data.draw(st.integers(0, size)), data.draw(st.integers(1, size))
    found = torch.tensor(advantages([True] * count + [False] * (size - count), k))
    assert found.sum().item() == pytest.approx(0, abs=1e-4 * (1 + found.abs().sum().item()))


@given(GROUPS)
def test_at_k_1_they_are_plain_grpos(correct: list[bool]) -> None:
    """Reward less the group's mean, over its deviation; TRL's is that of a sample of N - 1."""
    rewards = torch.tensor(correct, dtype=torch.float64)
    centred = rewards - rewards.mean()
    assert advantages(correct, 1, scaled=False) == pytest.approx(centred.tolist(), abs=1e-6)
    scaled = centred / (rewards.std(correction=0) or 1)
    assert advantages(correct, 1) == pytest.approx(scaled.tolist(), abs=1e-5)


@given(st.integers(2, 12), st.data())
def test_a_prompt_with_fewer_than_k_wrong_teaches_nothing(size: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, size))
    wrong = data.draw(st.integers(0, k - 1))
    assert not any(advantages([False] * wrong + [True] * (size - wrong), k))


def test_a_group_of_thousands_is_exact() -> None:
    found = advantages([True] + [False] * 4095, 2048)
    assert found[0] == pytest.approx(1)
    assert found[1] == pytest.approx(-1 / 4095)


def test_training_uses_them_for_whole_groups(train: Train) -> None:
    settings = {"completions_per_prompt": 8, "updates_per_rollout": 2, "prompts_per_step": 8}
    _, batches = train(make_spec({"method": "pass_at_k", "k": 4}, settings))
    assert len(batches) == 2
    possible = {
        round(value, 4)
        for count in range(9)
        for value in advantages([True] * count + [False] * (8 - count), 4)
    }
    found = torch.cat([batch.advantages.flatten() for batch in batches])
    assert {round(value, 4) for value in found.tolist()} <= possible
    assert found.any()
    assert found.sum().item() == pytest.approx(0, abs=1e-4)
