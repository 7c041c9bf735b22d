"""Generalised advantage estimation and the critic's loss, as tensor arithmetic.

B sequences and T completion positions; `mask` (B, T) is true on completion tokens, which come
first in each row. Nothing is said of padding: advantages and returns are 0 there.
"""

from collections.abc import Callable

import torch
from torch import Tensor

VALUE_CLIP = 0.5
"""How far, in units of the reward, a value may leave that of the rollout; verl's default."""


def generalised_advantages(
    rewards: Tensor, values: Tensor, mask: Tensor, lam: float, gamma: float
) -> tuple[Tensor, Tensor]:
    """Advantages and returns, both (B, T), from one reward a completion (B,) and values (B, T).

        delta_t = r_t + gamma * V_(t+1) - V_t      r_t is the reward at the last token, else 0
        A_t     = delta_t + gamma * lam * A_(t+1)
        R_t     = A_t + V_t                        what the critic is to learn

    Schulman et al., arXiv 1506.02438, eq. 12 and 16. V_t is the value before token t; after the
    last token it is 0, also where a completion ran into the limit. At lam = gamma = 1, A_t is the
    reward less V_t.
    """
    last = mask & ~torch.nn.functional.pad(mask[:, 1:], (0, 1))
    immediate = rewards.unsqueeze(1) * last
    following = torch.zeros_like(rewards)
    advantage = torch.zeros_like(rewards)
    found = []
    for step in range(values.shape[1] - 1, -1, -1):
        delta = immediate[:, step] + gamma * following - values[:, step]
        inside = mask[:, step]
        advantage = torch.where(inside, delta + gamma * lam * advantage, 0.0)
        following = torch.where(inside, values[:, step], 0.0)
        found.append(advantage)
    advantages = torch.stack(found[::-1], 1)
    return advantages, (advantages + values).masked_fill(~mask, 0.0)


def whitened(
    advantages: Tensor, mask: Tensor, total: Callable[[Tensor], Tensor] = lambda part: part
) -> Tensor:
    """(A - mean) / sqrt(var + 1e-8) over the tokens of `mask`, (B, T), 0 elsewhere; verl's.

    `total` sums a scalar over all processes that have a part of the rollout.
    """
    count = total(mask.sum())
    mean = total(advantages[mask].sum()) / count
    centred = (advantages - mean).masked_fill(~mask, 0.0)
    variance = total(centred.square().sum()) / (count - 1).clamp(min=1)
    return centred * torch.rsqrt(variance + 1e-8)


def value_loss(
    values: Tensor, old: Tensor, returns: Tensor, mask: Tensor, clip: float = VALUE_CLIP
) -> Tensor:
    """mean max((V - R)^2, (V' - R)^2) / 2 over the tokens of `mask`; all of shape (B, T).

    V' is V held within `clip` of the rollout's value `old`, as in Schulman et al.'s program (see
    Huang et al. 2022, The 37 implementation details of PPO, 9): it slows the critic only where it
    already went that far towards R.
    """
    held = old + (values - old).clamp(-clip, clip)
    losses = torch.maximum((values - returns).square(), (held - returns).square())
    return losses[mask].mean() / 2


def explained_variance(values: Tensor, returns: Tensor, mask: Tensor) -> float:
    """1 - var(R - V) / var(R) over the tokens of `mask`: 1 is perfect, 0 no better than the mean.

    NaN where all returns are the same.
    """
    wanted, found = returns[mask].double(), values[mask].double()
    variance = wanted.var(correction=0)
    if variance <= 1e-12:
        return float("nan")
    return float(1 - (wanted - found).var(correction=0) / variance)
