"""What one optimiser step leaves behind: its tokens and its metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor

from domain.methods import EntropyShaped, Method
from trainer.shaping import columns, entropy_statistics, shaping_statistics

NAMES = {
    "reward": "reward/mean",
    "reward_std": "reward/std",
    "frac_reward_zero_std": "reward/flat_groups",
    "clip_ratio/low_mean": "clip/low",
    "clip_ratio/high_mean": "clip/high",
    "clip_ratio/region_mean": "clip/any",
    "cispo_clip_ratio": "clip/high",
    "entropy_coef": "entropy/coef",
    "kl": "kl",
    "clip_cov/share": "clip_cov/share",
    "kl_cov/kl": "kl_cov/kl",
    "value/loss": "value/loss",
    "value/mean": "value/mean",
    "value/explained_variance": "value/explained_variance",
    "value/grad_norm": "value/grad_norm",
    "advantage/mean": "advantage/mean",
    "advantage/std": "advantage/std",
    "loss": "loss",
    "grad_norm": "grad_norm",
    "learning_rate": "lr",
}
"""TRL's names, and ours."""


@dataclass(frozen=True)
class Batch:
    """One batch of the loss. B sequences, P prompt and T completion positions.

    `prompts` (B, P) and `completions` (B, T) are token ids; `mask` (B, T) is true on completion
    tokens; `advantages`, (B, 1) of groups and (B, T) of a critic, are before shaping; `entropies`
    and `psi` (B, T) are in nats and in units of the advantage. psi is 0 where nothing is shaped.
    """

    prompts: Tensor
    prompt_mask: Tensor
    completions: Tensor
    mask: Tensor
    advantages: Tensor
    entropies: Tensor
    psi: Tensor

    @classmethod
    def of(
        cls, inputs: Mapping[str, Any], advantages: Tensor, entropies: Tensor, psi: Tensor | None
    ) -> Self:
        return cls(
            prompts=inputs["prompt_ids"],
            prompt_mask=inputs["prompt_mask"].bool(),
            completions=inputs["completion_ids"],
            mask=inputs["completion_mask"].bool(),
            advantages=columns(advantages),
            entropies=entropies,
            psi=torch.zeros_like(entropies) if psi is None else psi,
        )

    def in_memory(self) -> Self:
        """Where another process can read it."""
        return type(self)(**{name: tensor.cpu() for name, tensor in vars(self).items()})

    def flat(self, values: Tensor) -> Tensor:
        return values.expand_as(self.mask)[self.mask]


def measure(batches: list[Batch], method: Method) -> dict[str, float]:
    """The metrics of a step that follow from its tokens."""
    advantages = torch.cat([batch.flat(batch.advantages) for batch in batches])
    entropies = torch.cat([batch.flat(batch.entropies) for batch in batches])
    found = entropy_statistics(advantages, entropies)
    if isinstance(method, EntropyShaped):
        psi = torch.cat([batch.flat(batch.psi) for batch in batches])
        found |= shaping_statistics(advantages, psi, method.kappa)
    return found


def lengths(batches: list[Batch], eos: int) -> tuple[Tensor, Tensor]:
    """For each completion, its tokens and whether it ran into the limit."""
    counts = torch.cat([batch.mask.sum(1) for batch in batches])
    ended = torch.cat([((batch.completions == eos) & batch.mask).any(1) for batch in batches])
    return counts, ~ended


def rename(logs: Mapping[str, float | None]) -> dict[str, float]:
    """TRL says None for a metric that was NaN."""
    return {
        ours: float("nan") if logs[theirs] is None else float(logs[theirs] or 0)
        for theirs, ours in NAMES.items()
        if theirs in logs
    }


def average(shares: list[dict[str, float]]) -> dict[str, float]:
    """Of the ranks, whose parts of a step are equally large; most metrics are the same at all."""
    first, *others = shares
    if not others:
        return first
    return {name: sum(share[name] for share in shares) / len(shares) for name in first}
