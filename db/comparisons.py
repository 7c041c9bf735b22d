"""Reads what a comparison is made of, in a handful of queries whatever the sweep's size."""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Subquery, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from db.models import Arm, ArmRun, Attempt, Grade, Metric, Run
from db.sweeps import require_sweep
from domain.arms import METHOD
from domain.comparisons import Comparison, compare, lead
from domain.conclusions import Leader
from domain.lifecycle import RunStatus
from domain.results import ArmResults, GradedRun, SweepResults, against, require_alike
from domain.runs import EvalSettings, TrainSettings
from domain.stats import compared_ks

ENTROPY = "entropy/mean"
ALIKE = ("model", "model_version", "task", "task_version")


def compare_sweep(
    db: Session,
    sweep_id: int,
    k: int | None = None,
    baseline: str | None = None,
    *,
    thin: bool = False,
) -> Comparison:
    """In words at `k`; `thin` for the ks that a reader steps through.

    Raises what `read_results` does; Invalid for a k that was not evaluated.
    """
    return compare(read_results(db, sweep_id, baseline), k, thin)


def lead_sweep(db: Session, sweep_id: int) -> Leader:
    """Raises what `read_results` does."""
    return lead(read_results(db, sweep_id))


def fingerprint(db: Session, sweep_id: int) -> str:
    """Changes whenever the comparison could: with an arm, or with a run's state or attempt.

    What a succeeded run recorded never changes. A sweep of the same number in a database that was
    made or restored anew is another: it has its own time. Raises NotFound.
    """
    sweep = require_sweep(db, sweep_id)
    rows = db.execute(
        select(Arm.id, Run.id, Run.status, Run.attempt)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(Arm.sweep_id == sweep_id)
        .order_by(Arm.id, Run.id)
    )
    known = [sweep.created_at, *(tuple(row) for row in rows)]
    return hashlib.sha256(repr(known).encode()).hexdigest()


def read_results(db: Session, sweep_id: int, baseline: str | None = None) -> SweepResults:
    """Against the sweep's own baseline unless another arm is named.

    Raises NotFound; Conflict when its runs were not evaluated alike; Invalid for an arm that the
    sweep does not have.
    """
    sweep = require_sweep(db, sweep_id)
    evaluation = read_evaluation(db, sweep_id)
    statuses = read_statuses(db, sweep_id)
    graded = read_graded(db, sweep_id)
    arms = db.scalars(select(Arm).where(Arm.sweep_id == sweep_id).order_by(Arm.position))
    results = SweepResults(
        sweep_id=sweep_id,
        baseline=sweep.baseline,
        submitted_baseline=sweep.baseline,
        problems=evaluation.problems,
        samples=evaluation.samples,
        ks=tuple(compared_ks(evaluation.samples)),
        arms=tuple(as_results(arm, statuses[arm.id], graded[arm.id]) for arm in arms),
    )
    return against(results, baseline)


def read_evaluation(db: Session, sweep_id: int) -> EvalSettings:
    """What its runs were evaluated on. Raises Conflict naming what differs between them.

    As the runs have it: the sweep's own text leaves out what defaults filled in that day.
    """
    setups = db.execute(
        select(*(Run.spec[name] for name in ALIKE), Run.spec["eval"])
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep_id)
        .distinct()
    ).all()
    require_alike(
        [
            dict(zip(ALIKE, names, strict=True))
            | {f"eval.{name}": value for name, value in evaluation.items() if name != "every"}
            for *names, evaluation in setups
        ]
    )
    return EvalSettings.model_validate(setups[0][-1])


def as_results(arm: Arm, statuses: Counter[str], graded: Iterable[GradedRun]) -> ArmResults:
    return ArmResults(
        name=arm.name,
        template=arm.template,
        method=METHOD.validate_python(arm.method),
        train=TrainSettings.model_validate(arm.train) if arm.train else None,
        runs=statuses.total(),
        succeeded=statuses[RunStatus.SUCCEEDED],
        failed=statuses[RunStatus.FAILED],
        cancelled=statuses[RunStatus.CANCELLED],
        graded=tuple(graded),
    )


def read_statuses(db: Session, sweep_id: int) -> defaultdict[int, Counter[str]]:
    """For each arm, how many runs are in which state."""
    rows = db.execute(
        select(Arm.id, Run.status, func.count())
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(Arm.sweep_id == sweep_id)
        .group_by(Arm.id, Run.status)
    )
    statuses: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for arm_id, status, number in rows:
        statuses[arm_id][status] = number
    return statuses


def read_graded(db: Session, sweep_id: int) -> defaultdict[int, list[GradedRun]]:
    """For each arm its succeeded runs by seed, with the grades of their last step."""
    done = finished_runs(sweep_id)
    in_order = Grade.problem
    rows = db.execute(
        select(
            done.c.arm_id,
            done.c.seed,
            func.array_agg(aggregate_order_by(Grade.problem, in_order)),
            func.array_agg(aggregate_order_by(Grade.n, in_order)),
            func.array_agg(aggregate_order_by(Grade.c, in_order)),
            func.sum(Grade.truncated),
            func.sum(Grade.unparsable),
            done.c.entropy,
            done.c.device,
        )
        .join(Grade, (Grade.run_id == done.c.run_id) & (Grade.step == done.c.last))
        .group_by(done.c.arm_id, done.c.seed, done.c.entropy, done.c.device)
        .order_by(done.c.arm_id, done.c.seed)
    )
    graded: defaultdict[int, list[GradedRun]] = defaultdict(list)
    for row in rows:
        graded[row.arm_id].append(as_graded(row))
    return graded


def finished_runs(sweep_id: int) -> Subquery:
    """The succeeded runs of a sweep: their last graded step, last entropy and kind of device."""
    last = select(func.max(Grade.step)).where(Grade.run_id == Run.id).scalar_subquery()
    entropy = (
        select(Metric.value)
        .where(Metric.run_id == Run.id, Metric.name == ENTROPY)
        .order_by(Metric.step.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            ArmRun.arm_id,
            ArmRun.seed,
            ArmRun.run_id,
            last.label("last"),
            entropy.label("entropy"),
            func.split_part(Attempt.device, ":", 1).label("device"),
        )
        .join(Arm, Arm.id == ArmRun.arm_id)
        .join(Run, Run.id == ArmRun.run_id)
        .join(Attempt, and_(Attempt.run_id == Run.id, Attempt.number == Run.attempt))
        .where(Arm.sweep_id == sweep_id, Run.status == RunStatus.SUCCEEDED)
        .subquery()
    )


def as_graded(row: Row[*tuple[Any, ...]]) -> GradedRun:
    _, seed, problems, samples, correct, truncated, unparsable, entropy, device = row
    known = entropy is not None and math.isfinite(entropy)
    return GradedRun(
        seed=seed,
        problems=tuple(problems),
        samples=tuple(samples),
        correct=tuple(correct),
        truncated=truncated,
        unparsable=unparsable,
        entropy=entropy if known else None,
        device=device,
    )
