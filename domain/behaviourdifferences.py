"""How arms' behaviour differs from the baseline's after a step: same problems, seed by seed.

All measures of all kinds of all arms are one family, since they are looked at together: their
p-values are adjusted as those of a comparison are, see domain/adjustments.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.adjustments import adjust
from domain.armbehaviours import Layout, Measure, Of, column, figure
from domain.contrasts import Noise
from domain.intervals import Floats, Moments, analyse, analyse_apart, p_values
from domain.numbers import finite
from domain.pairings import share_seeds
from domain.resampling import FEWEST, Figure

MEASURED: tuple[Measure, ...] = ("per_thousand", "mean", "gap")


@dataclass(frozen=True)
class BehaviourDifference:
    """An arm's figure less the baseline's, over `seeds` that both have; none: over all of both.

    `p` is of no difference, `adjusted_p` allows for every arm, kind and measure; None with a `note`
    why.
    """

    arm: str
    name: str
    of: Of
    measure: Measure
    delta: Figure
    p: float | None
    adjusted_p: float | None
    over: Noise
    seeds: tuple[int, ...]
    note: str


@dataclass(frozen=True)
class Judged:
    """A difference before the others of its family are known; `moments` None where too few."""

    found: BehaviourDifference
    moments: Moments | None


def list_differences(layouts: Sequence[Layout], baseline: Layout) -> list[BehaviourDifference]:
    """Of arms of one step, measure by measure; the baseline may be the untrained model."""
    others = [layout for layout in layouts if layout.arm != baseline.arm]
    pairs = [(measure, arm) for measure in MEASURED for arm in others]
    judged = [one for measure, arm in pairs for one in judge(arm, baseline, measure)]
    return list(adjusted(judged))


def judge(arm: Layout, baseline: Layout, measure: Measure) -> Iterator[Judged]:
    moments, seeds = subtract(arm, baseline, measure)
    sides = arm.telling[measure], baseline.telling[measure]
    telling = np.minimum(*(side.min(axis=0) for side in sides))
    for place, (name, of) in enumerate(arm.kinds):
        problems = int(telling[place])
        own = column(moments, place, problems)
        enough = problems >= FEWEST and finite(float(own.mean[0])) is not None
        p = float(p_values(own)[0]) if enough else None
        yield Judged(
            BehaviourDifference(
                arm=arm.arm,
                name=name,
                of=of,
                measure=measure,
                delta=figure(own, problems),
                p=p,
                adjusted_p=p,
                over="seeds and problems" if moments.seeds else "problems",
                seeds=seeds,
                note="" if enough else f"in {problems} problems of both; {FEWEST} are needed",
            ),
            own if enough else None,
        )


def subtract(arm: Layout, baseline: Layout, measure: Measure) -> tuple[Moments, tuple[int, ...]]:
    """Seed by seed as far as they are shared; the untrained model is the same for every seed."""
    one, other = arm.values[measure], baseline.values[measure]
    if not arm.seeds or not baseline.seeds:
        return analyse(one - other), arm.seeds or baseline.seeds
    shared = share_seeds(arm.seeds, baseline.seeds)
    if not shared:
        return analyse_apart(one, other), ()
    return analyse(chosen(arm, one, shared) - chosen(baseline, other, shared)), shared


def chosen(layout: Layout, values: Floats, seeds: Sequence[int]) -> Floats:
    return values[[layout.seeds.index(seed) for seed in seeds]]


def adjusted(judged: Sequence[Judged]) -> Iterator[BehaviourDifference]:
    family = [one.moments for one in judged if one.moments]
    if len(family) < 2:
        yield from (one.found for one in judged)
        return
    found = iter(adjust(family).p[:, 0])
    for one in judged:
        if one.found.p is None:
            yield one.found
        else:
            p = max(one.found.p, float(next(found)))
            yield replace(one.found, adjusted_p=p)
