"""What submitting a sweep would do, without doing it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.measurements import measure_runs
from db.models import Run
from domain.catalogue import Finder, ModelCard, TaskCard, find_shipped
from domain.estimates import estimate_device_time
from domain.lifecycle import REPEATABLE, RunStatus
from domain.methods import Method
from domain.runs import EvalSettings, TrainSettings, content_hash
from domain.sweeps import Plan, PlannedRun, SweepSpec, expand


@dataclass(frozen=True)
class PreviewArm:
    name: str
    template: str
    method: Method
    train: TrainSettings | None
    runs: int


@dataclass(frozen=True)
class ExistingRun:
    arm: str
    seed: int
    run_id: int
    status: RunStatus


@dataclass(frozen=True)
class Preview:
    name: str
    model: ModelCard
    task: TaskCard
    eval: EvalSettings
    baseline: str
    arms: list[PreviewArm]
    runs: int
    new_runs: int
    queued_again: int
    existing: list[ExistingRun]
    device_seconds: float | None
    estimate_basis: str


def preview(db: Session, spec: SweepSpec, find: Finder = find_shipped) -> Preview:
    """Raises Invalid like a submission would."""
    return describe(db, spec, expand(spec, find))


def describe(db: Session, spec: SweepSpec, plan: Plan) -> Preview:
    """What queueing the runs of a plan, or of a part of it, would do."""
    cells = match_cells(db, plan.runs)
    existing = [run for _, run in cells if run]
    again = [run for run in existing if run.status in REPEATABLE]
    work = [planned.spec for planned, run in cells if not run or run.status in REPEATABLE]
    time = estimate_device_time(work, measure_runs(db, spec.model, spec.task))
    runs = Counter(planned.arm for planned in plan.runs)
    return Preview(
        name=spec.name,
        model=plan.model,
        task=plan.task,
        eval=plan.eval,
        baseline=plan.baseline,
        arms=[
            PreviewArm(arm.name, arm.template, arm.method, arm.train, runs[arm.name])
            for arm in plan.arms
        ],
        runs=len(plan.runs),
        new_runs=len(plan.runs) - len(existing),
        queued_again=len(again),
        existing=existing,
        device_seconds=time.seconds,
        estimate_basis=time.basis,
    )


def match_cells(
    db: Session, planned: Sequence[PlannedRun]
) -> list[tuple[PlannedRun, ExistingRun | None]]:
    """Every cell of the plan with the run that it is already, if there is one."""
    hashes = [content_hash(cell.spec) for cell in planned]
    rows = db.execute(
        select(Run.content_hash, Run.id, Run.status).where(Run.content_hash.in_(hashes))
    )
    found = {key: (run_id, RunStatus(status)) for key, run_id, status in rows}
    return [
        (cell, ExistingRun(cell.arm, cell.spec.seed, *found[key]) if key in found else None)
        for cell, key in zip(planned, hashes, strict=True)
    ]
