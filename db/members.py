"""The runs of one sweep, as its page lists them: all of them at once, however many."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from db.listings import RunRow, sweep_runs
from db.models import Arm, ArmRun, Run, Sweep
from db.offers import still_asks
from db.sweeps import require_sweep


@dataclass(frozen=True)
class SweepReference:
    """Another sweep that still asks for a run."""

    id: int
    name: str


@dataclass(frozen=True)
class SweepRun(RunRow):
    """A run of the sweep asked about, and the numbers of the other sweeps that ask for it."""

    shared_with: list[int]


@dataclass(frozen=True)
class SweepRuns:
    """`sweeps` names the others that share runs; what happens after `cursor` is not in it yet."""

    runs: list[SweepRun]
    sweeps: list[SweepReference]
    cursor: str


def list_runs(db: Session, sweep_id: int) -> SweepRuns:
    """Every run of a sweep, arm by arm in the sweep's order, then by seed. Raises NotFound."""
    require_sweep(db, sweep_id)
    cursor = read_cursor(db)  # first: what happens meanwhile is told twice then, and never missed
    shared, names = read_shared(db, sweep_id)
    runs = [SweepRun(**vars(run), shared_with=shared[run.id]) for run in sweep_runs(db, sweep_id)]
    return SweepRuns(runs, names, cursor)


def read_cursor(db: Session) -> str:
    """The oldest transaction that is still under way: every older one has ended and can be seen."""
    return db.scalars(select(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text))).one()


def read_shared(
    db: Session, sweep_id: int
) -> tuple[defaultdict[int, list[int]], list[SweepReference]]:
    """By run, the other sweeps that still ask for it; and those sweeps, each once."""
    own_arm, own = aliased(Arm), aliased(ArmRun)
    rows = db.execute(
        select(Run.id, Sweep.id, Sweep.name)
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .join(Sweep, Sweep.id == Arm.sweep_id)
        .join(own, own.run_id == Run.id)
        .join(own_arm, own_arm.id == own.arm_id)
        .where(own_arm.sweep_id == sweep_id, Sweep.id != sweep_id, still_asks(Sweep, Run))
        .order_by(Run.id, Sweep.id)
    )
    shared: defaultdict[int, list[int]] = defaultdict(list)
    names: dict[int, str] = {}
    for run_id, number, name in rows:
        shared[run_id].append(number)
        names[number] = name
    return shared, [SweepReference(number, name) for number, name in sorted(names.items())]
