"""The methods that can be compared. Each is a small frozen type; `Method` is their union.

The `...Arm` twins in `domain/templates.py` take the same parameters as lists.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from domain.schemas import Strict


def above_one(kappa: float) -> float:
    if kappa <= 1:
        raise ValueError(
            f"kappa must be greater than 1 (given: {kappa:g}); at 1 or below psi can cancel "
            "or flip a negative advantage. The paper uses 2"
        )
    return kappa


def above_low(high: float, info: ValidationInfo) -> float:
    low = info.data.get("low")
    if low is not None and high <= low:
        raise ValueError(
            f"high must be greater than low (given: low {low:g}, high {high:g}); tokens are taken "
            "from between them. The paper uses 1 and 5"
        )
    return high


def at_least_two(k: int) -> int:
    if k < 2:
        raise ValueError(f"k must be 2 or more (given: {k}); for k = 1 use the method grpo")
    return k


Alpha = Annotated[float, Field(ge=0, le=1e6)]
Kappa = Annotated[float, AfterValidator(above_one), Field(le=1e9)]
Form = Literal["additive", "symmetric"]
Beta = Annotated[float, Field(gt=0, le=1e3)]
Target = Annotated[float, Field(gt=0, le=20)]
Rho = Annotated[float, Field(gt=0, le=1)]
Share = Annotated[float, Field(gt=0, le=1)]
Bound = Annotated[float, Field(ge=-1e6, le=1e6)]
Coef = Annotated[float, Field(gt=0, le=1e3)]
SetSize = Annotated[int, AfterValidator(at_least_two), Field(le=4096)]


class Base(Strict):
    """The untrained model, evaluated like any other arm."""

    method: Literal["base"]


class Grpo(Strict):
    """Plain GRPO (Shao et al. 2024, arXiv 2402.03300)."""

    method: Literal["grpo"]


class Ppo(Strict):
    """Plain PPO (Schulman et al. 2017, arXiv 1707.06347): a critic makes the advantages."""

    method: Literal["ppo"]


class EntropyBonus(Strict):
    """Plain entropy regularisation: the objective gains beta * mean H_t, with a gradient."""

    method: Literal["entropy_bonus"]
    beta: Beta


class AdaptiveEntropy(Strict):
    """Entropy regularisation; its coefficient moves by `delta` to hold H at `target` nats."""

    method: Literal["adaptive_entropy"]
    target: Target = 0.2
    delta: Annotated[float, Field(gt=0, le=1)] = 0.005


class EntropyShaped(Strict):
    """Entropy-shaped advantage (Cheng et al., arXiv 2506.14758): A + min(alpha * H, |A| / kappa).

    `additive` is the paper's formula. `symmetric` adds sign(A) * psi instead: a named variant.
    """

    method: Literal["entropy_shaped"]
    alpha: Alpha
    kappa: Kappa = 2.0
    form: Form = "additive"


class ForkingTokens(Strict):
    """Updates only the `rho` share of tokens of highest entropy (arXiv 2506.01939)."""

    method: Literal["forking_tokens"]
    rho: Rho = 0.2


class ClipCov(Strict):
    """Clip-Cov (Cui et al., arXiv 2505.22617): a few tokens of high covariance are not updated.

    The share `ratio` of all tokens, at random among those with a covariance in [`low`, `high`].
    """

    method: Literal["clip_cov"]
    ratio: Share = 2e-4
    low: Bound = 1.0
    high: Annotated[Bound, AfterValidator(above_low), Field(validate_default=True)] = 5.0


class KlCov(Strict):
    """KL-Cov (Cui et al., arXiv 2505.22617): tokens of high covariance are held to the rollout.

    The `share` of tokens of highest covariance pay `coef` times their KL term.
    """

    method: Literal["kl_cov"]
    share: Share = 2e-3
    coef: Coef = 1.0


class PassAtK(Strict):
    """Pass@k training (Chen et al., arXiv 2508.10751): the reward is that one of `k` is correct."""

    method: Literal["pass_at_k"]
    k: SetSize


Method = Annotated[
    Base
    | Grpo
    | Ppo
    | EntropyBonus
    | AdaptiveEntropy
    | EntropyShaped
    | ForkingTokens
    | ClipCov
    | KlCov
    | PassAtK,
    Field(discriminator="method"),
]
METHODS = (
    "base",
    "grpo",
    "ppo",
    "entropy_bonus",
    "adaptive_entropy",
    "entropy_shaped",
    "forking_tokens",
    "clip_cov",
    "kl_cov",
    "pass_at_k",
)
