"""Metrics over steps, down-sampled in the database so that extremes survive."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from db.listings import RunRow, fetch, sweep_runs, with_first_arm
from db.models import Run
from db.sweeps import require_sweep
from domain.errors import NotFound

MAX_POINTS = 200_000  # of all series of a reply together
FEWEST_POINTS = 10

# The names of some runs without reading their points: one index probe for each name.
NAMES = text(
    """
    WITH RECURSIVE known(run_id, name) AS (
        SELECT run_id, (SELECT min(name) FROM metrics WHERE metrics.run_id = runs.run_id)
        FROM unnest(CAST(:run_ids AS bigint[])) AS runs (run_id)
        UNION ALL
        SELECT run_id, (
            SELECT min(name) FROM metrics
            WHERE metrics.run_id = known.run_id AND metrics.name > known.name
        )
        FROM known WHERE name IS NOT NULL
    )
    SELECT DISTINCT name FROM known WHERE name IS NOT NULL ORDER BY name
    """
)

# One row a bucket: where its minimum, maximum and first value that is not finite stand. The first
# and the last point have buckets of their own; a short series has one for each point.
BUCKETS = text(
    """
    WITH points AS (
        SELECT run_id, name, step, value,
            value NOT IN ('NaN', 'Infinity', '-Infinity') AS finite
        FROM metrics
        WHERE run_id = ANY(CAST(:run_ids AS bigint[])) AND name = ANY(CAST(:names AS text[]))
    ), bounds AS (
        SELECT run_id, name, min(step) AS first, max(step) AS last, count(*) AS total
        FROM points GROUP BY run_id, name
    ), bucketed AS (
        SELECT points.*, total,
            CASE
                WHEN total <= :points THEN step
                WHEN step = first THEN -1
                WHEN step = last THEN :buckets
                ELSE CAST(step - first AS bigint) * :buckets / (last - first + 1)
            END AS bucket
        FROM points JOIN bounds USING (run_id, name)
    )
    SELECT run_id, name, min(total) AS total, bucket,
        min(ARRAY[value, step]) FILTER (WHERE finite) AS lowest,
        max(ARRAY[value, step]) FILTER (WHERE finite) AS highest,
        min(step) FILTER (WHERE NOT finite) AS broken
    FROM bucketed GROUP BY run_id, name, bucket
    """
)


@dataclass(frozen=True)
class Series:
    """`values` holds None for NaN and infinity; `total` counts every point there is."""

    run_id: int
    arm: str
    seed: int
    name: str
    total: int
    steps: list[int]
    values: list[float | None]


@dataclass(frozen=True)
class SeriesPage:
    names: list[str]
    series: list[Series]


def read_run(db: Session, run_id: int, names: Sequence[str], points: int) -> SeriesPage:
    runs = fetch(db, with_first_arm().where(Run.id == run_id))
    if not runs:
        raise NotFound(f"there is no run {run_id}")
    return read(db, runs, names, points)


def read_sweep(db: Session, sweep_id: int, names: Sequence[str], points: int) -> SeriesPage:
    require_sweep(db, sweep_id)
    return read(db, sweep_runs(db, sweep_id), names, points)


def read(db: Session, runs: Sequence[RunRow], names: Sequence[str], points: int) -> SeriesPage:
    """The named series run by run; fewer points for each when there are very many."""
    begun = [run.id for run in runs if run.attempt > 0]
    known = db.scalars(NAMES, {"run_ids": furthest_of_arms(runs)}).all()
    share = MAX_POINTS // max(1, len(begun) * len(names))
    points = max(min(points, share), FEWEST_POINTS)
    found = read_points(db, begun, names, points) if names else {}
    series = [
        as_series(run, name, *found[run.id, name])
        for run in runs
        for name in names
        if (run.id, name) in found
    ]
    return SeriesPage(list(known), series)


def furthest_of_arms(runs: Sequence[RunRow]) -> list[int]:
    """One run of each arm: methods differ in what they report, the seeds of one do not."""
    found: dict[str, RunRow] = {}
    for run in runs:
        if run.attempt > 0 and run.step >= (found[run.arm].step if run.arm in found else 0):
            found[run.arm] = run
    return [run.id for run in found.values()]


def read_points(
    db: Session, run_ids: Sequence[int], names: Sequence[str], points: int
) -> dict[tuple[int, str], tuple[int, dict[int, float | None]]]:
    """For each run and name: how many points there are, and those kept, by step."""
    buckets = max(1, (points - 2) // 2)
    values = {"run_ids": run_ids, "names": names, "points": points, "buckets": buckets}
    found: dict[tuple[int, str], tuple[int, dict[int, float | None]]] = {}
    for row in db.execute(BUCKETS, values):
        _, kept = found.setdefault((row.run_id, row.name), (row.total, {}))
        kept.update(kept_points(row))
    return found


def kept_points(row: Row[*tuple[Any, ...]]) -> Iterable[tuple[int, float | None]]:
    for extreme in (row.lowest, row.highest):
        if extreme is not None:
            value, step = extreme
            yield int(step), value
    if row.broken is not None:
        yield row.broken, None


def as_series(run: RunRow, name: str, total: int, kept: dict[int, float | None]) -> Series:
    steps = sorted(kept)
    values = [kept[step] for step in steps]
    return Series(run.id, run.arm, run.seed, name, total, steps, values)
