"""Metrics over training, thinned in the database so that extremes survive."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.axes import Axis, find_places, find_spans, read_between
from db.listings import RunRow, fetch, sweep_runs, with_first_arm
from db.models import Run
from db.stretches import Gap, Thinned, read_thinned
from db.sweeps import require_sweep
from domain.errors import FieldError, Invalid, NotFound

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

# Every report of metrics brings its seconds along, so their last step tells of all.
LAST_STEPS = text(
    """
    SELECT run_id, (
        SELECT max(step) FROM metrics WHERE metrics.run_id = runs.run_id AND name = 'seconds'
    ) AS step
    FROM unnest(CAST(:run_ids AS bigint[])) AS runs (run_id)
    """
)


@dataclass(frozen=True)
class Window:
    """What of the curves is asked for: names, how finely, against what, from where to where.

    `low` and `high` are on the axis, both included. A sweep's `arms` and `runs` are those wanted;
    all of them if none is named.
    """

    names: Sequence[str] = ()
    points: int = 500
    axis: Axis = Axis.STEP
    low: float | None = None
    high: float | None = None
    arms: Sequence[str] = ()
    runs: Sequence[int] = ()


@dataclass(frozen=True)
class Means:
    """The mean of each stretch, at the mean of its steps; None where a value was no number."""

    steps: list[float]
    xs: list[float] | None
    values: list[float | None]


@dataclass(frozen=True)
class Series:
    """`values` holds None for NaN and infinity; `total` and `gap` are of the range asked for.

    The point before and the one after it come along. `xs` are places on an axis other than steps.
    """

    run_id: int
    arm: str
    seed: int
    name: str
    total: int
    steps: list[int]
    xs: list[float] | None
    values: list[float | None]
    means: Means | None
    gap: Gap | None


@dataclass(frozen=True)
class SeriesPage:
    names: list[str]
    series: list[Series]


def read_run(db: Session, run_id: int, window: Window) -> SeriesPage:
    return read(db, find_run(db, run_id), window)


def read_sweep(db: Session, sweep_id: int, window: Window) -> SeriesPage:
    """Raises NotFound, and Invalid where the window names what the sweep lacks."""
    require_sweep(db, sweep_id)
    return read(db, sweep_runs(db, sweep_id), window)


def find_run(db: Session, run_id: int) -> list[RunRow]:
    runs = fetch(db, with_first_arm().where(Run.id == run_id))
    if not runs:
        raise NotFound(f"there is no run {run_id}")
    return runs


def fingerprint_run(db: Session, run_id: int) -> str:
    return fingerprint(db, find_run(db, run_id))


def fingerprint_sweep(db: Session, sweep_id: int) -> str:
    require_sweep(db, sweep_id)
    return fingerprint(db, sweep_runs(db, sweep_id))


def fingerprint(db: Session, runs: Sequence[RunRow]) -> str:
    """Changes whenever a curve could: with a run, its attempt, or the last step it reported."""
    steps = {row.run_id: row.step for row in db.execute(LAST_STEPS, {"run_ids": begun(runs)})}
    rows = [(run.arm, run.id, run.attempt, steps.get(run.id)) for run in runs]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def read(db: Session, runs: Sequence[RunRow], window: Window) -> SeriesPage:
    """The named series run by run; fewer points for each when there are very many."""
    known, wanted = find_names(db, furthest_of_arms(runs)), choose(runs, window)
    names = choose_names(db, window.names, known, begun(wanted))
    share = MAX_POINTS // max(1, len(begun(wanted)) * len(names))
    points = max(min(window.points, share), FEWEST_POINTS)
    found = {name: read_metric(db, name, wanted, window, points) for name in names}
    return SeriesPage(
        known,
        [series for run in wanted for name in names if (series := found[name].get(run.id))],
    )


def find_names(db: Session, run_ids: Sequence[int]) -> list[str]:
    return list(db.scalars(NAMES, {"run_ids": run_ids}))


def choose_names(
    db: Session, names: Sequence[str], known: Sequence[str], run_ids: Sequence[int]
) -> list[str]:
    """Those that any of the runs reported. Almost always all are among the `known` of a few."""
    if not set(names) <= set(known):
        known = find_names(db, run_ids)
    return [name for name in names if name in known]


def choose(runs: Sequence[RunRow], window: Window) -> list[RunRow]:
    """Those of the named arms, and the named ones; all when neither is named."""
    arms, ids = {run.arm for run in runs}, {run.id for run in runs}
    errors = [
        FieldError(field=f"arms[{place}]", message=f"there is no arm {arm} in this sweep")
        for place, arm in enumerate(window.arms)
        if arm not in arms
    ] + [
        FieldError(field=f"runs[{place}]", message=f"there is no run {run_id} in this sweep")
        for place, run_id in enumerate(window.runs)
        if run_id not in ids
    ]
    if errors:
        raise Invalid(errors)
    everything = not window.arms and not window.runs
    return [run for run in runs if everything or run.arm in window.arms or run.id in window.runs]


def begun(runs: Sequence[RunRow]) -> list[int]:
    return list(dict.fromkeys(run.id for run in runs if run.attempt > 0))


def furthest_of_arms(runs: Sequence[RunRow]) -> list[int]:
    """One run of each arm: methods differ in what they report, the seeds of one do not."""
    found: dict[str, RunRow] = {}
    for run in runs:
        if run.attempt > 0 and run.step >= (found[run.arm].step if run.arm in found else 0):
            found[run.arm] = run
    return [run.id for run in found.values()]


def read_metric(
    db: Session, name: str, runs: Sequence[RunRow], window: Window, points: int
) -> dict[int, Series]:
    """By run."""
    spans = find_spans(db, begun(runs), window.axis, window.low, window.high)
    thinned = read_thinned(db, name, spans, points)
    if window.axis is Axis.STEP:
        return {run.id: by_step(run, name, thinned[run.id]) for run in runs if run.id in thinned}
    places = find_places(db, window.axis, {run_id: run.points for run_id, run in thinned.items()})
    return {
        run.id: by_place(run, name, thinned[run.id], places[run.id])
        for run in runs
        if places.get(run.id)
    }


def by_step(run: RunRow, name: str, thinned: Thinned) -> Series:
    steps = sorted(thinned.points)
    means = thinned.means
    return Series(
        run_id=run.id,
        arm=run.arm,
        seed=run.seed,
        name=name,
        total=thinned.total,
        steps=steps,
        xs=None,
        values=[thinned.points[step] for step in steps],
        means=None if means is None else Means(list(means), None, list(means.values())),
        gap=thinned.gap,
    )


def by_place(run: RunRow, name: str, thinned: Thinned, places: dict[int, float]) -> Series:
    """The mean of a stretch is placed between the points that were kept."""
    steps = sorted(places)
    xs = [places[step] for step in steps]
    series = by_step(run, name, replace(thinned, points={s: thinned.points[s] for s in steps}))
    means = series.means
    placed = means and replace(means, xs=[read_between(steps, xs, step) for step in means.steps])
    return replace(series, xs=xs, means=placed)
