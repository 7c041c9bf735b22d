"""What may start, and where: which sweeps let a queued run start, and which workers fit it."""

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_, select

from db.asking import asked
from db.models import Run, Sweep, Worker
from domain.lifecycle import LIVE, RunStatus


def count_live() -> CTE:
    """How many runs of each sweep run now; a sweep without any has no row."""
    live = asked(Run.status.in_(LIVE))
    return (
        select(live.c.sweep_id, func.count().label("live"))
        .group_by(live.c.sweep_id)
        .cte("live_runs")
        .prefix_with("MATERIALIZED")
    )


def open_sweeps() -> CTE:
    """The sweeps that let another run start. Materialised: one look for all runs of a statement."""
    counts = count_live()
    live = func.coalesce(counts.c.live, 0)
    return (
        select(
            Sweep.id,
            Sweep.priority,
            Sweep.device_kind,
            Sweep.memory_gb,
            Sweep.drained_at,
            live.label("live"),
        )
        .outerjoin(counts, counts.c.sweep_id == Sweep.id)
        .where(
            Sweep.cancelled_at.is_(None),
            Sweep.archived_at.is_(None),
            Sweep.paused_at.is_(None),
            or_(Sweep.max_running.is_(None), live < Sweep.max_running),
        )
        .cte("open_sweeps")
        .prefix_with("MATERIALIZED")
    )


def offers(sweeps: CTE) -> Select[int]:
    """The due runs, once for each sweep that lets them start."""
    due = (Run.status == RunStatus.QUEUED, Run.due_at <= func.statement_timestamp())
    wanted, wish = or_(sweeps.c.drained_at.is_(None), has_begun()), asked(*due)
    return (
        select(Run.id)
        .join(wish, wish.c.run_id == Run.id)
        .join(sweeps, and_(sweeps.c.id == wish.c.sweep_id, wanted))
        .where(*due)
    )


def has_begun(run: type[Run] = Run) -> ColumnElement[bool]:
    """A queued run that an attempt has begun and not ended: a drained sweep still finishes it."""
    return run.started_at.is_not(None)


def still_asks(sweep: type[Sweep], run: type[Run]) -> ColumnElement[bool]:
    """Whether a sweep wants its run: then what is done to other sweeps leaves the run alone."""
    return and_(
        sweep.cancelled_at.is_(None),
        sweep.archived_at.is_(None),
        or_(sweep.drained_at.is_(None), has_begun(run)),
    )


def fits(sweeps: CTE) -> ColumnElement[bool]:
    """Whether a worker understands the run, and serves what it and the sweep demand.

    Unknown memory is none.
    """
    return and_(
        Worker.understands >= Run.needs,
        Worker.devices >= Run.devices,
        or_(sweeps.c.device_kind.is_(None), sweeps.c.device_kind == Worker.device_kind),
        func.coalesce(Worker.memory_gb, 0) >= sweeps.c.memory_gb,
    )


def is_willing() -> ColumnElement[bool]:
    """Whether a worker takes runs: neither draining nor parked."""
    return and_(Worker.draining_at.is_(None), Worker.parked_at.is_(None))
