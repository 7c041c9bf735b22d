"""Colours of a report: an arm keeps its own in every figure. They are the page's, on white."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.contrasts import ComparedArm

# After Okabe and Ito, with lightness moved to stand out from white.
HUES = (
    "#0072b2",
    "#d55e00",
    "#00875f",
    "#b8599a",
    "#b07800",
    "#3a9bd6",
    "#7655a8",
    "#7a8016",
    "#a8443f",
    "#4f6b8a",
)
DASHES: tuple[tuple[float, ...], ...] = ((), (1.2, 1.6), (6, 1.6, 1.2, 1.6))
INK, MUTED, LINE, BASE = "#1c1d20", "#5e636b", "#d9d9d4", "#72767e"
MIDDLE, MORE, LESS = (243, 243, 240), (111, 168, 216), (237, 162, 98)


@dataclass(frozen=True)
class ArmStyle:
    """`dash` is the pattern of a line in units of its width; empty for a solid one."""

    colour: str
    dash: tuple[float, ...]
    width: float


def style_arms(arms: Sequence[ComparedArm]) -> dict[str, ArmStyle]:
    """By an arm's place in the sweep. The baseline and the base model stand apart."""
    styles, others = {}, 0
    for arm in arms:
        if arm.is_baseline:
            styles[arm.name] = ArmStyle(INK, (), 2.2)
        elif arm.method.method == "base":
            styles[arm.name] = ArmStyle(BASE, (4, 2), 1.8)
        else:
            rounds, place = divmod(others, len(HUES))
            styles[arm.name] = ArmStyle(HUES[place], DASHES[rounds % len(DASHES)], 1.5)
            others += 1
    return styles


def heat(delta: float, end: float) -> str:
    """From orange (worse) over grey to blue (better), `end` away from zero."""
    share = min(abs(delta) / end, 1.0)
    mixed = (
        round(middle + share * (far - middle))
        for middle, far in zip(MIDDLE, MORE if delta > 0 else LESS, strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)
