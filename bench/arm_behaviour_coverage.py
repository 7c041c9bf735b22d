"""Simulates arms of known behaviour: how often intervals over seeds and problems hold the truth.

    python -m bench.arm_behaviour_coverage            full size, some minutes
    python -m bench.arm_behaviour_coverage --runs 50  a glance

Problems differ in difficulty, length and in how many listed words they have, the same for every
seed; a seed moves entropy at those words everywhere, and more or less in each problem.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from domain.armbehaviours import AnalysedRun, Layout, describe, lay_out
from domain.behaviourdifferences import list_differences
from domain.findings import Digest, Sums
from domain.resampling import Figure, Floats

Counts = NDArray[np.int64]

GAP, OFTEN = 0.3, 0.05
TRAINING, BOTH = 0.06, 0.15  # deviations of the gap between seeds, and in each problem
CATEGORIES = ("first", "second", "third")
MANY = 100_000
CLEAR = 0.05


@dataclass(frozen=True)
class ArmCoverage:
    """How often an interval of nominal 95 % holds the truth."""

    seeds: int
    problems: int
    gap: float
    mean: float
    per_thousand: float


@dataclass(frozen=True)
class ArmClaims:
    """How often any difference of any measure between equal arms has a p below 0.05."""

    arms: int
    seeds: int
    problems: int
    adjusted: float
    unadjusted: float


@dataclass(frozen=True)
class Problems:
    """What every seed has in common, by problem."""

    level: Floats
    tokens: Floats
    share: Floats

    @classmethod
    def draw(cls, generator: np.random.Generator, number: int) -> "Problems":
        hard = generator.normal(size=number)
        return cls(
            level=0.6 * np.exp(0.2 * hard),
            tokens=600 * np.exp(0.3 * generator.normal(size=number)),
            share=OFTEN * np.exp(0.4 * hard + 0.3 * generator.normal(size=number)),
        )


def train(problems: Problems, generator: np.random.Generator, noise: bool = True) -> Digest:
    """What the analysis of one seed finds."""
    tokens = generator.poisson(problems.tokens)
    moved = generator.normal(0, TRAINING) if noise else 0.0
    words, left = {}, tokens.copy()
    for name in CATEGORIES:
        n = generator.binomial(tokens, np.clip(problems.share / len(CATEGORIES), 0, 0.3))
        more = GAP + moved + BOTH * generator.normal(size=len(tokens))
        words[name] = summed(generator, n, problems.level + np.maximum(more, 0.01))
        left -= n
    rest = summed(generator, left, problems.level)
    none = Sums(n=[0] * len(tokens), total=[0.0] * len(tokens))
    return Digest(
        problems=list(range(len(tokens))),
        tokens=tokens.tolist(),
        traces=4 * len(tokens),
        correct=0,
        truncated=0,
        every=rest,
        rest=rest,
        words=words,
        reflective=none,
        unreflective=none,
        rare=None,
        common=None,
    )


def summed(generator: np.random.Generator, n: Counts, mean: Floats) -> Sums:
    """Entropies of a gamma distribution."""
    shape = 1.5
    drawn = generator.gamma(shape * np.maximum(n, 1e-9), mean / shape)
    return Sums(n=n.tolist(), total=np.where(n > 0, drawn, 0.0).tolist())


def arm(problems: Problems, generator: np.random.Generator, name: str, seeds: int) -> Layout:
    """Of one seed without training noise, of which it says nothing."""
    digests = [train(problems, generator, noise=seeds > 1) for _ in range(seeds)]
    (found,) = lay_out(AnalysedRun(0, name, seed, 1, own) for seed, own in enumerate(digests))
    return found


def truth() -> dict[str, float]:
    """Of the problems and seeds that there could be."""
    generator = np.random.default_rng(1)
    digest = train(Problems.draw(generator, MANY), generator, noise=False)
    own, rest = digest.words["first"], digest.rest
    mean, others = sum(own.total) / sum(own.n), sum(rest.total) / sum(rest.n)
    often = 1000 * sum(own.n) / sum(digest.tokens)
    return {"gap": mean - others, "mean": mean, "per_thousand": often}


def cover(seeds: int, problems: int, runs: int, exact: dict[str, float]) -> ArmCoverage:
    held = dict.fromkeys(exact, 0)
    for run in range(runs):
        generator = np.random.default_rng([2, seeds, problems, run])
        found = describe(arm(Problems.draw(generator, problems), generator, "arm", seeds))
        kind = next(one for one in found.kinds if one.name == "first")
        for name, value in exact.items():
            held[name] += holds(getattr(kind, name), value)
    shares = {name: round(number / runs, 3) for name, number in held.items()}
    return ArmCoverage(seeds, problems, **shares)


def holds(figure: Figure, value: float) -> bool:
    return figure.low is not None and figure.high is not None and figure.low <= value <= figure.high


def claim_nothing(arms: int, seeds: int, problems: int, runs: int) -> ArmClaims:
    adjusted = raw = 0
    for run in range(runs):
        generator = np.random.default_rng([3, arms, seeds, problems, run])
        common = Problems.draw(generator, problems)
        layouts = [arm(common, generator, f"arm {number}", seeds) for number in range(arms)]
        found = list_differences(layouts, layouts[0])
        adjusted += any(one.adjusted_p is not None and one.adjusted_p < CLEAR for one in found)
        raw += any(one.p is not None and one.p < CLEAR for one in found)
    return ArmClaims(arms, seeds, problems, round(adjusted / runs, 3), round(raw / runs, 3))


def simulate(runs: int) -> Iterator[tuple[str, ArmCoverage | ArmClaims]]:
    exact = truth()
    for seeds in (2, 3, 5):
        for problems in (16, 32, 64):
            yield "coverage", cover(seeds, problems, runs, exact)
    for arms, seeds in ((2, 1), (2, 3), (3, 2), (6, 3), (6, 5)):
        yield "nulls", claim_nothing(arms, seeds, 32, runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    report: dict[str, list[dict[str, float]]] = {"coverage": [], "nulls": []}
    for name, row in simulate(parser.parse_args().runs):
        report[name].append(asdict(row))
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
