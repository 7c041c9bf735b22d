"""The arms of a sweep: a template's parameters, written as lists, expanded into single cells.

A list is a grid over that arm's own parameters; `zip` couples lists instead of crossing them;
`exclude` drops cells. Training settings overridden under `train` take part as `train.<name>`.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from domain.errors import Invalid, from_validation, invalid
from domain.fits import settle
from domain.methods import METHODS, Base, Method
from domain.runs import Replica, TrainSettings
from domain.schemas import Strict
from domain.templates import AnyArm, ArmTemplate, Scalar

Cell = dict[str, Scalar]
T = TypeVar("T")

MAX_CELLS = 10_000
METHOD: TypeAdapter[Method] = TypeAdapter(Method)


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
        train=None
        if isinstance(method, Base)
        else settle(method, settings, where, set(template.train), f"arm {template.name}"),
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
