"""The figures of a report as inline SVG, the same bytes for the same figures.

Text stays text: it can be found and read aloud, and takes the page's typeface. Importing this
module loads matplotlib, which takes half a second: do it when a report is asked for.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from api.palettes import BASE, INK, LINE, MUTED, ArmStyle, style_arms
from domain.conclusions import count
from domain.contrasts import ComparedArm
from domain.reports import MOST_COLOURED, MOST_DRAWN, Report, foremost, thin
from domain.stats import powers_of_two
from domain.trajectories import Trajectory

SETTINGS: Any = {  # the stubs want a literal type of every key there is
    "svg.fonttype": "none",
    "svg.hashsalt": "forkpoint",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a name may hold dollars
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.5,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.minor.visible": False,
}
FORGOTTEN = {"Date": None, "Creator": None, "Format": None, "Type": None}
WIDTH, HEIGHT = 6.6, 3.4  # inches
BINS = (0.0, *(1.5 + place for place in range(10)), 12.0)
PER_ROW, ROWS = 3, 4
LONGEST_TITLE = 30

# Matplotlib's settings are global, and so are its caches: one report is drawn at a time.
DRAWING = Lock()


@dataclass(frozen=True)
class Line:
    """One arm's curve; None leaves a gap. `band` is the lower and the upper edge."""

    arm: str
    x: Sequence[float]
    y: Sequence[float | None]
    band: tuple[Sequence[float | None], Sequence[float | None]] | None


@dataclass(frozen=True)
class LegendEntry:
    arm: str
    style: ArmStyle
    note: str


@dataclass(frozen=True)
class Chart:
    """`grey` counts the arms that are drawn without a colour of their own."""

    title: str
    picture: Markup
    legend: tuple[LegendEntry, ...]
    grey: int


def draw_passes(report: Report) -> Chart:
    """pass@k over k on a log2 axis, with 95 % bands."""
    ks = report.comparison.ks
    places = thin(ks)
    drawn = set(foremost(report.comparison, MOST_DRAWN))
    lines = [
        Line(
            arm.name,
            [ks[place] for place in places],
            [100 * arm.pass_at[place].mean for place in places],
            (
                [100 * arm.pass_at[place].low for place in places],
                [100 * arm.pass_at[place].high for place in places],
            ),
        )
        for arm in report.comparison.arms
        if arm.name in drawn and arm.pass_at
    ]
    with DRAWING, rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, HEIGHT + 0.3), layout="constrained")
        axes = figure.add_subplot()
        draw_lines(axes, lines, report)
        ticks = powers_of_two(ks[-1])
        axes.set_xscale("log", base=2)
        axes.set_xticks(ticks, [str(k) for k in ticks])
        axes.set_xlim(ks[0], max(ks[-1], 2))
        axes.set_xlabel("k (samples, log scale)")
        axes.set_ylabel("pass@k, percent", rotation_mode="anchor")
        picture = as_svg(figure, "passes", "pass@k of each arm", tell_lines(lines, "k"))
    seeds = {arm.name: len(arm.seeds) for arm in report.comparison.arms}
    return with_legend("pass@k", picture, lines, report, seeds)


def draw_trajectory(report: Report, name: str, title: str) -> Chart | None:
    """One metric over training, its mean over seeds with a Student t band; None without data."""
    drawn = set(foremost(report.comparison, MOST_DRAWN))
    lines = [
        Line(one.arm, one.steps, one.mean, band_of(one))
        for one in report.trajectories
        if one.name == name and one.arm in drawn and len(one.steps) > 1
    ]
    if not lines:
        return None
    with DRAWING, rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, HEIGHT - 0.5), layout="constrained")
        axes = figure.add_subplot()
        draw_lines(axes, lines, report)
        limit_to_lines(axes, lines)
        axes.set_xlabel("optimiser step")
        axes.set_ylabel(title, rotation_mode="anchor")
        axes.margins(x=0)
        picture = as_svg(figure, name.replace("/", "-"), title, tell_lines(lines, "step"))
    seeds = {one.arm: one.seeds for one in report.trajectories if one.name == name}
    return with_legend(title, picture, lines, report, seeds)


def band_of(one: Trajectory) -> tuple[list[float | None], list[float | None]] | None:
    if one.half is None:
        return None
    pairs = list(zip(one.mean, one.half, strict=True))
    return (
        [None if mean is None or half is None else mean - half for mean, half in pairs],
        [None if mean is None or half is None else mean + half for mean, half in pairs],
    )


def draw_lines(axes: Axes, lines: Sequence[Line], report: Report) -> None:
    """Colour and band for the foremost arms; the others thin and grey behind them."""
    styles = style_arms(report.comparison.arms)
    front = set(foremost(report.comparison, MOST_COLOURED))
    for order, line in enumerate(lines):
        style = styles[line.arm]
        y = numbers(line.y)
        if line.arm not in front:
            axes.plot(line.x, y, color=BASE, alpha=0.35, linewidth=0.7, zorder=2)
            continue
        if line.band:
            low, high = (numbers(edge) for edge in line.band)
            axes.fill_between(
                line.x, low, high, color=style.colour, alpha=0.1, linewidth=0, zorder=2.5
            )
        (drawn,) = axes.plot(
            line.x, y, color=style.colour, linewidth=style.width, zorder=3 + order / 1000
        )
        if style.dash:
            drawn.set_dashes(style.dash)


