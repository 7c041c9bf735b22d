"""Arms as a user writes them: a method whose parameters may be lists, expanded into single cells.

A list is a grid over that arm's own parameters; `zip` couples lists instead of crossing them;
`exclude` drops cells. Training settings overridden under `train` take part as `train.<name>`.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from itertools import product
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from domain.errors import Invalid, from_validation, invalid
from domain.methods import METHODS, Alpha, Beta, Form, Kappa, Method, Rho, Target
from domain.runs import Replica, TrainSettings
from domain.schemas import Strict

Scalar = float | int | str | bool
Cell = dict[str, Scalar]
T = TypeVar("T")

MAX_CELLS = 10_000
METHOD: TypeAdapter[Method] = TypeAdapter(Method)


def as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def not_empty(values: list[Scalar]) -> list[Scalar]:
    if not values:
        raise ValueError("is an empty list: give at least one value, or leave the field out")
    if len(set(map(str, values))) < len(values):
        raise ValueError("lists a value twice")
    return values


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
            near = get_close_matches(name, TrainSettings.model_fields, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "see the train section for names"
            raise ValueError(f"{name!r} is not a training setting; {hint}")
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
Replicas = Annotated[list[Replica], one_or_many(Replica | list[Replica]), AfterValidator(not_empty)]
Name = Annotated[
    str,
    Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+-]*$"),
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


AnyArm = Annotated[
    BaseArm | GrpoArm | EntropyBonusArm | AdaptiveEntropyArm | EntropyShapedArm | ForkingTokensArm,
    Field(discriminator="method"),
]


class Arm(Strict):
    """A method with its parameters and training settings, without a seed."""

    name: str
    template: str
    method: Method
    replica: Replica = 0
    train: TrainSettings | None


def expand_arm(template: AnyArm, train: TrainSettings, where: str) -> Iterator[Arm]:
    """The arms of one template in a stable order; `where` is its path for errors (`arms[2]`)."""
    axes = written_axes(template)
    if template.method == "base" and template.train:
        raise invalid(f"{where}.train", "the base model is not trained; remove the overrides")
    if template.method == "base" and template.replica != [0]:
        raise invalid(f"{where}.replica", "the base model is not trained, so it has no replicas")
    for cell in kept_cells(template, axes, where):
        yield build_arm(template, cell, train, where)


def written_axes(template: ArmTemplate) -> dict[str, list[Scalar]]:
    """Every parameter the user wrote, in the method's order, then the overrides in theirs.

    Not as written: the database keeps no order of keys, and what is stored must keep its names.
    """
    axes = {
        name: list(getattr(template, name))
        for name in (*template.PARAMETERS, "replica")
        if name in template.model_fields_set
    }
    overrides = [name for name in TrainSettings.model_fields if name in template.train]
    return axes | {f"train.{name}": template.train[name] for name in overrides}


def kept_cells(template: ArmTemplate, axes: Mapping[str, list[Scalar]], where: str) -> list[Cell]:
    cells = list(crossed(coupled_axes(axes, template.zip, where), where))
    for index, pattern in enumerate(template.exclude):
        keep = [cell for cell in cells if not matches(cell, pattern)]
        if len(keep) == len(cells):
            raise invalid(f"{where}.exclude[{index}]", "matches no cell of this arm")
        cells = keep
    if not cells:
        raise invalid(f"{where}.exclude", "drops every cell of this arm; remove the arm instead")
    return cells


def matches(cell: Cell, pattern: Mapping[str, Scalar]) -> bool:
    return all(name in cell and cell[name] == value for name, value in pattern.items())


def coupled_axes(
    axes: Mapping[str, list[Scalar]], zips: list[list[str]], where: str
) -> list[list[Cell]]:
    """One list of partial cells for each independent axis, in the order of its first parameter."""
    group_of: dict[str, list[str]] = {}
    for names in zips:
        check_zip(names, axes, group_of, where)
        group_of |= dict.fromkeys(names, names)
    coupled = []
    for name in axes:
        group = group_of.get(name, [name])
        if name == min(group, key=list(axes).index):
            rows = zip(*(axes[member] for member in group), strict=True)
            coupled.append([dict(zip(group, row, strict=True)) for row in rows])
    return coupled


def check_zip(
    names: list[str],
    axes: Mapping[str, list[Scalar]],
    taken: Mapping[str, list[str]],
    where: str,
) -> None:
    for name in names:
        if name not in axes:
            raise invalid(f"{where}.zip", f"{name!r} is not a parameter this arm sets")
        if name in taken or names.count(name) > 1:
            raise invalid(f"{where}.zip", f"{name!r} is coupled twice")
    if len({len(axes[name]) for name in names}) > 1:
        sizes = ", ".join(f"{name} has {len(axes[name])}" for name in names)
        raise invalid(f"{where}.zip", f"coupled lists must be equally long: {sizes}")


def crossed(axes: list[list[Cell]], where: str) -> Iterator[Cell]:
    size = 1
    for axis in axes:
        size *= len(axis)
    if size > MAX_CELLS:
        raise invalid(where, f"expands to {size:,} cells; at most {MAX_CELLS:,} are allowed")
    for parts in product(*axes):
        yield {name: value for part in parts for name, value in part.items()}


def build_arm(template: AnyArm, cell: Cell, train: TrainSettings, where: str) -> Arm:
    own = {name: cell[name] for name in template.PARAMETERS if name in cell}
    changed = {name[6:]: value for name, value in cell.items() if name.startswith("train.")}
    method = checked(lambda: METHOD.validate_python({"method": template.method, **own}), where)
    settings = checked(
        lambda: TrainSettings.model_validate(train.model_dump() | changed), f"{where}.train"
    )
    return Arm(
        name=arm_name(template.name, cell),
        template=template.name,
        method=method,
        replica=int(cell.get("replica", 0)),
        train=None if template.method == "base" else settings,
    )


def checked(build: Callable[[], T], where: str) -> T:
    try:
        return build()
    except ValidationError as error:
        raise cause_of(error, where) from error


def cause_of(error: ValidationError, where: str) -> Invalid:
    return from_validation(error, prefix=where, tags=METHODS)


def arm_name(template: str, cell: Cell) -> str:
    """`shaped/alpha=0.4,kappa=2`: every parameter as written, so a longer list renames none."""
    if not cell:
        return template
    return f"{template}/" + ",".join(f"{name}={shown(value)}" for name, value in cell.items())


def shown(value: Scalar) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
