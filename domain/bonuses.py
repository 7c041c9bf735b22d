"""Where the bonus goes: psi/|A|, share at the cap and entropy, by kind of token, over training.

Of kept completions alone, which are few: how many tokens a figure is of is always said. psi/|A| and
the share at the cap are of tokens with an advantage. An arm's figure is the mean over its seeds,
with Student's 95 % interval over them; of one seed there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from domain.intervals import Floats, t_half_width
from domain.lexicons import Lexicon
from domain.marks import Marker, Marks
from domain.resampling import Figure

TokenOf = Literal["words", "sentences", "rest"]
REST, ALL, REFLECTIVE = "rest", "all", "reflective"
ROUNDING = 1e-5  # psi and A are kept in single precision


@dataclass(frozen=True)
class KeptCompletion:
    """A training completion that was kept; values are as many as tokens."""

    step: int
    tokens: Sequence[str]
    entropies: Sequence[float]
    advantages: Sequence[float]
    psi: Sequence[float]


@dataclass
class KindSums:
    """Over tokens, by kind: how many have an entropy, how many an advantage, and what they add up
    to."""

    tokens: Floats
    entropy: Floats
    acting: Floats
    share: Floats
    capped: Floats


@dataclass
class RunTally:
    """What one run kept, by step. Without `kappa` it is not shaped and has no cap."""

    marker: Marker
    kappa: float | None
    steps: dict[int, KindSums] = field(default_factory=dict)

    def add(self, one: KeptCompletion) -> None:
        members = find_members(self.marker.mark(one.tokens), self.marker.lexicon)
        entropy, advantage, psi = (
            np.array(values, dtype=np.float64)
            for values in (one.entropies, one.advantages, one.psi)
        )
        known = np.isfinite(entropy)
        acting = np.isfinite(advantage) & np.isfinite(psi) & (advantage != 0)
        share = np.divide(psi, np.abs(advantage), out=np.zeros_like(psi), where=acting)
        capped = acting & (share >= (1 - ROUNDING) / self.kappa) if self.kappa else acting & False
        sums = self.steps.setdefault(one.step, empty(len(members)))
        sums.tokens += members @ known
        sums.entropy += members @ np.where(known, entropy, 0.0)
        sums.acting += members @ acting
        sums.share += members @ share
        sums.capped += members @ capped


@dataclass(frozen=True)
class BonusPoint:
    """At a step, over `seeds` that have any such tokens, of which there are `tokens` in all."""

    step: int
    seeds: int
    tokens: int
    entropy: Figure
    share: Figure
    capped: Figure


@dataclass(frozen=True)
class TokenBonus:
    """Of first tokens of listed words, of tokens in reflective sentences, or of all in no word."""

    name: str
    of: TokenOf
    points: tuple[BonusPoint, ...]


def empty(kinds: int) -> KindSums:
    return KindSums(*(np.zeros(kinds) for _ in range(5)))


def list_kinds(lexicon: Lexicon) -> list[tuple[str, TokenOf]]:
    words: list[tuple[str, TokenOf]] = [(name, "words") for name in (ALL, *lexicon.words)]
    return [*words, (REFLECTIVE, "sentences"), (REST, "rest")]


def find_members(marks: Marks, lexicon: Lexicon) -> Floats:
    """1 where a token is of a kind, of shape (kinds, tokens), in the order of `list_kinds`."""
    place = {category: index for index, category in enumerate(lexicon.words, start=1)}
    members = np.zeros((len(place) + 3, len(marks.starts)))
    members[-1] = 1
    for word in marks.words:
        members[[0, place[word.category]], word.first] = 1
        members[-1, word.first : word.last + 1] = 0
    for sentence in marks.sentences:
        if sentence.reflective:
            members[-2, sentence.first : sentence.last + 1] = 1
    return members


def describe_bonuses(lexicon: Lexicon, runs: Sequence[RunTally]) -> list[TokenBonus]:
    """Of the runs of one arm."""
    steps = sorted({step for run in runs for step in run.steps})
    return [
        TokenBonus(name, of, tuple(describe_step(runs, step, place) for step in steps))
        for place, (name, of) in enumerate(list_kinds(lexicon))
    ]


def describe_step(runs: Sequence[RunTally], step: int, place: int) -> BonusPoint:
    there = [run.steps[step] for run in runs if step in run.steps]
    return BonusPoint(
        step=step,
        seeds=sum(bool(sums.tokens[place]) for sums in there),
        tokens=int(sum(sums.tokens[place] for sums in there)),
        entropy=over_seeds([(sums.entropy[place], sums.tokens[place]) for sums in there]),
        share=over_seeds([(sums.share[place], sums.acting[place]) for sums in there]),
        capped=over_seeds([(sums.capped[place], sums.acting[place]) for sums in there]),
    )


def over_seeds(ratios: Sequence[tuple[float, float]]) -> Figure:
    """Of the seeds that have any."""
    values = np.array([total / n for total, n in ratios if n])
    if not len(values):
        return Figure(None)
    mean = float(values.mean())
    if len(values) < 2:
        return Figure(mean)
    half = float(t_half_width(values[:, None])[0])
    return Figure(mean, mean - half, mean + half)
