"""Generalised advantage estimation against its definition summed up in plain Python."""

from dataclasses import dataclass
from statistics import fmean, pvariance

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from trainer.gae import explained_variance, generalised_advantages, value_loss, whitened

NUMBER = st.floats(-4, 4, width=32)
SHARE = st.floats(0, 1)


@dataclass(frozen=True)
class Rollout:
    """`values` of completions of different lengths, each with one reward."""

    rewards: list[float]
    values: list[list[float]]
    padding: float

    @property
    def longest(self) -> int:
        return max(map(len, self.values))

    def tensors(self) -> tuple[Tensor, Tensor, Tensor]:
        """Rewards, padded values and the mask."""
        rows = [row + [self.padding] * (self.longest - len(row)) for row in self.values]
        mask = [[place < len(row) for place in range(self.longest)] for row in self.values]
        return torch.tensor(self.rewards).double(), torch.tensor(rows).double(), torch.tensor(mask)


@st.composite
def rollouts(draw: st.DrawFn) -> Rollout:
    values = draw(st.lists(st.lists(NUMBER, min_size=1, max_size=7), min_size=1, max_size=5))
    rewards = draw(st.lists(NUMBER, min_size=len(values), max_size=len(values)))
    return Rollout(rewards, values, draw(NUMBER))


def summed_up(reward: float, values: list[float], lam: float, gamma: float) -> list[float]:
    """A_t is the sum over l of (gamma lam)^l delta_(t+l), eq. 16."""
    size = len(values)
    rewards = [0.0] * (size - 1) + [reward]
    after = [*values[1:], 0.0]
    found = []
    for start in range(size):
        advantage = 0.0
        for place in range(start, size):
            delta = rewards[place] + gamma * after[place] - values[place]
            advantage += (gamma * lam) ** (place - start) * delta
        found.append(advantage)
    return found


@given(rollouts(), SHARE, SHARE)
def test_agrees_with_the_definition_summed_up(rollout: Rollout, lam: float, gamma: float) -> None:
    rewards, values, mask = rollout.tensors()
    advantages, returns = generalised_advantages(rewards, values, mask, lam, gamma)
    for row, own in enumerate(rollout.values):
        expected = summed_up(rollout.rewards[row], own, lam, gamma)
        assert advantages[row][mask[row]].tolist() == pytest.approx(expected, abs=1e-9)
        wanted = [advantage + value for advantage, value in zip(expected, own, strict=True)]
        assert returns[row][mask[row]].tolist() == pytest.approx(wanted, abs=1e-9)
    assert not advantages[~mask].any()
    assert not returns[~mask].any()


@given(rollouts())
def test_with_a_zero_critic_undiscounted_advantages_are_the_returns(rollout: Rollout) -> None:
    rewards, values, mask = rollout.tensors()
    advantages, returns = generalised_advantages(rewards, values * 0, mask, 1.0, 1.0)
    assert torch.equal(advantages, returns)
    assert torch.equal(advantages, rewards.unsqueeze(1) * mask)


@given(rollouts(), SHARE)
def test_at_lambda_1_the_returns_are_the_discounted_rewards(rollout: Rollout, gamma: float) -> None:
    """Whatever the critic says."""
    rewards, values, mask = rollout.tensors()
    _, returns = generalised_advantages(rewards, values, mask, 1.0, gamma)
    for row, own in enumerate(rollout.values):
        left = range(len(own) - 1, -1, -1)
        expected = [gamma**count * rollout.rewards[row] for count in left]
        assert returns[row][mask[row]].tolist() == pytest.approx(expected, abs=1e-9)


@given(rollouts(), SHARE)
def test_at_lambda_0_an_advantage_is_one_steps_surprise(rollout: Rollout, gamma: float) -> None:
    rewards, values, mask = rollout.tensors()
    advantages, _ = generalised_advantages(rewards, values, mask, 0.0, gamma)
    for row, own in enumerate(rollout.values):
        after = [gamma * value for value in own[1:]] + [rollout.rewards[row]]
        expected = [later - value for later, value in zip(after, own, strict=True)]
        assert advantages[row][mask[row]].tolist() == pytest.approx(expected, abs=1e-9)


