"""The alpha x kappa heat map of a comparison: which arm stands where, and what its cell shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from domain.contrasts import ComparedArm
from domain.methods import EntropyShaped
from domain.stats import Difference

STEPS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0)


@dataclass(frozen=True)
class HeatCell:
    """`absent`: the sweep has no such arm. `alone`: graded, while the baseline is not."""

    kind: Literal["value", "baseline", "alone", "failed", "pending", "absent"]
    arm: str = ""
    delta: Difference | None = None


@dataclass(frozen=True)
class Grid:
    """One template and form of entropy shaping: a row for each alpha, a column for each kappa."""

    title: str
    alphas: tuple[float, ...]
    kappas: tuple[float, ...]
    rows: tuple[tuple[HeatCell, ...], ...]


def arrange(arms: Sequence[ComparedArm], place: int) -> list[Grid]:
    """The grids of the entropy-shaped arms, at the k that stands at `place` of the ks."""
    groups: dict[str, dict[tuple[float, float], ComparedArm]] = {}
    for arm in arms:
        if isinstance(arm.method, EntropyShaped):
            cell = (arm.method.alpha, arm.method.kappa)
            groups.setdefault(title_of(arm, arm.method), {})[cell] = arm
    return [arrange_one(title, group, place) for title, group in groups.items()]


def title_of(arm: ComparedArm, method: EntropyShaped) -> str:
    """Replicas and training settings that take part in the arm's name make grids of their own."""
    parameters = arm.name[len(arm.template) + 1 :].split(",")
    overrides = [part for part in parameters if part.startswith(("train.", "replica="))]
    form = [method.form] if method.form != "additive" else []
    return ", ".join([arm.template, *form, *overrides])


def arrange_one(title: str, group: dict[tuple[float, float], ComparedArm], place: int) -> Grid:
    alphas = tuple(sorted({alpha for alpha, _ in group}))
    kappas = tuple(sorted({kappa for _, kappa in group}))
    rows = tuple(
        tuple(cell_of(group.get((alpha, kappa)), place) for kappa in kappas) for alpha in alphas
    )
    return Grid(title, alphas, kappas, rows)


def cell_of(arm: ComparedArm | None, place: int) -> HeatCell:
    if arm is None:
        return HeatCell("absent")
    if arm.is_baseline:
        return HeatCell("baseline", arm.name)
    if arm.delta:
        return HeatCell("value", arm.name, arm.delta[place])
    if arm.pass_at:
        return HeatCell("alone", arm.name)
    return HeatCell("failed" if arm.failed else "pending", arm.name)


def scale_end(grids: Sequence[Grid]) -> float:
    """Where the colours end: the largest difference of any cell, rounded up."""
    deltas = [cell.delta for grid in grids for row in grid.rows for cell in row if cell.delta]
    largest = max((abs(delta.mean) for delta in deltas), default=0.0)
    return next((step for step in STEPS if step >= largest), 1.0)
