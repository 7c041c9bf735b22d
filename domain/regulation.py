"""Whether shaping regulates itself, in words by stated rules: does psi/|A| shrink as entropy does?

The rules: what a run did is its mean over the last tenth of its steps less that over the first. An
arm's change is the mean of its runs' changes, with Student's 95 % interval over seeds. Only runs
that have finished count, and only those whose psi/|A|, share at the cap and entropy are numbers
throughout both tenths; how many were left out is said. "Fell" and "rose" are said of intervals on
one side of zero, which takes two seeds; otherwise no change is established, which is not "none".
Two things that fall together need not cause one another, and the words never say so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from domain.conclusions import count
from domain.intervals import t_half_width

ENTROPY, SHARE, CAPPED = "entropy/mean", "psi/share", "psi/capped"
METRICS = (ENTROPY, SHARE, CAPPED)

Direction = Literal["fell", "rose", "unclear"]
Story = tuple[Direction, Direction]  # of psi/|A|, then of entropy

STORIES: dict[Story, str] = {
    ("fell", "fell"): "psi/|A| and entropy both fell",
    ("fell", "unclear"): "psi/|A| fell, and no change of entropy is established",
    ("fell", "rose"): "psi/|A| fell while entropy rose",
    ("unclear", "fell"): "entropy fell, and no change of psi/|A| is established",
    ("unclear", "unclear"): "no change of psi/|A| is established",
    ("unclear", "rose"): "entropy rose, and no change of psi/|A| is established",
    ("rose", "fell"): "psi/|A| rose while entropy fell",
    ("rose", "unclear"): "psi/|A| rose, and no change of entropy is established",
    ("rose", "rose"): "psi/|A| and entropy both rose",
}


@dataclass(frozen=True)
class Course:
    """A finished run: the mean of each metric over the first and over the last tenth of its steps.

    None where a value there was not a number; a metric that it did not report is missing.
    """

    arm: str
    ends: dict[str, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Change:
    """The means over seeds at both ends, and the interval of the change; None with one seed."""

    first: float
    last: float
    low: float | None
    high: float | None

    @property
    def direction(self) -> Direction:
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return "unclear"
        return "fell" if self.high < 0 else "rose"


@dataclass(frozen=True)
class RegulatedArm:
    """`seeds` count; `left_out` finished too, but reported what is not a number."""

    name: str
    seeds: int
    left_out: int
    share: Change
    capped: Change
    entropy: Change
    sentence: str


@dataclass(frozen=True)
class Regulation:
    """`baseline_entropy` is None where the baseline is not trained, or has no finished run."""

    summary: str
    baseline: str
    baseline_entropy: Change | None
    arms: list[RegulatedArm]


def describe(shaped: Sequence[str], baseline: str, courses: Sequence[Course]) -> Regulation:
    """`shaped` names the arms that shape their advantages, in the order of the sweep."""
    told = [describe_arm(name, [one for one in courses if one.arm == name]) for name in shaped]
    arms = [arm for arm in told if arm]
    whole = [one for one in courses if one.arm == baseline and is_whole(one, [ENTROPY])]
    entropy = find_change(whole, ENTROPY) if whole else None
    words = summarise(shaped, arms)
    if entropy:
        words += f" The baseline's entropy went from {ends(entropy)}; {count(len(whole), 'seed')}."
    return Regulation(words, baseline, entropy, arms)


NOTE = "95\u00a0% interval of the change "


def describe_arm(name: str, courses: Sequence[Course]) -> RegulatedArm | None:
    whole = [course for course in courses if is_whole(course, METRICS)]
    if not whole:
        return None
    share, capped, entropy = (find_change(whole, metric) for metric in (SHARE, CAPPED, ENTROPY))
    left_out = len(courses) - len(whole)
    sentence = (
        f"{name}: psi/|A| went from {ends(share, unit='', note=NOTE)} while "
        f"entropy went from {ends(entropy)} and the share of tokens at the cap from "
        f"{percents(capped)}; {count(len(whole), 'seed')}{left_out_words(left_out)}: "
        f"{verdict(share, entropy, len(whole))}."
    )
    return RegulatedArm(name, len(whole), left_out, share, capped, entropy, sentence)


def is_whole(course: Course, metrics: Sequence[str]) -> bool:
    return all(None not in course.ends.get(metric, (None,)) for metric in metrics)


def find_change(courses: Sequence[Course], metric: str) -> Change:
    values = np.array([course.ends[metric] for course in courses], dtype=float)
    first, last = values.mean(axis=0)
    if len(values) < 2:
        return Change(float(first), float(last), None, None)
    half = float(t_half_width(values[:, 1:] - values[:, :1])[0])
    change = float(last - first)
    return Change(float(first), float(last), change - half, change + half)


def verdict(share: Change, entropy: Change, seeds: int) -> str:
    if seeds < 2:
        return "a single seed says nothing about training noise, so no change is established"
    return STORIES[share.direction, entropy.direction]


def summarise(shaped: Sequence[str], arms: Sequence[RegulatedArm]) -> str:
    if not shaped:
        return "No arm of this sweep shapes its advantages."
    if not arms:
        return "No shaped run has finished yet, so nothing can be said of self-regulation."
    if len(arms) == 1:
        return arms[0].sentence
    several = [arm for arm in arms if arm.seeds > 1]
    stories = Counter(STORIES[arm.share.direction, arm.entropy.direction] for arm in several)
    parts = [f"in {number}, {story}" for story, number in stories.most_common()]
    words = [f"Of {len(several)} shaped arms: {'; '.join(parts)}."] if several else []
    if alone := len(arms) - len(several):
        verb = "establishes" if alone == 1 else "establish"
        words.append(f"{count(alone, 'shaped arm')} with a single seed {verb} nothing.")
    if left_out := sum(arm.left_out for arm in arms):
        words.append(f"Left out: {count(left_out, 'run')} with values that are not numbers.")
    return " ".join([*words, "Each interval is its arm's own, not adjusted for their number."])


def left_out_words(left_out: int) -> str:
    return f", and {left_out} left out that reported what is not a number" if left_out else ""


def ends(change: Change, unit: str = "\u00a0nats", note: str = "") -> str:
    """As `0.31 to 0.21 nats (-0.12..-0.09)`: the interval is of the change."""
    words = f"{change.first:.3g} to {change.last:.3g}{unit}"
    if change.low is None or change.high is None:
        return words
    return f"{words} ({note}{change.low:+.2g}..{change.high:+.2g})"


def percents(change: Change) -> str:
    return f"{100 * change.first:.3g}\u00a0% to {100 * change.last:.3g}\u00a0%"
