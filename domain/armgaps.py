"""How much more entropy an arm has at words and sentences than elsewhere, like set against like.

Over the seeds of an arm, in every view of domain/gaps.py, with pseudo-values of the jackknife as in
domain/armbehaviours.py. They take every cell of every analysis, and so are made arm by arm.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.adjustments import adjust
from domain.armbehaviours import Of, column, figure
from domain.behaviours import of_kind
from domain.contrasts import Noise
from domain.findings import Finding, RareTally, TokenTally
from domain.gaps import Split
from domain.intervals import Floats, Moments, analyse, p_values
from domain.kinds import (
    VIEWS,
    Gap,
    Separated,
    View,
    count_telling,
    profile,
    say_few,
    separate_rare,
    separate_reflective,
    separate_words,
    statistic_of,
    view_by_view,
)
from domain.resampling import Figure, Statistic

Profile = tuple[float | None, ...]


@dataclass(frozen=True)
class KindGaps:
    """`profile` and `rest_profile` are mean entropies by tenth of the trace, over seeds."""

    name: str
    of: Of
    gaps: tuple[Gap, ...]
    profile: Profile
    rest_profile: Profile


@dataclass(frozen=True)
class ArmGaps:
    over: Noise
    kinds: tuple[KindGaps, ...]


@dataclass(frozen=True)
class Opened:
    """A gap before the others of its family are known; no `moments` where too few problems."""

    gap: Gap
    moments: Moments | None


def measure_gaps(analyses: Sequence[Sequence[Finding]], categories: Sequence[str]) -> ArmGaps:
    """Of an arm's analyses after a step, each with all it found, on the same problems."""
    words, sentences = [], []
    for found in analyses:
        tallies, compared = of_kind(found, TokenTally), of_kind(found, RareTally)
        words.append(separate_words(tallies, categories))
        rare = [separate_rare(compared)] if compared else []
        sentences.append([separate_reflective(tallies), *rare])
    together, *apart = zip(*words, strict=True)
    kinds = [describe("words", together, [one.gap for one in open_views(together)])]
    families = view_by_view([open_views(one) for one in apart], adjust_view)
    for seeds, gaps in zip(apart, families, strict=True):
        kinds.append(describe("words", seeds, gaps))
    kinds += [
        describe("sentences", seeds, [one.gap for one in open_views(seeds)])
        for seeds in zip(*sentences, strict=False)
    ]
    return ArmGaps("seeds and problems" if len(analyses) > 1 else "problems", tuple(kinds))


def describe(of: Of, seeds: Sequence[Separated], gaps: Sequence[Gap]) -> KindGaps:
    return KindGaps(
        name=seeds[0].name,
        of=of,
        gaps=tuple(gaps),
        profile=average([profile(one.split.inside) for one in seeds]),
        rest_profile=average([profile(one.split.outside) for one in seeds]),
    )


def average(profiles: Sequence[Profile]) -> Profile:
    """Of the seeds that have any in a tenth."""
    tenths = zip(*profiles, strict=True)
    kept = [[value for value in tenth if value is not None] for tenth in tenths]
    return tuple(sum(known) / len(known) if known else None for known in kept)


def open_views(seeds: Sequence[Separated]) -> list[Opened]:
    views = [open_view(view, [one.split for one in seeds]) for view in VIEWS]
    starts = [one.starts for one in seeds if one.starts]
    return [*views, *([open_view("word starts", starts)] if starts else [])]


def open_view(view: View, splits: Sequence[Split]) -> Opened:
    telling = min(count_telling(view, split) for split in splits)
    read = [pseudo_values(statistic_of(view, split), split) for split in splits]
    values = np.stack([own for own, _ in read])
    moments = column(analyse(values[:, :, None]), 0, telling)
    found = figure(moments, telling)
    if found.low is None or not all(varied for _, varied in read):
        return Opened(Gap(view, Figure(found.value), None, None, say_few(telling)), None)
    p = float(p_values(moments)[0])
    return Opened(Gap(view, found, p, p, ""), moments)


def pseudo_values(statistic: Statistic, split: Split) -> tuple[Floats, bool]:
    """The jackknife's, by problem, and whether they tell a variance: all are the value itself where
    some problem cannot be left out, since nothing would be left to compare."""
    problems = len(split.inside.n)
    rows = np.vstack([np.ones(problems), np.ones((problems, problems)) - np.eye(problems)])
    whole, *without = statistic(rows).value
    values: Floats = whole + (problems - 1) * (np.mean(without) - np.array(without))
    varied = bool(np.isfinite(values).all())
    return (values if varied else np.full(problems, whole)), varied


def adjust_view(opened: Sequence[Opened]) -> list[Gap]:
    family = [one.moments for one in opened if one.moments]
    if len(family) < 2:
        return [one.gap for one in opened]
    found = iter(adjust(family).p[:, 0])
    return [
        replace(one.gap, adjusted_p=max(one.gap.p, float(next(found))))
        if one.gap.p is not None
        else one.gap
        for one in opened
    ]
