"""Sentences that are worded unlike any that the untrained model wrote for the same problems."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from domain.analyses import RareSettings
from domain.findings import Neighbour, RareList, RareSentence, RareTally
from domain.tallies import PlacedSentence, Trace, place_sentences, tally_rare
from trainer.embedding import Nearest, embed, find_nearest_elsewhere

SHOWN_NEIGHBOURS = 3
LEAST_DISTANCE = 1e-3
Distances = NDArray[np.float64]


@dataclass(frozen=True)
class Sentences:
    """All sentences of a probe in their order, each with its problem, its trace and its place."""

    texts: list[str]
    problems: list[int]
    traces: list[int]
    placed: list[PlacedSentence]

    @classmethod
    def of(cls, probe: Sequence[Sequence[Trace]]) -> "Sentences":
        rows = [
            (text, problem, number, placed)
            for problem, traces in enumerate(probe)
            for number, trace in enumerate(traces)
            for text, placed in zip(trace.marks.texts, place_sentences(trace), strict=True)
        ]
        columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] or [[]] * 4
        return cls(*columns)

    def keys(self) -> list[int]:
        """A number for each trace of each problem, the same in every probe."""
        pairs = zip(self.problems, self.traces, strict=True)
        return [(problem << 32) + trace for problem, trace in pairs]


@dataclass(frozen=True)
class Rarities:
    """Each sentence's distance; from `threshold` on it is rare. `base` are the untrained model's
    sentences, of which all but the settings' share lie within `base_threshold` of each other."""

    sentences: Sentences
    base: Sentences
    distances: Distances
    nearest: Nearest
    threshold: float
    base_threshold: float

    def by_trace(self) -> dict[tuple[int, int], list[float]]:
        """Distances by problem and trace, in the order of the trace's sentences."""
        found: dict[tuple[int, int], list[float]] = {}
        for row, distance in enumerate(self.distances.tolist()):
            key = (self.sentences.problems[row], self.sentences.traces[row])
            found.setdefault(key, []).append(distance)
        return found

    def tally(self, problems: int) -> Iterator[RareTally]:
        rows: list[list[int]] = [[] for _ in range(problems)]
        for row, problem in enumerate(self.sentences.problems):
            rows[problem].append(row)
        for number, own in enumerate(rows):
            placed = [self.sentences.placed[row] for row in own]
            distances = self.distances[own].tolist()
            yield tally_rare(number, placed, distances, self.threshold, self.base_threshold)

    def list_rarest(self, most: int) -> RareList:
        """The first of each wording, rarest first."""
        order = np.argsort(-self.distances, kind="stable").tolist()
        first = {self.sentences.texts[row]: row for row in reversed(order)}
        chosen = [row for row in order if first[self.sentences.texts[row]] == row][:most]
        return RareList(
            threshold=self.threshold,
            base_threshold=self.base_threshold,
            sentences=len(self.sentences.texts),
            base_sentences=len(self.base.texts),
            shown=[self.show(row) for row in chosen if self.distances[row] >= self.threshold],
        )

    def show(self, row: int) -> RareSentence:
        near = zip(self.nearest.distances[row], self.nearest.places[row], strict=True)
        return RareSentence(
            problem=self.sentences.problems[row],
            trace=self.sentences.traces[row],
            text=self.sentences.texts[row],
            distance=float(self.distances[row]),
            entropy=self.sentences.placed[row].entropy,
            nearest=[
                Neighbour(
                    problem=self.base.problems[place],
                    text=self.base.texts[place],
                    distance=float(distance),
                )
                for distance, place in list(near)[:SHOWN_NEIGHBOURS]
                if math.isfinite(distance)
            ],
        )


def find_rarities(
    sentences: Sentences,
    base: Sentences | None,
    settings: RareSettings,
    root: Path,
    device: torch.device,
) -> Rarities | None:
    """`base` is None where the sentences are the untrained model's own. None where there is no
    sentence to compare, or none to compare it with.

    No sentence is compared with those of the untrained model's trace of the same number of the same
    problem: for the untrained model that is its own trace, and for a trained one a twin, drawn with
    the same random numbers, which it repeats until they part. Both would lie nearer than the rest.
    """
    own = base or sentences
    whole = [*sentences.texts, *(base.texts if base else [])]
    if not sentences.texts or not own.texts:
        return None
    points = embed(whole, settings.embedder, root, device)
    ours, theirs = points[: len(sentences.texts)], points[-len(own.texts) :]
    keys, near = own.keys(), settings.neighbours
    among_own = find_nearest_elsewhere(theirs, keys, theirs, keys, near)
    nearest = find_nearest_elsewhere(ours, sentences.keys(), theirs, keys, near)
    distances, base_distances = mean_of(nearest), mean_of(among_own)
    if not np.isfinite(distances).all() or not np.isfinite(base_distances).all():
        return None
    return Rarities(
        sentences,
        own,
        distances,
        nearest,
        threshold=farthest(distances, settings.share),
        base_threshold=farthest(base_distances, settings.share),
    )


def farthest(distances: Distances, share: float) -> float:
    """From where on a distance is among the largest `share`; a sentence that has neighbours at no
    distance is not rare, though all others were as near."""
    return max(float(np.quantile(distances, 1 - share, method="higher")), LEAST_DISTANCE)


def mean_of(nearest: Nearest) -> Distances:
    """NaN for a sentence with no neighbour at all, as in a single trace."""
    known = np.isfinite(nearest.distances)
    totals = np.where(known, nearest.distances, 0.0).sum(1)
    found: Distances = np.divide(
        totals, known.sum(1), out=np.full(len(totals), np.nan), where=known.any(1)
    )
    return found
