"""What an analysis might have found, with planted differences: for tests that run no model."""

import numpy as np

from domain.events import Analysed, TrainerEvent
from domain.findings import (
    Cost,
    Finding,
    Neighbour,
    RareList,
    RareSentence,
    RareTally,
    ScoreColumn,
    SentenceCell,
    ShownSentence,
    ShownTrace,
    TokenCell,
    TokenTally,
)
from domain.marks import WordMark

PROBLEMS, SCORED = 12, 4


def found(gap: float = 0.5, depends: float = 6.0) -> list[TrainerEvent]:
    """`gap` nats more at operators; traces are likelier by `depends` nats under their prompts."""
    generator = np.random.default_rng(0)
    findings: list[Finding] = [tally(number, gap, generator) for number in range(PROBLEMS)]
    findings += [rare(number, generator) for number in range(PROBLEMS)]
    findings += [column(number, depends) for number in range(SCORED)]
    return [Analysed(finding=one) for one in [*findings, rarest(), shown(), cost()]]


def tally(number: int, gap: float, generator: np.random.Generator) -> TokenTally:
    level = float(generator.uniform(0.3, 0.5))
    cells = [
        TokenCell(category, 1, decile, n, n * (level + more) * float(generator.uniform(0.9, 1.1)))
        for decile in range(10)
        for category, n, more in (("", 6, 0.0), ("operators", 3, gap))
    ]
    return TokenTally(
        number=number,
        traces=2,
        correct=number % 2,
        truncated=0,
        tokens=90,
        unknown=0,
        cells=cells,
        sentences=[SentenceCell(0, decile, 2, 2 * level) for decile in range(10)],
    )


def rare(number: int, generator: np.random.Generator) -> RareTally:
    return RareTally(
        number=number,
        sentences=20,
        distance=float(generator.uniform(3, 5)),
        beyond=int(generator.integers(0, 4)),
        cells=[SentenceCell(0, 3, 18, 9.0), SentenceCell(1, 5, 2, float(generator.uniform(1, 2)))],
    )


def column(number: int, depends: float) -> ScoreColumn:
    scores: list[list[float | None]] = [
        [-10.0 if row == number else -10.0 - depends] * 2 for row in range(SCORED)
    ]
    return ScoreColumn(number=number, lengths=[[8, 8]] * SCORED, scores=scores)


def rarest() -> RareList:
    near = Neighbour(problem=2, text="3 + 4 = 7 ,", distance=0.2)
    sentence = RareSentence(
        problem=1, trace=0, text="9 * 9 = 81 ,", distance=0.4, entropy=0.7, nearest=[near]
    )
    return RareList(
        threshold=0.3, base_threshold=0.25, sentences=240, base_sentences=200, shown=[sentence]
    )


def shown() -> ShownTrace:
    return ShownTrace(
        number=0,
        problem=0,
        question="make 7 from 3 4",
        prompt="make 7 from 3 4",
        correct=True,
        truncated=False,
        tokens=["3", " +", " 4", " =", " 7", ""],
        entropies=[0.9, 0.5, 0.1, 0.0, 0.0, None],
        words=[WordMark(1, 1, "operators")],
        sentences=[ShownSentence(0, 4, reflective=False, rare=False, distance=0.1)],
    )


def cost() -> Cost:
    return Cost(
        seconds={"drawing": 2.0},
        peak_bytes=10**9,
        sampled_tokens=1080,
        scored_tokens=256,
        embedded_sentences=240,
    )
