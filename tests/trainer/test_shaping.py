"""The arithmetic of shaping against an independent computation, and its bounds."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from trainer.shaping import entropy_statistics, shaped_advantages, shaping_statistics

ADVANTAGES = st.floats(-10, 10, width=32)
ENTROPIES = st.floats(0, 12, width=32)
ALPHAS = st.floats(0, 100)
KAPPAS = st.floats(1.001, 100)


def example(rows: int = 6, tokens: int = 5) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    advantages = torch.randn(rows, generator=generator, dtype=torch.float64)
    entropies = 3 * torch.rand(rows, tokens, generator=generator, dtype=torch.float64)
    return advantages, entropies


@pytest.mark.parametrize("form", ["additive", "symmetric"])
def test_agrees_with_an_independent_float64_computation(form: str) -> None:
    advantages, entropies = example()
    shaped, psi = shaped_advantages(advantages, entropies, 0.4, 2.0, form)  # type: ignore[arg-type]
    for row, a in enumerate(advantages.tolist()):
        for column, h in enumerate(entropies[row].tolist()):
            bonus = min(0.4 * h, abs(a) / 2.0)
            direction = np.sign(a) if form == "symmetric" else 1
            assert psi[row, column].item() == pytest.approx(bonus, abs=1e-15)
            assert shaped[row, column].item() == pytest.approx(a + direction * bonus, abs=1e-15)


def test_alpha_zero_leaves_advantages_untouched() -> None:
    advantages, entropies = example()
    shaped, psi = shaped_advantages(advantages, entropies, 0.0, 2.0)
    assert torch.equal(shaped, advantages.unsqueeze(1).expand_as(entropies))
    assert not psi.any()


def test_takes_advantages_per_completion_and_per_token_alike() -> None:
    advantages, entropies = example()
    per_token = advantages.unsqueeze(1).expand_as(entropies)
    assert torch.equal(
        shaped_advantages(advantages, entropies, 0.4, 2.0)[0],
        shaped_advantages(per_token, entropies, 0.4, 2.0)[0],
    )


def test_changes_neither_argument() -> None:
    advantages, entropies = example()
    before = advantages.clone(), entropies.clone()
    shaped_advantages(advantages, entropies, 0.4, 2.0)
    assert torch.equal(advantages, before[0])
    assert torch.equal(entropies, before[1])


def test_no_gradient_flows_through_psi() -> None:
    advantages, entropies = example()
    entropies.requires_grad_()
    shaped, psi = shaped_advantages(advantages, entropies, 0.4, 2.0)
    assert not shaped.requires_grad
    assert not psi.requires_grad
    ((shaped * entropies).sum()).backward()
    assert entropies.grad is not None
    assert torch.equal(entropies.grad, shaped)


@given(ADVANTAGES, ENTROPIES, ALPHAS, KAPPAS, st.sampled_from(["additive", "symmetric"]))
def test_keeps_the_sign_for_kappa_above_one(
    a: float, h: float, alpha: float, kappa: float, form: str
) -> None:
    shaped, _ = shaped_advantages(
        torch.tensor([a], dtype=torch.float64),
        torch.tensor([[h]], dtype=torch.float64),
        alpha,
        kappa,
        form,  # type: ignore[arg-type]
    )
    assert np.sign(shaped.item()) == np.sign(a)


@given(ENTROPIES, ALPHAS, KAPPAS)
def test_a_zero_advantage_stays_zero(h: float, alpha: float, kappa: float) -> None:
    shaped, psi = shaped_advantages(torch.zeros(1), torch.tensor([[h]]), alpha, kappa)
    assert shaped.item() == 0
    assert psi.item() == 0


@given(ADVANTAGES, ENTROPIES, ALPHAS, KAPPAS)
def test_the_bonus_is_never_more_than_the_share_one_over_kappa(
    a: float, h: float, alpha: float, kappa: float
) -> None:
    shaped, _ = shaped_advantages(
        torch.tensor([a], dtype=torch.float64),
        torch.tensor([[h]], dtype=torch.float64),
        alpha,
        kappa,
    )
    assert a <= shaped.item() <= a + abs(a) / kappa


def test_statistics_split_by_the_sign_of_the_advantage() -> None:
    advantages = torch.tensor([2.0, 2.0, -1.0, 0.0])
    entropies = torch.tensor([0.5, 5.0, 0.5, 3.0])
    psi = shaped_advantages(advantages.unsqueeze(0), entropies.unsqueeze(0), 0.4, 2.0)[1][0]
    found = shaping_statistics(advantages, psi, 2.0) | entropy_statistics(advantages, entropies)
    assert found == pytest.approx(
        {
            "psi/mean": (0.2 + 1.0 + 0.2 + 0.0) / 4,
            "psi/share": (0.1 + 0.5 + 0.2) / 3,
            "psi/share_positive": (0.1 + 0.5) / 2,
            "psi/share_negative": 0.2,
            "psi/capped": 1 / 3,
            "psi/capped_positive": 1 / 2,
            "psi/capped_negative": 0.0,
            "entropy/mean": 9.0 / 4,
            "entropy/positive": 5.5 / 2,
            "entropy/negative": 0.5,
        }
    )


def test_a_mean_over_no_token_is_left_out() -> None:
    found = shaping_statistics(torch.zeros(3), torch.zeros(3), 2.0)
    assert found == {"psi/mean": 0.0}
