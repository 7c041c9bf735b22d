"""Reads all that a sweep's report holds, in a handful of queries whatever the sweep's size."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, select, text
from sqlalchemy.orm import Session

from db.behaviourreports import read_behaviour
from db.comparisons import read_evaluation, read_results
from db.models import Arm, ArmRun, Attempt, Run, Sweep
from db.progress import attempts_seconds
from db.sweeps import list_confirmations, require_sweep
from domain.comparisons import compare
from domain.lifecycle import RunStatus
from domain.reports import Related, Report, ReportedRun, Setup, is_current
from domain.trajectories import Course, Trace, average

ENTROPY = "entropy/mean"
CURVES = (ENTROPY, "psi/share", "psi/capped")
STRETCHES = 200

# The mean of each stretch of training, of the same stretches for all runs.
TRACES = text(
    """
    WITH points AS (
        SELECT run_id, name, step, value,
            value NOT IN ('NaN', 'Infinity', '-Infinity') AS finite,
            max(step) OVER () + 1 AS ends
        FROM metrics
        WHERE run_id = ANY(CAST(:run_ids AS bigint[])) AND name = ANY(CAST(:names AS text[]))
    )
    SELECT run_id, name,
        CASE WHEN ends <= :stretches THEN step
            ELSE CAST(step AS bigint) * :stretches / ends END AS place,
        CAST(avg(step) AS double precision) AS step,
        avg(value) FILTER (WHERE finite) AS value, bool_and(finite) AS finite
    FROM points GROUP BY run_id, name, place
    """
)

# Mean entropy over the first and the last tenth of the steps of each run.
ENDS = text(
    """
    WITH points AS (
        SELECT run_id, step, value, min(step) OVER runs AS first, max(step) OVER runs AS last
        FROM metrics
        WHERE run_id = ANY(CAST(:run_ids AS bigint[])) AND name = :name
            AND value NOT IN ('NaN', 'Infinity', '-Infinity')
        WINDOW runs AS (PARTITION BY run_id)
    )
    SELECT run_id,
        avg(value) FILTER (WHERE step <= first + (last - first) / 10.0) AS first,
        avg(value) FILTER (WHERE step >= last - (last - first) / 10.0) AS last
    FROM points GROUP BY run_id
    """
)

BROKEN = text(
    """
    SELECT run_id, name, min(step) AS step FROM metrics
    WHERE run_id = ANY(CAST(:run_ids AS bigint[])) AND value IN ('NaN', 'Infinity', '-Infinity')
    GROUP BY run_id, name ORDER BY run_id, name
    """
)


def read_report(
    db: Session, sweep_id: int, k: int | None, baseline: str | None, made_at: datetime
) -> Report:
    """In words at `k`, the largest unless given, and against the sweep's own baseline unless
    another arm is named. Raises what `compare_sweep` does."""
    sweep = require_sweep(db, sweep_id)
    results = read_results(db, sweep_id, baseline)
    rows = read_runs(db, sweep_id)
    runs = tuple(as_run(row) for row in rows)
    comparison = compare(results, k)
    return Report(
        made_at=made_at,
        sweep_id=sweep_id,
        name=sweep.name,
        question=sweep.spec.get("question", ""),
        owner=sweep.owner,
        spec=sweep.spec,
        setup=read_setup(db, sweep_id, rows[0].spec),
        confirms=read_confirmed(db, sweep),
        confirmations=tuple(
            Related(one.sweep_id, one.name, one.arm, one.status)
            for one in list_confirmations(db, sweep_id)
        ),
        results=results,
        comparison=comparison,
        runs=runs,
        trajectories=tuple(average(read_traces(db, runs))),
        courses=tuple(read_courses(db, runs)),
        behaviour=read_behaviour(db, sweep_id, comparison.baseline),
    )


def read_confirmed(db: Session, sweep: Sweep) -> Related | None:
    if sweep.confirms_id is None:
        return None
    return Related(
        sweep.confirms_id, require_sweep(db, sweep.confirms_id).name, str(sweep.confirms_arm)
    )


def read_setup(db: Session, sweep_id: int, spec: dict[str, Any]) -> Setup:
    """From the runs, not the sweep: its text leaves out what defaults filled in that day."""
    return Setup(
        model=spec["model"],
        model_version=spec["model_version"],
        task=spec["task"],
        task_version=spec["task_version"],
        evaluation=read_evaluation(db, sweep_id),
        packages=read_packages(db, sweep_id),
    )


def read_packages(db: Session, sweep_id: int) -> dict[str, tuple[str, ...]]:
    """The versions of each package that attempts of the succeeded runs had; more than one if they
    differ, as they may in a run that went on after an upgrade."""
    rows = db.scalars(
        select(Attempt.versions)
        .join(Run, Run.id == Attempt.run_id)
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(
            Arm.sweep_id == sweep_id,
            Run.status == RunStatus.SUCCEEDED,
            Attempt.versions.is_not(None),
        )
        .distinct()
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for versions in rows:
        for name, version in (versions or {}).items():
            found[name].add(version)
    return {name: tuple(sorted(found[name])) for name in sorted(found)}


def read_runs(db: Session, sweep_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Arm by arm in the sweep's order, then by seed."""
    return db.execute(
        select(
            Run.id,
            Arm.name.label("arm"),
            Run.seed,
            Run.status,
            Run.attempt,
            Run.content_hash,
            Run.spec,
            Run.error,
            case((Run.finished_at.is_not(None), attempts_seconds())).label("seconds"),
        )
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep_id)
        .order_by(Arm.position, Run.seed)
    ).all()


def as_run(row: Row[*tuple[Any, ...]]) -> ReportedRun:
    return ReportedRun(
        run_id=row.id,
        arm=row.arm,
        seed=row.seed,
        status=RunStatus(row.status),
        attempt=row.attempt,
        content_hash=row.content_hash,
        seconds=None if row.seconds is None else float(row.seconds),
        error=row.error,
        is_current=is_current(row.spec, row.content_hash),
    )


def read_traces(db: Session, runs: Sequence[ReportedRun]) -> list[Trace]:
    """Of the succeeded runs alone, like every figure beside them."""
    done = [run for run in runs if run.status == RunStatus.SUCCEEDED]
    values = {
        "run_ids": [run.run_id for run in done],
        "names": list(CURVES),
        "stretches": STRETCHES,
    }
    found: defaultdict[tuple[int, str], dict[int, tuple[float, float | None]]] = defaultdict(dict)
    for row in db.execute(TRACES, values):
        value = row.value if row.finite else None
        found[row.run_id, row.name][row.place] = (row.step, value)
    return [
        Trace(run.arm, run.seed, name, found[run.run_id, name])
        for run in done
        for name in CURVES
        if (run.run_id, name) in found
    ]


def read_courses(db: Session, runs: Sequence[ReportedRun]) -> list[Course]:
    """Of every run that recorded anything, whatever became of it."""
    run_ids = [run.run_id for run in runs if run.attempt > 0]
    ends = {
        row.run_id: (row.first, row.last)
        for row in db.execute(ENDS, {"run_ids": run_ids, "name": ENTROPY})
    }
    broken: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in db.execute(BROKEN, {"run_ids": run_ids}):
        broken[row.run_id][row.name] = row.step
    return [
        Course(
            run.run_id, run.arm, run.seed, *ends.get(run.run_id, (None, None)), broken[run.run_id]
        )
        for run in runs
        if run.run_id in ends or run.run_id in broken
    ]
