"""Simulates analyses of known truth: how often intervals hold it, and how often nothing is claimed.

    python -m bench.behaviour_coverage            full size, a few minutes
    python -m bench.behaviour_coverage --runs 50  a glance

Traces are made from a model of problems that differ in difficulty, where hard ones have more
entropy and, if confounded, more pivotal words, as early places in a trace have. Likelihoods are of
a made-up language whose I(X;Z) follows from how far prompts shift its letters.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from domain.collapses import Collapse, Scores, assess
from domain.findings import TokenCell, TokenTally
from domain.gaps import DECILES, Side, Split
from domain.kinds import VIEWS, count_telling, list_pivotal
from domain.resampling import Figure, Floats, Statistic, measure, weights_of

MANY = 200_000
CLEAR = 0.05


@dataclass(frozen=True)
class World:
    """`gap` nats more at pivotal words; `uneven` is how far problems differ, in length, difficulty
    and in how much more; with `confounded` words go where entropy is high anyway."""

    gap: float = 0.3
    uneven: float = 0.5
    confounded: bool = True

    def draw(self, generator: np.random.Generator, problems: int) -> Split:
        hard = self.uneven * generator.normal(size=problems)
        length = 150 * np.exp(0.6 * self.uneven * generator.normal(size=problems))
        words = 0.04 * np.exp((0.8 if self.confounded else 0.0) * hard)
        place = np.linspace(1.6, 0.4, DECILES) if self.confounded else np.ones(DECILES)
        tokens = generator.poisson(np.repeat(length[:, None] / DECILES, DECILES, axis=1))
        pivotal = generator.binomial(tokens, np.clip(words[:, None] * place, 0, 0.5))
        level = 0.6 * np.exp(0.4 * hard)[:, None] * (1 + np.linspace(0.6, 0.0, DECILES))
        more = self.gap * (1 + self.uneven * generator.normal(size=problems))[:, None]
        inside = totals(generator, pivotal, level + more)
        outside = totals(generator, tokens - pivotal, level)
        return Split(inside, outside)


def totals(generator: np.random.Generator, n: NDArray[np.int64], mean: Floats) -> Side:
    """Entropies of a gamma distribution, summed."""
    shape = 1.5
    drawn = generator.gamma(shape * np.maximum(n, 1e-9), np.maximum(mean, 0.01) / shape)
    return Side(n.astype(np.float64), np.where(n > 0, drawn, 0.0))


@dataclass(frozen=True)
class GapCoverage:
    """How often an interval holds the truth, and how often a percentile interval does."""

    view: str
    problems: int
    uneven: float
    coverage: float
    percentile: float
    without_interval: int


@dataclass(frozen=True)
class Claims:
    """How often any category is called different where none is, by view."""

    problems: int
    categories: int
    adjusted: dict[str, float]
    unadjusted: dict[str, float]


@dataclass(frozen=True)
class CollapseCoverage:
    problems: int
    shift: float
    coverage: dict[str, float]


def truth(world: World, view: Callable[[Split], Statistic]) -> float:
    """Of the problems that there could be: what very many give."""
    split = world.draw(np.random.default_rng(1), MANY)
    return float(view(split)(np.ones((1, MANY))).value[0])


def cover_gaps(world: World, problems: int, runs: int) -> Iterator[GapCoverage]:
    for view, statistic in VIEWS.items():
        exact, held, plain, known = truth(world, statistic), 0, 0, 0
        for run in range(runs):
            split = world.draw(np.random.default_rng([2, problems, run]), problems)
            telling = count_telling(view, split)
            figure = measure(statistic(split), problems, telling, draws=1000).figure
            if holds(figure, 0.0) is None:
                continue
            known += 1
            held += bool(holds(figure, exact))
            drawn = statistic(split)(weights_of(problems, 1000)).value
            low, high = np.nanquantile(drawn, [0.025, 0.975])
            plain += low <= exact <= high
        yield GapCoverage(
            view=view,
            problems=problems,
            uneven=world.uneven,
            coverage=round(held / max(known, 1), 3),
            percentile=round(plain / max(known, 1), 3),
            without_interval=runs - known,
        )


def holds(figure: Figure, value: float) -> bool | None:
    """None for a figure without an interval."""
    if figure.low is None or figure.high is None:
        return None
    return figure.low <= value <= figure.high


def tally_null(generator: np.random.Generator, problems: int, categories: int) -> list[TokenTally]:
    """Words of several categories that are no more entropic than others, in unequal problems."""
    return [
        TokenTally(
            number=number,
            traces=4,
            correct=1,
            truncated=0,
            tokens=600,
            unknown=0,
            cells=list(draw_cells(generator, categories)),
            sentences=[],
        )
        for number in range(problems)
    ]


def draw_cells(generator: np.random.Generator, categories: int) -> Iterator[TokenCell]:
    level = 0.6 * np.exp(0.3 * generator.normal())
    share = generator.uniform(0.3, 1.7)
    for decile in range(DECILES):
        for name in ["", *(f"c{number}" for number in range(categories))]:
            n = int(generator.poisson(50 if not name else 1.5 * share))
            if n:
                yield TokenCell(name, 1, decile, n, float(generator.gamma(1.5 * n, level / 1.5)))


def claim_nothing(problems: int, categories: int, runs: int) -> Claims:
    names = [f"c{number}" for number in range(categories)]
    raw: dict[str, int] = {}
    adjusted: dict[str, int] = {}
    for run in range(runs):
        tallies = tally_null(np.random.default_rng([3, problems, run]), problems, categories)
        kinds = list_pivotal(tallies, names)[1:]
        for place, gap in enumerate(kinds[0].gaps):
            own = [kind.gaps[place] for kind in kinds]
            raw[gap.view] = raw.get(gap.view, 0) + any((one.p or 1.0) < CLEAR for one in own)
            found = any((one.adjusted_p or 1.0) < CLEAR for one in own)
            adjusted[gap.view] = adjusted.get(gap.view, 0) + found
    shares = [
        {view: round(count / runs, 3) for view, count in made.items()} for made in (adjusted, raw)
    ]
    return Claims(problems, categories, *shares)


def draw_scores(generator: np.random.Generator, problems: int, traces: int, shift: float) -> Scores:
    """Traces of 4 letters, each place with chances that a prompt shifts by `shift` deviations."""
    longest, letters = 12, 4
    logits = shift * generator.normal(size=(problems, longest, letters))
    logs = logits - logsumexp(logits, axis=2, keepdims=True)
    chance = generator.random((problems, traces, longest, 1))
    drawn = (chance > np.exp(logs).cumsum(-1)[:, None]).sum(-1).clip(max=letters - 1)
    lengths = generator.poisson(0.7 * longest, size=(problems, traces)).clip(1, longest)
    there = np.arange(longest) < lengths[:, :, None]
    scores = np.zeros((problems, traces, problems))
    for prompt in range(problems):
        own = np.broadcast_to(logs[prompt], (problems, traces, longest, letters))
        chosen = np.take_along_axis(own, drawn[..., None], axis=3)[..., 0]
        scores[:, :, prompt] = (chosen * there).sum(2)
    return Scores(scores, lengths.astype(np.float64))


FIGURES: Mapping[str, Callable[[Collapse], Figure]] = {
    "I(X;Z)": lambda found: found.sequence.mutual,
    "I(X;Z) per token": lambda found: found.token.mutual,
    "H(Z|X)": lambda found: found.sequence.conditional,
    "H(Z|X) per token": lambda found: found.token.conditional,
    "H(Z) per token": lambda found: found.token.marginal,
    "retrieval at 1": lambda found: found.retrieval[0].share,
}


def cover_collapse(problems: int, shift: float, runs: int) -> CollapseCoverage:
    """How often each interval holds the mean over many draws of as many problems."""
    drawn = (
        assess(draw_scores(np.random.default_rng([4, problems, run]), problems, 2, shift))
        for run in range(runs)
    )
    found = [one for one in drawn if one]
    coverage = {}
    for name, figure in FIGURES.items():
        exact = float(np.mean([figure(one).value or 0.0 for one in found]))
        coverage[name] = round(
            float(np.mean([bool(holds(figure(one), exact)) for one in found])), 3
        )
    return CollapseCoverage(problems, shift, coverage)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    runs = parser.parse_args().runs
    worlds = [World(uneven=0.25), World(uneven=0.5), World(uneven=1.0)]
    report = {
        "worlds": [asdict(world) for world in worlds],
        "gaps": [
            asdict(row)
            for world in worlds
            for problems in (8, 16, 32, 64)
            for row in cover_gaps(world, problems, runs)
        ],
        "nulls": [asdict(claim_nothing(problems, 5, runs)) for problems in (8, 16, 64)],
        "collapse": [
            asdict(cover_collapse(problems, shift, runs))
            for problems in (8, 16, 32)
            for shift in (0.3, 0.8)
        ],
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
