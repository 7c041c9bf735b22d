"""Clip-Cov and KL-Cov: which tokens they choose, and what the loss's gradient is then."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from domain.events import Metrics
from domain.methods import ClipCov, Grpo, KlCov, Method
from tests.trainer.conftest import Train, make_spec, run_events
from trainer import subjects
from trainer.covariance import clip_cov_advantages, covariances, kl_cov_advantages, unclipped
from trainer.train import build_trainer
from trainer.trainers import ShapingTrainer

SHARES = st.floats(1e-4, 1)
SEEDS = st.integers(0, 2**31)

Tokens = tuple[Tensor, Tensor, Tensor, Tensor]
Trained = Callable[..., tuple[ShapingTrainer, dict[str, Any]]]


def example(seed: int, rows: int = 6, width: int = 9) -> Tokens:
    """Advantages, log-probabilities, log ratios and a mask with a token in every row."""
    generator = torch.Generator().manual_seed(seed)
    advantages = torch.randn(rows, 1, generator=generator).expand(rows, width)
    logps = -3 * torch.rand(rows, width, generator=generator)
    log_ratio = 0.3 * torch.randn(rows, width, generator=generator)
    lengths = torch.randint(1, width + 1, (rows, 1), generator=generator)
    return advantages, logps, log_ratio, torch.arange(width) < lengths


def clip_cov(ratio: float, low: float = 1.0, high: float = 5.0) -> ClipCov:
    return ClipCov(method="clip_cov", ratio=ratio, low=low, high=high)


def kl_cov(share: float, coef: float = 1.0) -> KlCov:
    return KlCov(method="kl_cov", share=share, coef=coef)


@given(SEEDS)
def test_the_covariances_average_to_the_covariance(seed: int) -> None:
    advantages, logps, _, mask = example(seed)
    stacked = torch.stack([logps[mask], advantages[mask]]).double()
    expected = torch.cov(stacked, correction=0)[0, 1].item()
    mean = covariances(advantages, logps, mask)[mask].mean().item()
    assert mean == pytest.approx(expected, abs=1e-5)


@given(SEEDS, SHARES, st.floats(-1, 1), st.floats(0.01, 2))
def test_clip_cov_takes_the_stated_number_and_only_from_the_band(
    seed: int, ratio: float, low: float, width: float
) -> None:
    advantages, logps, log_ratio, mask = example(seed)
    free = unclipped(advantages, log_ratio, 0.2, 0.28)
    method = clip_cov(ratio, low, low + width)
    drawn_from = torch.Generator().manual_seed(seed)
    changed, chosen = clip_cov_advantages(advantages, logps, mask, free, method, drawn_from)
    found = covariances(advantages, logps, mask)
    band = mask & free & (found >= method.low) & (found <= method.high)
    wanted = max(1, int(ratio * int(mask.sum())))
    assert int(chosen.sum()) == min(wanted, int(band.sum()))
    assert not (chosen & ~band).any()
    assert not changed[chosen].any()
    assert torch.equal(changed[~chosen], advantages[~chosen])


def test_clip_cov_draws_every_token_of_the_band() -> None:
    advantages, logps, _, mask = example(0)
    method, seen = clip_cov(0.01, 0.1), torch.zeros_like(mask)
    drawn_from = torch.Generator().manual_seed(0)
    for _ in range(400):
        _, chosen = clip_cov_advantages(advantages, logps, mask, mask, method, drawn_from)
        seen |= chosen
    found = covariances(advantages, logps, mask)
    assert torch.equal(seen, mask & (found >= 0.1) & (found <= 5))


@given(SEEDS, SHARES)
def test_kl_cov_takes_the_top_share(seed: int, share: float) -> None:
    advantages, logps, log_ratio, mask = example(seed)
    changed, chosen = kl_cov_advantages(advantages, logps, log_ratio, mask, kl_cov(share))
    found = covariances(advantages, logps, mask)
    rest = mask & ~chosen
    assert int(chosen.sum()) == max(1, int(share * int(mask.sum())))
    assert not (chosen & ~mask).any()
    assert not rest.any() or found[chosen].min() >= found[rest].max()
    assert torch.equal(changed[~chosen], advantages[~chosen])


@given(SEEDS, SHARES, st.floats(0.01, 10))
def test_kl_covs_advantages_have_the_gradient_of_its_loss(
    seed: int, share: float, coef: float
) -> None:
    advantages, logps, log_ratio, mask = example(seed)
    changed, chosen = kl_cov_advantages(advantages, logps, log_ratio, mask, kl_cov(share, coef))
    moved = log_ratio.clone().requires_grad_()
    (own,) = torch.autograd.grad((-moved.exp() * changed).sum(), moved)
    papers = -moved.exp() * advantages + chosen * coef * moved.abs()
    (expected,) = torch.autograd.grad(papers.sum(), moved)
    assert torch.allclose(own, expected, atol=1e-5, rtol=1e-5)


@given(SEEDS)
def test_kl_cov_is_plain_at_the_rollouts_own_policy(seed: int) -> None:
    advantages, logps, _, mask = example(seed)
    changed, _ = kl_cov_advantages(advantages, logps, torch.zeros_like(logps), mask, kl_cov(0.5))
    assert torch.equal(changed, advantages)


@given(SEEDS)
def test_a_token_is_clipped_where_the_loss_has_no_gradient(seed: int) -> None:
    advantages, _, log_ratio, _ = example(seed)
    moved = log_ratio.clone().requires_grad_()
    ratio = moved.exp()
    loss = -torch.min(ratio * advantages, ratio.clamp(0.8, 1.28) * advantages)
    (gradient,) = torch.autograd.grad(loss.sum(), moved)
    assert torch.equal(unclipped(advantages, log_ratio, 0.2, 0.28), gradient != 0)


def gradients(
    trainer: ShapingTrainer, method: Method, inputs: dict[str, Any]
) -> tuple[Tensor, dict[str, Any]]:
    """The gradient of the real loss in each token's log-probability, and what the loss has read."""
    seen: list[Tensor] = []
    ask = trainer._get_per_token_logps_and_entropies

    def ask_and_keep(*args: Any, **settings: Any) -> Any:
        answer = ask(*args, **settings)
        seen.append(answer[0])
        return answer

    trainer.method = method
    trainer._get_per_token_logps_and_entropies = ask_and_keep  # type: ignore[method-assign]
    loss = trainer._compute_loss(trainer.model, inputs)
    trainer._get_per_token_logps_and_entropies = ask  # type: ignore[method-assign]
    (gradient,) = torch.autograd.grad(loss, seen)
    return gradient, {**inputs, "logps": seen[0].detach()}


