"""One metric of several runs, thinned in the database so that what a reader would miss survives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

Span = tuple[int, int]  # the first and the last step, both included

SIZES = text(
    """
    SELECT run_id, sizes.*
    FROM unnest(CAST(:run_ids AS bigint[]), CAST(:lows AS int[]), CAST(:highs AS int[]))
        AS spans (run_id, low, high)
    CROSS JOIN LATERAL (
        SELECT count(*) AS total, min(step) AS first, max(step) AS last
        FROM metrics WHERE run_id = spans.run_id AND name = :name AND step BETWEEN low AND high
    ) AS sizes
    """
)

# The ends of each span, and the points next to them outside, which a line needs to reach the edge.
ENDS = text(
    """
    SELECT run_id, step, value
    FROM unnest(CAST(:run_ids AS bigint[]), CAST(:lows AS int[]), CAST(:highs AS int[]))
        AS spans (run_id, low, high)
    CROSS JOIN LATERAL (
        (SELECT step, value FROM metrics WHERE run_id = spans.run_id AND name = :name
            AND step < low ORDER BY step DESC LIMIT 1)
        UNION ALL
        (SELECT step, value FROM metrics WHERE run_id = spans.run_id AND name = :name
            AND step >= low ORDER BY step LIMIT 1)
        UNION ALL
        (SELECT step, value FROM metrics WHERE run_id = spans.run_id AND name = :name
            AND step <= high ORDER BY step DESC LIMIT 1)
        UNION ALL
        (SELECT step, value FROM metrics WHERE run_id = spans.run_id AND name = :name
            AND step > high ORDER BY step LIMIT 1)
    ) AS ends
    """
)

POINTS = text(
    """
    SELECT run_id, step, value
    FROM unnest(CAST(:run_ids AS bigint[]), CAST(:lows AS int[]), CAST(:highs AS int[]))
        AS spans (run_id, low, high)
    CROSS JOIN LATERAL (
        SELECT step, value FROM metrics
        WHERE run_id = spans.run_id AND name = :name AND step BETWEEN low AND high
    ) AS points
    """
)

# One row a stretch, the same stretches of training for every run. A mean takes values that can be
# summed without overflow; `sums` says how many did.
STRETCHES = text(
    """
    SELECT run_id, stretches.*
    FROM unnest(CAST(:run_ids AS bigint[]), CAST(:lows AS int[]), CAST(:highs AS int[]))
        AS spans (run_id, low, high)
    CROSS JOIN LATERAL (
        SELECT CAST(step - :first AS bigint) * :stretches / (:last - :first + 1) AS place,
            min(ARRAY[value, step]) FILTER (WHERE finite) AS lowest,
            max(ARRAY[value, step]) FILTER (WHERE finite) AS highest,
            min(step) FILTER (WHERE NOT finite) AS broken_from,
            max(step) FILTER (WHERE finite) AS finite_to,
            count(*) FILTER (WHERE NOT finite) AS broken,
            count(*) AS points,
            count(*) FILTER (WHERE abs(value) < 1e290) AS sums,
            sum(value) FILTER (WHERE abs(value) < 1e290) AS value,
            sum(step) AS steps
        FROM (
            SELECT step, value, abs(value) < 'Infinity' AS finite FROM metrics
            WHERE run_id = spans.run_id AND name = :name AND step BETWEEN low AND high
        ) AS points
        GROUP BY place
    ) AS stretches
    ORDER BY run_id, place
    """
)


@dataclass(frozen=True)
class Gap:
    """Values that are not numbers: NaN or infinity. `lasting`: no number comes after the first."""

    count: int
    first: int
    lasting: bool


@dataclass
class Thinned:
    """A run's metric: `points` by step, `means` of stretches by mean step; no means if not thinned.

    `total` and `gap` are of the span alone, `points` have the nearest outside of it too. None
    stands for NaN and infinity; the mean of a stretch with such a value is None.
    """

    total: int
    points: dict[int, float | None] = field(default_factory=dict)
    means: dict[float, float | None] | None = None
    gap: Gap | None = None


def read_thinned(
    db: Session, name: str, spans: Mapping[int, Span], points: int
) -> dict[int, Thinned]:
    """By run; a run without a point in or beside its span is left out."""
    asked = ask(name, spans)
    sizes = {row.run_id: row for row in db.execute(SIZES, asked) if row.total}
    most = max((row.total for row in sizes.values()), default=0)
    found = (
        read_stretches(db, asked, list(sizes.values()), stretches=max(1, (points - 2) // 2))
        if most > points
        else read_whole(db, asked)
    )
    for row in db.execute(ENDS, asked):
        found.setdefault(row.run_id, Thinned(0)).points.setdefault(row.step, number(row.value))
    return found


def ask(name: str, spans: Mapping[int, Span]) -> dict[str, Any]:
    lows, highs = zip(*spans.values(), strict=True) if spans else ((), ())
    return {"name": name, "run_ids": list(spans), "lows": list(lows), "highs": list(highs)}


def read_whole(db: Session, asked: dict[str, Any]) -> dict[int, Thinned]:
    found: dict[int, Thinned] = {}
    for row in db.execute(POINTS, asked):
        run = found.setdefault(row.run_id, Thinned(0))
        run.total += 1
        run.points[row.step] = number(row.value)
    for run in found.values():
        run.gap = find_gap(run.points)
    return found


def find_gap(points: Mapping[int, float | None]) -> Gap | None:
    broken = [step for step, value in points.items() if value is None]
    if not broken:
        return None
    finite_to = max((step for step, value in points.items() if value is not None), default=-1)
    return Gap(len(broken), min(broken), finite_to < min(broken))


def read_stretches(
    db: Session, asked: dict[str, Any], sizes: Sequence[Row[*tuple[Any, ...]]], stretches: int
) -> dict[int, Thinned]:
    bounds = {
        "first": min(row.first for row in sizes),
        "last": max(row.last for row in sizes),
        "stretches": stretches,
    }
    rows: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in db.execute(STRETCHES, {**asked, **bounds}):
        rows.setdefault(row.run_id, []).append(row)
    return {run_id: thin(own) for run_id, own in rows.items()}


def thin(rows: Sequence[Row[*tuple[Any, ...]]]) -> Thinned:
    """Of each stretch the lowest, the highest, and the first that is not a number; and the mean."""
    means: dict[float, float | None] = {}
    run = Thinned(sum(row.points for row in rows), means=means)
    for row in rows:
        for extreme in (row.lowest, row.highest):
            if extreme is not None:
                value, step = extreme
                run.points[int(step)] = value
        if row.broken_from is not None:
            run.points[row.broken_from] = None
        whole = row.sums == row.points
        means[row.steps / row.points] = row.value / row.sums if whole else None
    broken = [row.broken_from for row in rows if row.broken]
    if broken:
        finite_to = max((row.finite_to for row in rows if row.finite_to is not None), default=-1)
        run.gap = Gap(sum(row.broken for row in rows), min(broken), finite_to < min(broken))
    return run


def number(value: float) -> float | None:
    return value if abs(value) < float("inf") else None
