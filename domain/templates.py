"""Arms as a user writes them: a method whose parameters may be lists.

The twins of the types in `domain/methods.py`; `domain/arms.py` expands them into single cells.
"""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from domain.methods import Alpha, Beta, Bound, Coef, Form, Kappa, Rho, SetSize, Share, Target
from domain.runs import Replica, TrainSettings
from domain.schemas import Strict
from domain.wordings import did_you_mean

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9 ._+-]*$")
Scalar = float | int | str | bool


def as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def not_empty(values: list[Scalar]) -> list[Scalar]:
    if not values:
        raise ValueError("is an empty list: give at least one value, or leave the field out")
    if len(set(map(str, values))) < len(values):
        raise ValueError("lists a value twice")
    return values


def plain_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(
            "must begin with a letter or a digit, and hold letters, digits, spaces, dots, hyphens, "
            f"underscores and plus signs alone (given: {name})"
        )
    return name


def groups(value: object) -> object:
    """`zip: [a, b]` means one group; `zip: [[a, b], [c, d]]` means two."""
    if isinstance(value, list) and value and all(isinstance(name, str) for name in value):
        return [value]
    return value


def plain_list(value: object) -> object:
    items = as_list(value)
    for item in items if isinstance(items, list) else []:
        if isinstance(item, bool) or not isinstance(item, float | int | str):
            raise ValueError(f"must be a number, a word, or a list of these (given: {item!s:.60})")
    return items


def known_settings(value: dict[str, list[Scalar]]) -> dict[str, list[Scalar]]:
    for name, values in value.items():
        if name not in TrainSettings.model_fields:
            hint = did_you_mean(name, TrainSettings.model_fields)
            more = hint or "; see the train section for names"
            raise ValueError(f"{name[:60]!r} is not a training setting{more}")
        not_empty(values)
    return value


def one_or_many(schema: object) -> BeforeValidator:
    return BeforeValidator(as_list, json_schema_input_type=schema)


Alphas = Annotated[list[Alpha], one_or_many(Alpha | list[Alpha]), AfterValidator(not_empty)]
Kappas = Annotated[list[Kappa], one_or_many(Kappa | list[Kappa]), AfterValidator(not_empty)]
Forms = Annotated[list[Form], one_or_many(Form | list[Form]), AfterValidator(not_empty)]
Betas = Annotated[list[Beta], one_or_many(Beta | list[Beta]), AfterValidator(not_empty)]
Targets = Annotated[list[Target], one_or_many(Target | list[Target]), AfterValidator(not_empty)]
Rhos = Annotated[list[Rho], one_or_many(Rho | list[Rho]), AfterValidator(not_empty)]
Shares = Annotated[list[Share], one_or_many(Share | list[Share]), AfterValidator(not_empty)]
Bounds = Annotated[list[Bound], one_or_many(Bound | list[Bound]), AfterValidator(not_empty)]
Coefs = Annotated[list[Coef], one_or_many(Coef | list[Coef]), AfterValidator(not_empty)]
SetSizes = Annotated[list[SetSize], one_or_many(SetSize | list[SetSize]), AfterValidator(not_empty)]
Replicas = Annotated[list[Replica], one_or_many(Replica | list[Replica]), AfterValidator(not_empty)]
Name = Annotated[
    str,
    Field(min_length=1, max_length=80, json_schema_extra={"pattern": NAME.pattern}),
    AfterValidator(plain_name),
]
Zips = Annotated[
    list[list[str]], BeforeValidator(groups, json_schema_input_type=list[str] | list[list[str]])
]
Values = Annotated[
    list[Scalar], BeforeValidator(plain_list, json_schema_input_type=Scalar | list[Scalar])
]
Overrides = Annotated[dict[str, Values], AfterValidator(known_settings)]


class ArmTemplate(Strict):
    """What every arm has besides its method's own parameters, named in `PARAMETERS`.

    Replicas of an arm are the same method trained with other random numbers: arms that differ by
    nothing, to see what a comparison makes of that.
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ()

    name: Name
    replica: Replicas = [0]
    train: Overrides = Field(default_factory=dict)
    zip: Zips = Field(default_factory=list)
    exclude: list[dict[str, Scalar]] = Field(default_factory=list)


class BaseArm(ArmTemplate):
    method: Literal["base"]


class GrpoArm(ArmTemplate):
    method: Literal["grpo"]


class PpoArm(ArmTemplate):
    method: Literal["ppo"]


class EntropyBonusArm(ArmTemplate):
    PARAMETERS = ("beta",)

    method: Literal["entropy_bonus"]
    beta: Betas


class AdaptiveEntropyArm(ArmTemplate):
    PARAMETERS = ("target", "delta")

    method: Literal["adaptive_entropy"]
    target: Targets = [0.2]
    delta: Targets = [0.005]


class EntropyShapedArm(ArmTemplate):
    PARAMETERS = ("alpha", "kappa", "form")

    method: Literal["entropy_shaped"]
    alpha: Alphas
    kappa: Kappas = [2.0]
    form: Forms = ["additive"]


class ForkingTokensArm(ArmTemplate):
    PARAMETERS = ("rho",)

    method: Literal["forking_tokens"]
    rho: Rhos = [0.2]


class ClipCovArm(ArmTemplate):
    PARAMETERS = ("ratio", "low", "high")

    method: Literal["clip_cov"]
    ratio: Shares = [2e-4]
    low: Bounds = [1.0]
    high: Bounds = [5.0]


class KlCovArm(ArmTemplate):
    PARAMETERS = ("share", "coef")

    method: Literal["kl_cov"]
    share: Shares = [2e-3]
    coef: Coefs = [1.0]


class PassAtKArm(ArmTemplate):
    PARAMETERS = ("k",)

    method: Literal["pass_at_k"]
    k: SetSizes


AnyArm = Annotated[
    BaseArm
    | GrpoArm
    | PpoArm
    | EntropyBonusArm
    | AdaptiveEntropyArm
    | EntropyShapedArm
    | ForkingTokensArm
    | ClipCovArm
    | KlCovArm
    | PassAtKArm,
    Field(discriminator="method"),
]
