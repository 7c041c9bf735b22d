"""Reads how psi/|A|, the share of tokens at the cap, and entropy went in the runs of a sweep."""

from collections import defaultdict

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.models import Arm, ArmRun, Run
from db.sweeps import require_sweep
from domain.lifecycle import RunStatus
from domain.regulation import METRICS, Course, Regulation, describe

# The ends of a run are found in its index, so that only its first and its last tenth are read.
# Values that cannot be summed count as no numbers.
ENDS = text(
    """
    SELECT run_id, name, head.value AS first, tail.value AS last
    FROM unnest(CAST(:run_ids AS bigint[])) AS runs (run_id)
    CROSS JOIN unnest(CAST(:names AS text[])) AS names (name)
    CROSS JOIN LATERAL (
        SELECT min(step) AS low, max(step) AS high FROM metrics
        WHERE metrics.run_id = runs.run_id AND metrics.name = names.name
    ) AS span
    CROSS JOIN LATERAL (
        SELECT CASE WHEN bool_and(abs(value) < 1e145)
            THEN avg(value) FILTER (WHERE abs(value) < 1e145) END AS value
        FROM metrics WHERE metrics.run_id = runs.run_id AND metrics.name = names.name
            AND step BETWEEN low AND low + (high - low) / 10
    ) AS head
    CROSS JOIN LATERAL (
        SELECT CASE WHEN bool_and(abs(value) < 1e145)
            THEN avg(value) FILTER (WHERE abs(value) < 1e145) END AS value
        FROM metrics WHERE metrics.run_id = runs.run_id AND metrics.name = names.name
            AND step BETWEEN high - (high - low) / 10 AND high
    ) AS tail
    WHERE low IS NOT NULL
    """
)


def read_regulation(db: Session, sweep_id: int) -> Regulation:
    """Of the runs that have finished. Raises NotFound."""
    sweep = require_sweep(db, sweep_id)
    arms = db.scalars(select(Arm).where(Arm.sweep_id == sweep_id).order_by(Arm.position)).all()
    shaped = [arm.name for arm in arms if arm.method["method"] == "entropy_shaped"]
    return describe(shaped, sweep.baseline, read_courses(db, sweep_id, [*shaped, sweep.baseline]))


def read_courses(db: Session, sweep_id: int, names: list[str]) -> list[Course]:
    rows = db.execute(
        select(Arm.name, Run.id)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(Arm.sweep_id == sweep_id, Arm.name.in_(names), Run.status == RunStatus.SUCCEEDED)
        .order_by(Arm.position, Run.seed)
    ).all()
    ends: defaultdict[int, dict[str, tuple[float | None, float | None]]] = defaultdict(dict)
    asked = {"run_ids": [row.id for row in rows], "names": list(METRICS)}
    for row in db.execute(ENDS, asked):
        ends[row.run_id][row.name] = (row.first, row.last)
    return [Course(row.name, ends[row.id]) for row in rows]
