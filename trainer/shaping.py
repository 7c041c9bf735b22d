"""The entropy-shaped advantage as tensor arithmetic, and the figures that show what it did."""

import torch
from torch import Tensor

from domain.methods import Form


def shaped_advantages(
    advantages: Tensor, entropies: Tensor, alpha: float, kappa: float, form: Form = "additive"
) -> tuple[Tensor, Tensor]:
    """The advantages A' of shape (B, T) and the bonus psi of shape (B, T).

        psi = min(alpha * H, |A| / kappa)      H detached: the bonus has no gradient
        A'  = A + psi                          additive: Cheng et al., arXiv 2506.14758, eq. 4 and 5
        A'  = A + sign(A) * psi                symmetric: a variant of ours

    `advantages` is (B,), (B, 1) or (B, T); `entropies` is (B, T) in nats. With kappa > 1 the sign
    of A is kept: additive gives A' in [A, A(1 + 1/kappa)] for A > 0 and in [A, A(1 - 1/kappa)]
    for A < 0. The arguments are left as they are, so a rollout can be shaped again and again.
    """
    column = columns(advantages)
    psi = torch.minimum(alpha * entropies.detach(), column.abs() / kappa)
    direction = column.sign() if form == "symmetric" else 1.0
    return column + direction * psi, psi


def columns(advantages: Tensor) -> Tensor:
    """One for each completion, (B,), as (B, 1); those of tokens, (B, T), as they are."""
    return advantages.unsqueeze(1) if advantages.dim() == 1 else advantages


def entropy_statistics(advantages: Tensor, entropies: Tensor) -> dict[str, float]:
    """Mean entropy in nats over all tokens, and over those with A > 0 and with A < 0.

    Both arguments are flat: one value for each completion token, padding left out. A mean over no
    token at all is missing from the answer.
    """
    return {
        "entropy/mean": entropies.mean().item(),
        **split_means("entropy/{}", entropies, advantages),
    }


def shaping_statistics(advantages: Tensor, psi: Tensor, kappa: float) -> dict[str, float]:
    """What shaping did, over flat completion tokens: mean psi, psi / |A| and the share at the cap.

    psi / |A| and the share of tokens with psi = |A| / kappa are over tokens with A != 0, together
    and split by the sign of A.
    """
    acting = advantages != 0
    strength, share = advantages[acting], psi[acting] / advantages[acting].abs()
    capped = (psi[acting] >= strength.abs() / kappa).float()
    found = {"psi/mean": psi.mean().item()}
    if acting.any():
        found |= {"psi/share": share.mean().item(), "psi/capped": capped.mean().item()}
    found |= split_means("psi/share_{}", share, strength)
    return found | split_means("psi/capped_{}", capped, strength)


def split_means(name: str, values: Tensor, advantages: Tensor) -> dict[str, float]:
    chosen = {"positive": values[advantages > 0], "negative": values[advantages < 0]}
    return {name.format(sign): part.mean().item() for sign, part in chosen.items() if len(part)}