@given(rollouts(), SHARE, SHARE)
def test_padding_says_nothing(rollout: Rollout, lam: float, gamma: float) -> None:
    rewards, values, mask = rollout.tensors()
    other = torch.where(mask, values, torch.nan)
    one = generalised_advantages(rewards, values, mask, lam, gamma)
    two = generalised_advantages(rewards, other, mask, lam, gamma)
    assert all(torch.equal(left, right) for left, right in zip(one, two, strict=True))


@given(rollouts())
def test_whitened_advantages_have_mean_0_and_deviation_1(rollout: Rollout) -> None:
    _, values, mask = rollout.tensors()
    found = whitened(values, mask)
    assert not found[~mask].any()
    inside = found[mask]
    assert inside.mean().item() == pytest.approx(0, abs=1e-6)
    if values[mask].numel() > 1 and values[mask].var() > 1e-2:
        assert inside.std().item() == pytest.approx(1, abs=1e-5)


def test_advantages_that_are_all_the_same_are_whitened_to_nothing() -> None:
    mask = torch.ones(2, 3, dtype=torch.bool)
    assert not whitened(torch.full((2, 3), 0.7), mask).any()
    assert not whitened(torch.full((1, 1), 0.7), mask[:1, :1]).any()


def test_whitening_is_over_the_parts_of_all_processes() -> None:
    whole, mask = torch.arange(12.0).view(4, 3).square(), torch.ones(4, 3, dtype=torch.bool)
    mask[3, 2] = False
    sums = iter([whole[mask].sum()])
    mean = whole[mask].sum() / mask.sum()
    answers = [mask.sum(), next(sums), (whole[mask] - mean).square().sum()]
    given = iter(answers)
    half = whitened(whole[:2], mask[:2], lambda _: next(given))
    assert torch.allclose(half, whitened(whole, mask)[:2])


@given(rollouts(), st.floats(0.01, 2))
def test_the_value_loss_is_the_greater_of_the_two_errors(rollout: Rollout, clip: float) -> None:
    rewards, values, mask = rollout.tensors()
    old, returns = values.flip(0) * 0.5, rewards.unsqueeze(1) * mask
    losses = []
    for value, before, wanted in zip(
        values[mask].tolist(), old[mask].tolist(), returns[mask].tolist(), strict=True
    ):
        held = min(max(value, before - clip), before + clip)
        losses.append(max((value - wanted) ** 2, (held - wanted) ** 2) / 2)
    found = value_loss(values, old, returns, mask, clip).item()
    assert found == pytest.approx(fmean(losses), abs=1e-9)


def test_a_value_that_went_far_enough_has_no_gradient() -> None:
    mask = torch.ones(1, 3, dtype=torch.bool)
    values = torch.tensor([[0.6, 0.4, -0.6]], requires_grad=True)
    value_loss(values, torch.zeros(1, 3), torch.ones(1, 3), mask, 0.5).backward()
    assert values.grad is not None
    assert (values.grad != 0).tolist() == [[False, True, True]]


@given(rollouts())
def test_explained_variance_is_what_is_left_of_the_returns(rollout: Rollout) -> None:
    rewards, values, mask = rollout.tensors()
    returns = rewards.unsqueeze(1) + values.flip(1)
    wanted, found = returns[mask].tolist(), values[mask].tolist()
    share = explained_variance(values, returns, mask)
    if pvariance(wanted) < 1e-6:
        return
    errors = [one - other for one, other in zip(wanted, found, strict=True)]
    assert share == pytest.approx(1 - pvariance(errors) / pvariance(wanted), rel=1e-6, abs=1e-6)
    assert explained_variance(returns, returns, mask) == 1


def test_where_all_returns_are_the_same_there_is_nothing_to_explain() -> None:
    mask = torch.ones(1, 2, dtype=torch.bool)
    assert str(explained_variance(torch.zeros(1, 2), torch.ones(1, 2), mask)) == "nan"
