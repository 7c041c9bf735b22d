"""Extending a sweep: the union of what it has with more seeds, more values and more arms."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, ValidationError

from domain.arms import Arm, expand_arm, kept_cells, written_axes
from domain.catalogue import Finder, find_shipped
from domain.confirmations import narrowed
from domain.errors import from_validation, invalid
from domain.methods import METHODS
from domain.runs import Seed
from domain.schemas import Strict
from domain.sweeps import SweepSpec, distinct_seeds, expand, parse_sweep, sized_training
from domain.templates import AnyArm, Scalar, Values

Axes = dict[str, list[Scalar]]
Item = TypeVar("Item")


class ExtensionRequest(Strict):
    """What a sweep shall have besides what it has.

    `values` are further ones of lists that an arm template writes: {template: {parameter: values}},
    a training setting as `train.steps`. Coupled lists grow together.
    """

    seeds: Annotated[list[Seed], Field(max_length=1000), AfterValidator(distinct_seeds)] = Field(
        default_factory=list
    )
    arms: Annotated[list[AnyArm], Field(max_length=200)] = Field(default_factory=list)
    values: Annotated[dict[str, dict[str, Values]], Field(max_length=200)] = Field(
        default_factory=dict
    )


def extend(sweep: SweepSpec, more: ExtensionRequest, find: Finder = find_shipped) -> SweepSpec:
    """The sweep with what it lacked; its baseline and everything else stay.

    Raises Invalid naming the field.
    """
    update = {
        "baseline": expand(sweep, find).baseline,
        "seeds": united(sweep.seeds, more.seeds),
    }
    grown = sweep.model_copy(update=update)
    for name, values in more.values.items():
        place = find_template(sweep, name, values)
        wider = widen(sweep.arms[place], values)
        if [template.name for template in sweep.arms].count(name) == 1:
            grown = with_arms(grown, [*grown.arms[:place], wider, *grown.arms[place + 1 :]])
        else:  # other cells of that name have templates of their own
            grown = with_arms(grown, [*grown.arms, *lacking(grown, [wider], find)])
    grown = with_arms(grown, [*grown.arms, *lacking(grown, more.arms, find)])
    return parse_sweep(grown.model_dump(exclude_unset=True))


def with_arms(sweep: SweepSpec, arms: list[AnyArm]) -> SweepSpec:
    return sweep.model_copy(update={"arms": arms})


def find_template(sweep: SweepSpec, name: str, values: Collection[str]) -> int:
    """The place of the first template of that name that writes these parameters."""
    named = [place for place, template in enumerate(sweep.arms) if template.name == name]
    if not named:
        names = ", ".join(dict.fromkeys(template.name for template in sweep.arms))
        raise invalid(f"values.{name}", f"no template of this sweep has that name; choose: {names}")
    for place in named:
        if set(values) <= set(written_axes(sweep.arms[place])):
            return place
    unwritten = sorted(set(values) - set(written_axes(sweep.arms[named[0]])))
    raise invalid(
        f"values.{name}.{unwritten[0]}",
        f"{name} does not write {unwritten[0]}, so no arm's name says it; add a template of "
        "another name under `arms`",
    )


def widen(template: AnyArm, values: Mapping[str, list[Scalar]]) -> AnyArm:
    """The template with longer lists of parameters that it writes."""
    where, axes = f"values.{template.name}", written_axes(template)
    longer = {name: united(axes[name], added) for name, added in values.items()}
    for group in template.zip:
        longer |= coupled(axes, values, group, where)
    own = {name: rows for name, rows in longer.items() if not name.startswith("train.")}
    train = template.train | {name[6:]: longer[name] for name in longer if name not in own}
    written = template.model_dump(exclude_unset=True) | own | ({"train": train} if train else {})
    try:
        return type(template).model_validate(written)
    except ValidationError as error:
        raise from_validation(error, prefix=where, tags=METHODS) from error


def coupled(
    axes: Mapping[str, list[Scalar]],
    values: Mapping[str, list[Scalar]],
    group: list[str],
    where: str,
) -> Axes:
    """Further rows of lists that are coupled by `zip`."""
    if not set(group) & set(values):
        return {}
    added = [values.get(name, []) for name in group]
    if len({len(column) for column in added}) > 1:
        raise invalid(where, f"{', '.join(group)} are coupled: give as many values for each")
    rows = list(zip(*(axes[name] for name in group), strict=True))
    rows += [row for row in zip(*added, strict=True) if row not in rows]
    return {name: [row[place] for row in rows] for place, name in enumerate(group)}


def united(have: list[Item], more: list[Item]) -> list[Item]:
    return have + [item for item in more if item not in have]


def lacking(sweep: SweepSpec, arms: list[AnyArm], find: Finder) -> Iterator[AnyArm]:
    """Of these templates the cells that the sweep does not have, whole where it has none."""
    task = find(sweep.model, sweep.task, sweep.task_settings).task
    training = sized_training(sweep.train, task)
    known = {arm.name: arm for arm in expand(sweep, find).arms}
    for index, template in enumerate(arms):
        where = f"arms[{index}]"
        cells = kept_cells(template, written_axes(template), where)
        built = zip(cells, expand_arm(template, training, where), strict=True)
        missing = [cell for cell, arm in built if not is_known(arm, known, where)]
        if len(missing) == len(cells):
            yield template
        else:
            yield from (narrowed(template, cell) for cell in missing)


def is_known(arm: Arm, known: Mapping[str, Arm], where: str) -> bool:
    """Raises Invalid for an arm that has the name of another one."""
    same = known.get(arm.name)
    if same is not None and same.model_copy(update={"template": arm.template}) != arm:
        raise invalid(f"{where}.name", f"the sweep has another arm named {arm.name!r}; rename one")
    return same is not None
