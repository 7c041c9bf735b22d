"""Colours of a report: an arm keeps its own in every figure. They are the page's, on white."""

from dataclasses import dataclass

from domain.comparisons import Comparison

HUES = (
    "#096bcb",
    "#b56d05",
    "#843660",
    "#559c6f",
    "#47398a",
    "#b077bf",
    "#721505",
    "#506115",
)
DASHES: tuple[tuple[float, ...], ...] = ((), (4, 2.3), (1, 1.8), (4.6, 1.7, 0.9, 1.7))
INK, MUTED, LINE, BASE = "#1c1d20", "#5e636b", "#d9d9d4", "#72767e"
MIDDLE, MORE, LESS = (243, 243, 240), (111, 168, 216), (237, 162, 98)


@dataclass(frozen=True)
class ArmStyle:
    """`dash` is the pattern of a line in units of its width; empty for a solid one."""

    colour: str
    dash: tuple[float, ...]
    width: float


def style_arms(comparison: Comparison) -> dict[str, ArmStyle]:
    """By an arm's place in the sweep, whichever is the baseline.

    The base model and the baseline that the sweep was submitted with stand apart.
    """
    styles, place = {}, 0
    for arm in comparison.arms:
        width = 2.2 if arm.is_baseline else 1.5
        if arm.method.method == "base":
            styles[arm.name] = ArmStyle(BASE, (4, 2), max(width, 1.8))
            continue
        if arm.name == comparison.submitted_baseline:
            styles[arm.name] = ArmStyle(INK, (), max(width, 1.8))
        else:
            rounds, hue = divmod(place, len(HUES))
            styles[arm.name] = ArmStyle(HUES[hue], DASHES[rounds % len(DASHES)], width)
        place += 1
    return styles


def heat(delta: float, end: float, strength: float = 1.0) -> str:
    """From orange (worse) over grey to blue (better), `end` away from zero."""
    share = strength * min(abs(delta) / end, 1.0)
    mixed = (
        round(middle + share * (far - middle))
        for middle, far in zip(MIDDLE, MORE if delta > 0 else LESS, strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)