@pytest.fixture
def trained(tmp_path: Path) -> Trained:
    """A trainer after two updates on one rollout, and that rollout's second batch."""

    def trained(
        method: Method, loss_type: str, updates: int = 2
    ) -> tuple[ShapingTrainer, dict[str, Any]]:
        settings = {"updates_per_rollout": updates, "loss_type": loss_type, "prompts_per_step": 8}
        spec = make_spec(method.model_dump(), settings)
        trainer = build_trainer(subjects.load(spec), tmp_path, lambda _: None, [])
        trainer.train()
        assert trainer._buffered_inputs
        return trainer, trainer._buffered_inputs[-1]

    return trained


@pytest.mark.parametrize("updates", [1, 2])
@pytest.mark.parametrize("loss_type", ["dapo", "grpo", "cispo"])
def test_clip_cov_removes_the_gradient_of_its_tokens_alone(
    loss_type: str, updates: int, trained: Trained
) -> None:
    method = clip_cov(0.02, 0.01)
    trainer, inputs = trained(method, loss_type, updates)
    plain, _ = gradients(trainer, Grpo(method="grpo"), inputs)
    torch.manual_seed(7)
    own, read = gradients(trainer, method, inputs)
    mask, column = read["completion_mask"].bool(), inputs["advantages"].view(-1, 1)
    old = inputs["old_per_token_logps"] if updates > 1 else read["logps"]
    free = unclipped(column, read["logps"] - old, 0.2, 0.28) | (loss_type == "cispo")
    drawn_from = torch.Generator().manual_seed(7)
    spread = column.expand_as(mask)
    _, chosen = clip_cov_advantages(spread, read["logps"], mask, free, method, drawn_from)
    assert int(chosen.sum()) == int(0.02 * int(mask.sum()))
    assert plain[chosen].any()
    assert torch.equal(own, plain.masked_fill(chosen, 0.0))


@pytest.mark.parametrize("loss_type", ["dapo", "grpo", "cispo"])
def test_kl_cov_adds_the_gradient_of_the_penalty_to_its_tokens_alone(
    loss_type: str, trained: Trained
) -> None:
    method = kl_cov(0.05, 0.5)
    trainer, inputs = trained(method, loss_type)
    own, read = gradients(trainer, method, inputs)
    plain, _ = gradients(trainer, Grpo(method="grpo"), inputs)
    mask, log_ratio = read["completion_mask"].bool(), read["logps"] - read["old_per_token_logps"]
    column = inputs["advantages"].view(-1, 1).expand_as(mask)
    _, chosen = kl_cov_advantages(column, read["logps"], log_ratio, mask, method)
    assert log_ratio[chosen].any()
    if loss_type == "grpo":
        weight = 1 / mask.sum(1, keepdim=True) / len(mask)
    else:
        weight = 2 / inputs["num_items_in_batch"]  # it counts both updates' tokens
    penalty = weight * 0.5 * log_ratio.sign()
    assert torch.equal(own[~chosen], plain[~chosen])
    assert torch.allclose(own[chosen], (plain + penalty)[chosen], atol=1e-6)


def test_an_empty_band_is_plain_grpo_to_the_bit(train: Train) -> None:
    plain, _ = train(make_spec())
    own, _ = train(make_spec({"method": "clip_cov", "low": 1e5, "high": 1e6}))
    assert all(torch.equal(own[name], plain[name]) for name in plain)


@pytest.mark.parametrize(
    ("method", "metric"),
    [
        ({"method": "clip_cov", "ratio": 0.01, "low": 0.0}, "clip_cov/share"),
        ({"method": "kl_cov", "share": 0.01}, "kl_cov/kl"),
    ],
    ids=["clip_cov", "kl_cov"],
)
def test_two_updates_of_several_batches_train_and_say_what_they_did(
    method: dict[str, object],
    metric: str,
    tmp_path: Path,
) -> None:
    settings = {
        "updates_per_rollout": 2,
        "prompts_per_step": 6,
        "kl_coef": 0.01,
        "sequences_per_pass": 8,
    }
    said = run_events(make_spec(method, settings), tmp_path)
    first, second = (event.values[metric] for event in said if isinstance(event, Metrics))
    assert 0 <= first < 0.04
    assert second > 0
    assert said[-1].model_dump()["kind"] == "finished"
