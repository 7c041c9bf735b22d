"""The figures of a report: pass@k, metrics over training, and problems by success rate.

Importing this module loads matplotlib, which takes half a second: do it when a report is asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from api.palettes import BASE, INK, LINE, MUTED, ArmStyle, style_arms
from api.pictures import BARE, as_svg, drawing, open_figure
from domain.conclusions import count
from domain.contrasts import ComparedArm
from domain.reports import MOST_COLOURED, MOST_DRAWN, Report, foremost, thin
from domain.stats import powers_of_two
from domain.trajectories import Trajectory

WIDTH, HEIGHT = 6.6, 3.4  # inches
BINS = (0.0, *(1.5 + place for place in range(10)), 12.0)
PER_ROW, ROWS = 3, 4
PANEL = (16.0, 1.5)  # one histogram of a page, in bins and in heights of the highest bar
LONGEST_TITLE = 30


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
    with drawing():
        figure, axes = open_figure(WIDTH, HEIGHT + 0.3)
        draw_lines(axes, lines, report)
        ticks = powers_of_two(ks[-1])
        axes.set_xscale("log", base=2)
        axes.set_xticks(ticks, [str(k) for k in ticks])
        axes.set_xlim(ks[0], max(ks[-1], 2))
        axes.set_xlabel("k (samples, log scale)")
        name_rows(figure, axes, "pass@k, percent")
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
    with drawing():
        figure, axes = open_figure(WIDTH, HEIGHT - 0.5)
        draw_lines(axes, lines, report)
        limit_to_lines(axes, lines)
        axes.set_xlabel("optimiser step")
        name_rows(figure, axes, title)
        axes.margins(x=0)
        picture = as_svg(figure, name.replace("/", "-"), title, tell_lines(lines, "step"))
    seeds = {one.arm: one.seeds for one in report.trajectories if one.name == name}
    return with_legend(title, picture, lines, report, seeds)


def name_rows(figure: Figure, axes: Axes, text: str) -> None:
    """At the left edge, however wide the numbers are: beside them it could be cut off."""
    axes.set_ylabel(text, va="top")
    axes.yaxis.set_label_coords(0.004, 0.5, transform=figure.transFigure)


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
    styles = style_arms(report.comparison)
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
    highest = max((max(shares(arm)) for arm in arms), default=1.0)
    size = PER_ROW * ROWS
    return [
        draw_page(report, arms[start : start + size], highest, start // size)
        for start in range(0, len(arms), size)
    ]


def shares(arm: ComparedArm) -> list[float]:
    counts = arm.histogram or (0,) * len(BINS)
    return [100 * number / max(sum(counts), 1) for number in counts]


def draw_page(report: Report, arms: Sequence[ComparedArm], highest: float, page: int) -> Markup:
    """One pair of axes for all of them: a pair for each takes ten times as long."""
    styles = style_arms(report.comparison)
    rows = -(-len(arms) // PER_ROW)
    with drawing():
        figure, axes = open_figure(WIDTH, 1.4 * rows, **BARE)
        axes.set_axis_off()
        axes.set_xlim(-1.8, PER_ROW * PANEL[0] - 1.8)
        axes.set_ylim((1 - rows) * PANEL[1] - 0.25, 1.25)
        for place, arm in enumerate(arms):
            down, right = divmod(place, PER_ROW)
            draw_panel(axes, arm, styles[arm.name].colour, highest, (right, down))
        told = "; ".join(tell_histogram(arm) for arm in arms)
        return as_svg(figure, f"histogram-{page}", "Problems by success rate", told)


def draw_panel(
    axes: Axes, arm: ComparedArm, colour: str, highest: float, at: tuple[int, int]
) -> None:
    left, floor = at[0] * PANEL[0], -at[1] * PANEL[1]
    step = next(step for step in (5, 10, 25, 50) if highest / step < 4 or step == 50)
    for tick in range(0, int(highest) + 1, step):
        y = floor + tick / highest
        axes.hlines(y, left - 0.7, left + BINS[-1] + 0.7, MUTED if tick == 0 else LINE, lw=0.6)
        axes.text(left - 0.9, y, str(tick), ha="right", va="center", fontsize=7.5, color=MUTED)
    axes.bar(
        [left + place for place in BINS],
        [share / highest for share in shares(arm)],
        width=0.85,
        bottom=floor,
        color=colour,
        zorder=3,
    )
    axes.text(left - 0.7, floor + 1.08, shorten(arm.name), fontsize=8, color=INK)
    for place, word in ((BINS[0], "none"), (6.0, "half"), (BINS[-1], "all")):
        axes.text(
            left + place, floor - 0.05, word, ha="center", va="top", fontsize=7.5, color=MUTED
        )


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
    styles = style_arms(report.comparison)
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
