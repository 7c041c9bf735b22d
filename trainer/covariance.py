"""Clip-Cov and KL-Cov: the few tokens that take most of the entropy get other advantages.

Cui et al., The Entropy Mechanism of Reinforcement Learning for Reasoning Language Models, arXiv
2505.22617, section 4. Both choose tokens by their part in the covariance of log-probability and
advantage. B sequences and T completion positions; log-probabilities are in nats, of the current
policy at the rollout's temperature, and carry no gradient here. Shares and means are over the
completion tokens of one forward and backward pass, which `mask` (B, T) marks.
"""

import torch
from torch import Generator, Tensor

from domain.methods import ClipCov, KlCov


def covariances(advantages: Tensor, logps: Tensor, mask: Tensor) -> Tensor:
    """Cov_t = (log pi_t - mean log pi) * (A_t - mean A), all of shape (B, T)."""
    return (logps - logps[mask].mean()) * (advantages - advantages[mask].mean())


def clip_cov_advantages(
    advantages: Tensor,
    logps: Tensor,
    mask: Tensor,
    free: Tensor,
    method: ClipCov,
    generator: Generator,
) -> tuple[Tensor, Tensor]:
    """Clip-Cov's advantages and its chosen tokens as booleans, both (B, T).

        chosen = floor(ratio * N) tokens at random of those with low <= Cov_t <= high
        A'_t   = 0 if chosen, else A_t

    The paper detaches the loss of chosen tokens: 0 has no gradient either. N counts all completion
    tokens. As in the authors' program at least one is chosen, and only among `free` tokens (B, T),
    whose gradient the ratio's clip leaves. Where fewer are in the band, all of these are chosen.
    """
    found = covariances(advantages, logps, mask)
    inside = (mask & free & (found >= method.low) & (found <= method.high)).flatten()
    places = inside.nonzero()[:, 0]
    drawn = torch.randperm(len(places), generator=generator)[: count_of(method.ratio, mask)]
    chosen = torch.zeros_like(inside)
    chosen[places[drawn.to(places.device)]] = True
    chosen = chosen.view_as(mask)
    return advantages.masked_fill(chosen, 0.0), chosen


def kl_cov_advantages(
    advantages: Tensor, logps: Tensor, log_ratio: Tensor, mask: Tensor, method: KlCov
) -> tuple[Tensor, Tensor]:
    """KL-Cov's advantages and its chosen tokens as booleans, both (B, T).

        chosen = the floor(share * N) tokens of highest Cov_t, at least one
        loss_t = - r_t A_t + coef * |log r_t| if chosen, else - r_t A_t
        A'_t   = A_t - coef * sign(log r_t) / r_t if chosen, else A_t

    r is the ratio to the rollout's policy, of which `log_ratio` (B, T) is the logarithm. It is
    clipped nowhere, and |log r| is the authors' estimate of the KL. - r A' has the gradient of that
    loss, - r A + coef * sign(log r) in log pi, but another value: by coef * (sign(log r) - |log r|)
    at chosen tokens. Where r is 1, A' is A.
    """
    found = covariances(advantages, logps, mask).masked_fill(~mask, -torch.inf).flatten()
    top = found.topk(min(count_of(method.share, mask), int(mask.sum()))).indices
    chosen = torch.zeros_like(found, dtype=torch.bool)
    chosen[top] = True
    chosen = chosen.view_as(mask)
    pull = method.coef * log_ratio.sign() * torch.exp(-log_ratio)
    return torch.where(chosen, advantages - pull, advantages), chosen


def count_of(share: float, mask: Tensor) -> int:
    return max(1, int(share * int(mask.sum())))


def unclipped(advantages: Tensor, log_ratio: Tensor, low: float, high: float) -> Tensor:
    """Tokens, (B, T), whose gradient PPO's clip of the ratio to [1 - low, 1 + high] leaves."""
    ratio = torch.exp(log_ratio)
    falling = (ratio < 1 - low) & (advantages < 0)
    return ~(falling | ((ratio > 1 + high) & (advantages > 0)))
