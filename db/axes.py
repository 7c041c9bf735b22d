"""What training can be drawn against: its steps, or what a run had used up by each of them."""

import math
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate, chain

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.stretches import Span

LAST_STEP = 2**31 - 1
Places = dict[int, dict[int, float]]  # by run, then by step


class Axis(StrEnum):
    """All but the steps are metrics themselves, and never fall: they count over all attempts."""

    STEP = "step"
    TOKENS = "tokens"
    SECONDS = "seconds"


REACHED = text(
    """
    SELECT run_id, min(step) FILTER (WHERE value >= :low) AS low,
        max(step) FILTER (WHERE value <= :high) AS high
    FROM metrics WHERE run_id = ANY(CAST(:run_ids AS bigint[])) AND name = :axis
    GROUP BY run_id
    """
)

# The kept steps of all runs are one array, and each run has a slice of it: its partition is then
# looked up once, not once a step.
PLACES = text(
    """
    SELECT run_id, places.step, places.value
    FROM unnest(CAST(:run_ids AS bigint[]), CAST(:firsts AS int[]), CAST(:lasts AS int[]))
        AS slices (run_id, first, last)
    CROSS JOIN LATERAL (
        SELECT metrics.step, metrics.value
        FROM unnest((CAST(:steps AS int[]))[first:last]) AS kept (step) JOIN metrics USING (step)
        WHERE metrics.run_id = slices.run_id AND metrics.name = :axis
    ) AS places
    """
)


def find_spans(
    db: Session, run_ids: Sequence[int], axis: Axis, low: float | None, high: float | None
) -> dict[int, Span]:
    """The steps of each run from `low` to `high` of the axis; of None, to the end."""
    low, high = low or 0, math.inf if high is None else high
    if axis is Axis.STEP or (low <= 0 and high == math.inf):
        span = (math.ceil(min(low, LAST_STEP)), math.floor(min(high, LAST_STEP)))
        return dict.fromkeys(run_ids, span)
    asked = {"run_ids": run_ids, "axis": axis, "low": low, "high": high}
    return {
        row.run_id: (
            LAST_STEP if row.low is None else row.low,
            0 if row.high is None else row.high,
        )
        for row in db.execute(REACHED, asked)
    }


def find_places(db: Session, axis: Axis, kept: Mapping[int, Collection[int]]) -> Places:
    """Where each of the kept steps is on an axis; a step that did not report it is left out."""
    lasts = list(accumulate(len(steps) for steps in kept.values()))
    asked = {
        "axis": axis,
        "run_ids": list(kept),
        "firsts": [last - len(steps) + 1 for last, steps in zip(lasts, kept.values(), strict=True)],
        "lasts": lasts,
        "steps": list(chain.from_iterable(kept.values())),
    }
    places: Places = {run_id: {} for run_id in kept}
    for row in db.execute(PLACES, asked):
        places[row.run_id][row.step] = row.value
    return places


def read_between(steps: Sequence[int], places: Sequence[float], step: float) -> float:
    """Where a step is that lies between known ones, which rise; beyond them, the nearest."""
    right = bisect_left(steps, step)
    if right == 0 or right == len(steps):
        return places[min(right, len(steps) - 1)]
    part = (step - steps[right - 1]) / (steps[right] - steps[right - 1])
    return places[right - 1] + part * (places[right] - places[right - 1])
