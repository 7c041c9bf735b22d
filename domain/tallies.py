"""From traces with their entropies to the counts and sums that are kept of them."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.findings import RareTally, SentenceCell, TokenCell, TokenTally
from domain.gaps import DECILES
from domain.marks import Marks


@dataclass(frozen=True)
class Trace:
    """One completion of a problem; `entropies` are as many as `tokens`, in nats."""

    tokens: Sequence[str]
    entropies: Sequence[float]
    marks: Marks
    correct: bool
    truncated: bool


@dataclass(frozen=True)
class PlacedSentence:
    """A sentence of a trace: its tenth, and its tokens' mean entropy, None where none is known."""

    decile: int
    entropy: float | None
    reflective: bool


def tally_tokens(number: int, traces: Sequence[Trace]) -> TokenTally:
    """`number` is the problem's."""
    cells: defaultdict[tuple[str, int, int], list[float]] = defaultdict(list)
    for trace in traces:
        for key, entropy in place_tokens(trace):
            cells[key].append(entropy)
    known = sum(map(len, cells.values()))
    tokens = sum(len(trace.tokens) for trace in traces)
    placed = [
        (int(one.reflective), one.decile, one.entropy)
        for trace in traces
        for one in place_sentences(trace)
    ]
    return TokenTally(
        number=number,
        traces=len(traces),
        correct=sum(trace.correct for trace in traces),
        truncated=sum(trace.truncated for trace in traces),
        tokens=tokens,
        unknown=tokens - known,
        cells=[TokenCell(*key, len(own), math.fsum(own)) for key, own in sorted(cells.items())],
        sentences=sum_sentences(placed),
    )


def tally_rare(
    number: int,
    sentences: Sequence[PlacedSentence],
    distances: Sequence[float],
    threshold: float,
    base_threshold: float,
) -> RareTally:
    """Of all sentences of one problem; from `threshold` on they are rare."""
    placed = [
        (int(distance >= threshold), one.decile, one.entropy)
        for one, distance in zip(sentences, distances, strict=True)
    ]
    return RareTally(
        number=number,
        sentences=len(placed),
        distance=math.fsum(distances),
        beyond=sum(distance > base_threshold for distance in distances),
        cells=sum_sentences(placed),
    )


def place_tokens(trace: Trace) -> Iterator[tuple[tuple[str, int, int], float]]:
    """Those whose entropy is known, by category, start and tenth."""
    categories = [""] * len(trace.tokens)
    starts = [int(start) for start in trace.marks.starts]
    for word in trace.marks.words:
        for place in range(word.first, word.last + 1):
            categories[place], starts[place] = word.category, int(place == word.first)
    for place, entropy in enumerate(trace.entropies):
        if math.isfinite(entropy):
            decile = DECILES * place // len(trace.tokens)
            yield (categories[place], starts[place], decile), entropy


def place_sentences(trace: Trace) -> Iterator[PlacedSentence]:
    for mark in trace.marks.sentences:
        known = [
            entropy
            for entropy in trace.entropies[mark.first : mark.last + 1]
            if math.isfinite(entropy)
        ]
        mean = math.fsum(known) / len(known) if known else None
        yield PlacedSentence(DECILES * mark.first // len(trace.tokens), mean, mark.reflective)


def sum_sentences(placed: Iterable[tuple[int, int, float | None]]) -> list[SentenceCell]:
    cells: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for marked, decile, entropy in placed:
        if entropy is not None:
            cells[marked, decile].append(entropy)
    return [SentenceCell(*key, len(own), math.fsum(own)) for key, own in sorted(cells.items())]
