"""The report's figure on behaviour: entropy above the rest, kind by kind. Loads matplotlib."""

from matplotlib.axes import Axes

from api.charts import WIDTH, Chart, LegendEntry
from api.palettes import BASE, INK, ArmStyle, style_arms
from api.pictures import as_svg, drawing, open_figure
from domain.armbehaviours import ArmFigures, KindFigures
from domain.behaviourreports import NamedKind, list_kinds, name_kind
from domain.conclusions import count
from domain.reports import Report, foremost

MOST_ARMS = 5
LANE, AROUND = 0.13, 0.7  # inches
UNTRAINED = ArmStyle(BASE, (4, 2), 1.8)


def draw_gaps(report: Report) -> Chart | None:
    """Of the untrained model, the baseline, and the arms of the largest difference in pass@k."""
    if report.behaviour is None:
        return None
    chosen = set(foremost(report.comparison, MOST_ARMS))
    arms = [arm for arm in report.behaviour.arms if not arm.step or arm.arm in chosen]
    kinds = list(list_kinds(report.behaviour))
    styles = style_arms(report.comparison)
    height = AROUND + len(kinds) * (len(arms) + 1) * LANE
    with drawing():
        margins = {"left": 0.24, "right": 0.97, "top": 0.98, "bottom": 0.48 / height}
        figure, axes = open_figure(WIDTH, height, **margins)
        axes.axvline(0, color=INK, linewidth=0.6)
        for order, arm in enumerate(arms):
            style = styles.get(arm.arm, UNTRAINED)
            draw_arm(axes, arm, kinds, style, (order, len(arms)))
        axes.set_yticks(range(len(kinds)), [name_kind(*kind) for kind in kinds])
        axes.set_ylim(len(kinds) - 0.5, -0.5)
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("entropy above the rest, nats")
        told = "; ".join(tell(arm, kinds) for arm in arms)
        picture = as_svg(figure, "behaviour", "Entropy above the rest by kind", told)
    legend = tuple(
        LegendEntry(
            arm.arm,
            styles.get(arm.arm, UNTRAINED),
            count(len(arm.seeds), "seed") if arm.seeds else "no training",
        )
        for arm in arms
    )
    return Chart("Entropy at words and sentences", picture, legend, 0)


def draw_arm(
    axes: Axes,
    arm: ArmFigures,
    kinds: list[NamedKind],
    style: ArmStyle,
    lane: tuple[int, int],
) -> None:
    """Each in a lane of its own within a kind's row."""
    order, of = lane
    shift = (order - (of - 1) / 2) / (of + 1)
    for place, kind in enumerate(kinds):
        found = find(arm, kind).gap
        if found.value is None:
            continue
        y = place + shift
        if found.low is not None and found.high is not None:
            axes.plot([found.low, found.high], [y, y], color=style.colour, linewidth=1.4)
        axes.plot([found.value], [y], marker="o", markersize=4, color=style.colour)


def find(arm: ArmFigures, kind: NamedKind) -> KindFigures:
    return next(one for one in arm.kinds if (one.name, one.of) == kind)


def tell(arm: ArmFigures, kinds: list[NamedKind]) -> str:
    known = [(kind, find(arm, kind).gap.value) for kind in kinds]
    parts = [f"{name_kind(*kind)} {value:+.2f}" for kind, value in known if value is not None]
    return f"{arm.arm}: {', '.join(parts)}"
