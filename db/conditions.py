"""What all runs of a sweep share, and what its names stand for."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Arm, ArmRun, Run
from db.sweeps import require_sweep
from domain.catalogue import Cards, Finder, ModelCard, TaskCard
from domain.errors import Invalid
from domain.runs import EvalSettings, ModelSettings, RunSpec, TaskSettings, TrainSettings


@dataclass(frozen=True)
class Conditions:
    """As its runs have it: the sweep's own text leaves out what defaults filled in that day.

    A card is None when it cannot be found any more, or is of another version by now.
    """

    model_name: str
    model_version: str
    task_name: str
    task_version: str
    model: ModelCard | None
    task: TaskCard | None
    task_settings: TaskSettings
    model_settings: ModelSettings
    train: TrainSettings | None
    eval: EvalSettings


def read_conditions(db: Session, sweep_id: int, find: Finder) -> Conditions:
    """Raises NotFound."""
    spec = read_spec(db, sweep_id)
    cards = look_up(spec, find)
    return Conditions(
        model_name=spec.model,
        model_version=spec.model_version,
        task_name=spec.task,
        task_version=spec.task_version,
        model=cards.model if cards and cards.model.version == spec.model_version else None,
        task=cards.task if cards and cards.task.version == spec.task_version else None,
        task_settings=spec.task_settings,
        model_settings=spec.model_settings,
        train=spec.train,
        eval=spec.eval,
    )


def read_spec(db: Session, sweep_id: int) -> RunSpec:
    """Of a run of its first trained arm, where it has one."""
    require_sweep(db, sweep_id)
    first = (
        select(Run.spec)
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep_id)
        .order_by(Arm.train.is_(None), Arm.position, ArmRun.seed)
        .limit(1)
    )
    return RunSpec.model_validate(db.scalars(first).one())


def look_up(spec: RunSpec, find: Finder) -> Cards | None:
    try:
        return find(spec.model, spec.task, spec.task_settings)
    except Invalid:
        return None
