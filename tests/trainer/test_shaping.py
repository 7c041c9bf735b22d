"""The arithmetic of shaping against an independent computation, and its bounds."""

from math import nan
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from domain.methods import EntropyShaped, Form
from trainer.records import Batch, measure
from trainer.shaping import entropy_statistics, shaped_advantages, shaping_statistics

ADVANTAGES = st.floats(-10, 10, width=32)
ENTROPIES = st.floats(0, 12, width=32)
ALPHAS = st.floats(0, 100)
KAPPAS = st.floats(1, 1e9, exclude_min=True)
FORMS = st.sampled_from(["additive", "symmetric"])


@st.composite
def rollouts(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Advantages (B, T) and entropies (B, T) in float64."""
    rows, tokens = draw(st.integers(1, 4)), draw(st.integers(1, 5))

    def fill(values: st.SearchStrategy[float]) -> Tensor:
        row = st.lists(values, min_size=tokens, max_size=tokens)
        drawn = draw(st.lists(row, min_size=rows, max_size=rows))
        return torch.tensor(drawn, dtype=torch.float64)

    return fill(ADVANTAGES), fill(ENTROPIES)


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


@given(rollouts(), ALPHAS, KAPPAS, FORMS)
def test_takes_advantages_per_completion_and_per_token_alike(
    rollout: tuple[Tensor, Tensor], alpha: float, kappa: float, form: Form
) -> None:
    column, entropies = rollout[0][:, :1], rollout[1]
    shapes = (column, column[:, 0], column.expand_as(entropies))
    found = [shaped_advantages(given, entropies, alpha, kappa, form) for given in shapes]
    for shaped, psi in found:
        assert shaped.shape == psi.shape == entropies.shape
        assert torch.equal(shaped, found[0][0])
        assert torch.equal(psi, found[0][1])


@given(rollouts(), ALPHAS, KAPPAS, FORMS)
def test_changes_neither_argument(
    rollout: tuple[Tensor, Tensor], alpha: float, kappa: float, form: Form
) -> None:
    before = [given.clone() for given in rollout]
    shaped, _ = shaped_advantages(*rollout, alpha, kappa, form)
    assert all(map(torch.equal, rollout, before))
    shaped += 1.0
    assert all(map(torch.equal, rollout, before)), "the answer is no view of them"


@given(rollouts(), ALPHAS, KAPPAS, FORMS)
def test_no_gradient_flows_through_psi(
    rollout: tuple[Tensor, Tensor], alpha: float, kappa: float, form: Form
) -> None:
    advantages, entropies = rollout
    entropies.requires_grad_()
    shaped, psi = shaped_advantages(advantages, entropies, alpha, kappa, form)
    assert not shaped.requires_grad
    assert not psi.requires_grad
    ((shaped * entropies).sum()).backward()
    assert entropies.grad is not None
    assert torch.equal(entropies.grad, shaped)


@given(rollouts(), ALPHAS, KAPPAS, FORMS)
def test_keeps_the_sign_for_every_kappa_above_one(
    rollout: tuple[Tensor, Tensor], alpha: float, kappa: float, form: Form
) -> None:
    shaped, _ = shaped_advantages(*rollout, alpha, kappa, form)
    assert torch.equal(shaped.sign(), rollout[0].sign())


@given(rollouts(), ALPHAS, KAPPAS, FORMS)
def test_flips_no_sign_in_float32_either(
    rollout: tuple[Tensor, Tensor], alpha: float, kappa: float, form: Form
) -> None:
    """A kappa that float32 cannot tell from 1 cancels a negative advantage, and no more."""
    advantages, entropies = (given.float() for given in rollout)
    shaped, _ = shaped_advantages(advantages, entropies, alpha, kappa, form)
    assert (shaped * advantages.sign() >= 0).all()
    if kappa > 1.001:
        clear = advantages.abs() > 1e-30
        assert torch.equal(shaped.sign()[clear], advantages.sign()[clear])


@given(ENTROPIES, ALPHAS, KAPPAS, FORMS)
def test_a_zero_advantage_stays_zero(h: float, alpha: float, kappa: float, form: Form) -> None:
    shaped, psi = shaped_advantages(torch.zeros(1), torch.tensor([[h]]), alpha, kappa, form)
    assert shaped.item() == 0
    assert psi.item() == 0


@given(rollouts(), ALPHAS, KAPPAS, FORMS)
def test_psi_is_the_lesser_of_its_two_bounds(
    rollout: tuple[Tensor, Tensor], alpha: float, kappa: float, form: Form
) -> None:
    _, psi = shaped_advantages(*rollout, alpha, kappa, form)
    pairs = zip(*(given.flatten().tolist() for given in rollout), strict=True)
    assert psi.flatten().tolist() == [min(alpha * h, abs(a) / kappa) for a, h in pairs]
    assert (psi >= 0).all()


@given(rollouts(), ALPHAS, KAPPAS)
def test_additive_never_lowers_and_adds_at_most_the_share_one_over_kappa(
    rollout: tuple[Tensor, Tensor], alpha: float, kappa: float
) -> None:
    advantages, _ = rollout
    shaped, _ = shaped_advantages(*rollout, alpha, kappa)
    assert (advantages <= shaped).all()
    assert (shaped <= advantages + advantages.abs() / kappa).all()


@given(rollouts(), ALPHAS, KAPPAS)
def test_symmetric_pushes_either_way_alike(
    rollout: tuple[Tensor, Tensor], alpha: float, kappa: float
) -> None:
    advantages, entropies = rollout
    shaped, psi = shaped_advantages(advantages, entropies, alpha, kappa, "symmetric")
    turned, same_psi = shaped_advantages(-advantages, entropies, alpha, kappa, "symmetric")
    assert torch.equal(turned, -shaped)
    assert torch.equal(same_psi, psi)
    assert torch.equal(shaped.abs(), advantages.abs() + psi)


@given(rollouts(), ALPHAS, KAPPAS)
def test_both_forms_agree_where_the_advantage_is_positive(
    rollout: tuple[Tensor, Tensor], alpha: float, kappa: float
) -> None:
    advantages, entropies = rollout[0].abs(), rollout[1]
    one, other = (
        shaped_advantages(advantages, entropies, alpha, kappa, form)
        for form in ("additive", "symmetric")
    )
    assert torch.equal(one[0], other[0])


@given(rollouts(), st.randoms(use_true_random=False), st.sampled_from([nan, 1e9, -1.0]))
def test_masked_positions_have_no_say_in_the_statistics(
    rollout: tuple[Tensor, Tensor], random: Random, spoilt: float
) -> None:
    entropies = rollout[1]
    advantages = rollout[0][:, :1]
    rows, tokens = entropies.shape
    mask = torch.tensor([[random.random() < 0.5 for _ in range(tokens)] for _ in range(rows)])
    mask[0, 0] = True
    psi = shaped_advantages(advantages, entropies, 0.4, 2.0)[1]

    def found(fill: float) -> dict[str, float]:
        ids = torch.zeros_like(mask, dtype=torch.long)
        values = [given.masked_fill(~mask, fill) for given in (entropies, psi)]
        batch = Batch(ids, mask, ids, mask, advantages, *values)
        return measure([batch], EntropyShaped(method="entropy_shaped", alpha=0.4))

    assert found(spoilt) == found(0.0)


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
