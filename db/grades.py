"""Grades: how many of n samples were correct, problem by problem."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.histories import require_run
from db.models import Arm, ArmRun, Grade
from db.sweeps import require_sweep

HEADER = ("arm", "seed", "step", "problem", "n", "c")
FETCHED = 2000


@dataclass(frozen=True)
class GradePage:
    """`step` is the one shown; None when nothing was graded. `steps` are all that were."""

    steps: list[int]
    step: int | None
    grades: list[Grade]


def read(db: Session, run_id: int, step: int | None) -> GradePage:
    """The grades at a step, by default the last. Raises NotFound."""
    require_run(db, run_id)
    graded = select(Grade.step).where(Grade.run_id == run_id).distinct().order_by(Grade.step)
    steps = list(db.scalars(graded))
    shown = step if step is not None else max(steps, default=None)
    at_step = select(Grade).where(Grade.run_id == run_id, Grade.step == shown)
    return GradePage(steps, shown, list(db.scalars(at_step.order_by(Grade.problem))))


def export(db: Session, sweep_id: int) -> Iterator[Sequence[object]]:
    """A header, then every grade of every run of the sweep. Raises NotFound at once."""
    require_sweep(db, sweep_id)
    rows = (
        select(Arm.name, ArmRun.seed, Grade.step, Grade.problem, Grade.n, Grade.c)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Grade, Grade.run_id == ArmRun.run_id)
        .where(Arm.sweep_id == sweep_id)
        .order_by(Arm.position, ArmRun.seed, Grade.step, Grade.problem)
    )
    return with_header(db, rows.execution_options(yield_per=FETCHED))


def with_header(
    db: Session, rows: Select[str, int, int, int, int, int]
) -> Iterator[Sequence[object]]:
    yield HEADER
    yield from db.execute(rows)
