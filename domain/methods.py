"""The methods that can be compared. Each is a small frozen type; `Method` is their union.

The `...Arm` twins in `domain/arms.py` take the same parameters as lists.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.schemas import Strict


def above_one(kappa: float) -> float:
    if kappa <= 1:
        raise ValueError(
            f"kappa must be greater than 1 (given: {kappa:g}); at 1 or below psi can cancel "
            "or flip a negative advantage. The paper uses 2"
        )
    return kappa


Alpha = Annotated[float, Field(ge=0, le=1e6)]
Kappa = Annotated[float, AfterValidator(above_one), Field(le=1e9)]
Form = Literal["additive", "symmetric"]
Beta = Annotated[float, Field(gt=0, le=1e3)]
Target = Annotated[float, Field(gt=0, le=20)]
Rho = Annotated[float, Field(gt=0, le=1)]


class Base(Strict):
    """The untrained model, evaluated like any other arm."""

    method: Literal["base"]


class Grpo(Strict):
    """Plain GRPO (Shao et al. 2024, arXiv 2402.03300)."""

    method: Literal["grpo"]


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


Method = Annotated[
    Base | Grpo | EntropyBonus | AdaptiveEntropy | EntropyShaped | ForkingTokens,
    Field(discriminator="method"),
]
METHODS = (
    "base",
    "grpo",
    "entropy_bonus",
    "adaptive_entropy",
    "entropy_shaped",
    "forking_tokens",
)