def limit_to_lines(axes: Axes, lines: Sequence[Line]) -> None:
    """Two seeds can have a band wider than everything else: it may run out of the figure."""
    means = [value for line in lines for value in line.y if value is not None]
    edges = [edge for line in lines if line.band for row in line.band for edge in row]
    if not means:
        return
    low, high = min(means), max(means)
    room = 0.5 * (high - low) or 0.1 * abs(high) or 1.0
    shown = [*means, *(edge for edge in edges if edge is not None)]
    bottom, top = max(min(shown), low - room), min(max(shown), high + room)
    reserve = 0.04 * (top - bottom) or room
    axes.set_ylim(max(bottom - reserve, 0.0) if low >= 0 else bottom - reserve, top + reserve)


def numbers(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def draw_histograms(report: Report) -> list[Markup]:
    """The share of problems by success rate, a small chart an arm, in figures that fit a page."""
    chosen = set(foremost(report.comparison, MOST_DRAWN))
    arms = [arm for arm in report.comparison.arms if arm.name in chosen]
    highest = max(
        (max(arm.histogram or [0]) / sum(arm.histogram or [1]) for arm in arms), default=1
    )
    size = PER_ROW * ROWS
    return [
        draw_page(report, arms[start : start + size], highest, start // size)
        for start in range(0, len(arms), size)
    ]


def draw_page(report: Report, arms: Sequence[ComparedArm], highest: float, page: int) -> Markup:
    styles = style_arms(report.comparison.arms)
    rows = -(-len(arms) // PER_ROW)
    with DRAWING, rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH, 0.25 + 1.35 * rows), layout="constrained")
        grid = figure.subplots(rows, PER_ROW, sharex=True, sharey=True, squeeze=False)
        for place, axes in enumerate(grid.flat):
            if place >= len(arms):
                axes.set_axis_off()
                continue
            counts = arms[place].histogram or ()
            axes.bar(
                BINS,
                [100 * number / sum(counts) for number in counts],
                width=0.85,
                color=styles[arms[place].name].colour,
            )
            axes.set_title(shorten(arms[place].name), fontsize=8, loc="left", color=INK)
            axes.set_ylim(0, 105 * highest)
            axes.set_xticks([BINS[0], 6.0, BINS[-1]], ["none", "half", "all"])
            axes.grid(visible=False, axis="x")
            axes.tick_params(labelsize=8, length=0, labelbottom=place + PER_ROW >= len(arms))
        told = "; ".join(tell_histogram(arm) for arm in arms)
        return as_svg(figure, f"histogram-{page}", "Problems by success rate", told)


def tell_histogram(arm: ComparedArm) -> str:
    counts = arm.histogram or (0,)
    return f"{arm.name}: {counts[0]} never, {counts[-1]} always, {sum(counts[1:-1])} between"


def shorten(name: str) -> str:
    return name if len(name) <= LONGEST_TITLE else name[: LONGEST_TITLE - 1] + "…"


def tell_lines(lines: Sequence[Line], axis: str) -> str:
    return "; ".join(part for line in lines for part in tell_line(line, axis))


def tell_line(line: Line, axis: str) -> Iterator[str]:
    known = [(x, y) for x, y in zip(line.x, line.y, strict=True) if y is not None]
    if known:
        (first, low), (last, high) = known[0], known[-1]
        yield f"{line.arm}: {low:.3g} at {axis} {first:.0f}, {high:.3g} at {axis} {last:.0f}"


def with_legend(
    title: str, picture: Markup, lines: Sequence[Line], report: Report, seeds: Mapping[str, int]
) -> Chart:
    """The legend is text beside the picture: it wraps, and no line runs through it."""
    styles = style_arms(report.comparison.arms)
    front = set(foremost(report.comparison, MOST_COLOURED))
    legend = tuple(
        LegendEntry(
            line.arm,
            styles[line.arm],
            ("baseline, " if line.arm == report.comparison.baseline else "")
            + count(seeds[line.arm], "seed"),
        )
        for line in lines
        if line.arm in front
    )
    return Chart(title, picture, legend, len(lines) - len(legend))


def as_svg(figure: Figure, name: str, title: str, told: str) -> Markup:
    """For the middle of an HTML page: no prologue, no metadata, no name that another figure has."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata=FORGOTTEN, transparent=True)
    body = text.getvalue()
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    view = re.search(r'viewBox="([^"]+)"', body)
    inner = body[body.index(">", body.index("<svg")) + 1 : body.rindex("</svg>")]
    inner = re.sub(r'<g id="[^"]*"', "<g", inner)
    inner = re.sub(r"\n\s*", "\n", re.sub(r'(id="|#)([mph][0-9a-f]{10})', rf"\1{name}-\2", inner))
    inner = re.sub(r"font: ([0-9.]+px)[^;\"]*", r"font-size: \1", inner)
    head = Markup(
        '<svg viewBox="{}" role="img" aria-labelledby="{name}-title {name}-told">'
        '<title id="{name}-title">{}</title><desc id="{name}-told">{}</desc>'
    ).format(view.group(1) if view else "", title, told, name=name)
    return head + Markup(inner) + Markup("</svg>")  # noqa: S704 - matplotlib escapes its text
