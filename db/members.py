"""The runs of one sweep, as its page lists them: all of them at once, however many."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, aliased

from db.changes import has_changed, read_moment
from db.listings import COLUMNS, Rows, RunRow, fetch, in_sweep
from db.models import Arm, ArmRun, Run, Sweep
from db.offers import still_asks
from db.sweeps import require_sweep

FETCHED = 1000


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


def list_runs(db: Session, sweep_id: int, after: int | None = None) -> SweepRuns:
    """Every run of a sweep, arm by arm in its order, then by seed; or those that are live, and
    those that changed after an earlier cursor. Raises NotFound."""
    require_sweep(db, sweep_id)
    now = read_moment(db)  # first: what happens meanwhile is told twice then, and never missed
    known = after is not None and after <= now.next  # a larger one is of another database
    wanted = has_changed(after, now) if after is not None and known else true()
    shared, names = read_shared(db, sweep_id, wanted)
    rows = fetch(db, in_sweep(sweep_id).where(wanted).order_by(Arm.position, Run.seed))
    runs = [SweepRun(**vars(row), shared_with=shared[row.id]) for row in rows]
    return SweepRuns(runs, names, str(now.oldest))


def export(db: Session, sweep_id: int) -> Iterator[Sequence[object]]:
    """A header, then every run of the sweep with its whole error. Raises NotFound at once."""
    require_sweep(db, sweep_id)
    shared, _ = read_shared(db, sweep_id, true())
    rows = (
        select(Run.id, Arm.name, *COLUMNS[1:], Run.error)
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep_id)
        .order_by(Arm.position, Run.seed)
    )
    return with_header(db, rows.execution_options(yield_per=FETCHED), shared)


def with_header(
    db: Session, rows: Rows, shared: Mapping[int, list[int]]
) -> Iterator[Sequence[object]]:
    yield ("run", "arm", *(column.key for column in COLUMNS[1:]), "error", "also_in_sweeps")
    for row in db.execute(rows):
        cells = (cell.isoformat() if isinstance(cell, datetime) else cell for cell in row)
        yield (*cells, " ".join(map(str, shared.get(row[0], []))))


def read_shared(
    db: Session, sweep_id: int, wanted: ColumnElement[bool]
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
        .where(own_arm.sweep_id == sweep_id, Sweep.id != sweep_id)
        .where(still_asks(Sweep, Run), wanted)
        .order_by(Run.id, Sweep.id)
    )
    shared: defaultdict[int, list[int]] = defaultdict(list)
    names: dict[int, str] = {}
    for run_id, number, name in rows:
        shared[run_id].append(number)
        names[number] = name
    return shared, [SweepReference(number, name) for number, name in sorted(names.items())]
