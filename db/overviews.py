"""The list of sweeps: found by a word, sorted by a column, a page at a time."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Arm, ArmRun, Run, Sweep
from db.sweeps import SweepSummary, read_summaries
from domain.lifecycle import FINAL

# fmt: off
SweepSort = Literal[
    "created", "-created", "name", "-name", "owner", "-owner",
    "arms", "-arms", "seeds", "-seeds", "done", "-done",
]
# fmt: on
"""A column of the list; with a minus the largest, or the last of the alphabet, comes first."""


@dataclass(frozen=True)
class WantedSweeps:
    """`search` is part of a name, an owner, a model or a task."""

    search: str = ""
    archived: bool = False
    sort: SweepSort = "-created"
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True)
class SweepPage:
    sweeps: list[SweepSummary]
    total: int


def list_sweeps(db: Session, wanted: WantedSweeps, alive_seconds: float) -> SweepPage:
    """Those that are archived, or the others. Of equals the newest comes first."""
    shown = and_(matches(wanted.search), Sweep.archived_at.is_not(None) == wanted.archived)
    total = db.scalar(select(func.count()).select_from(Sweep).where(shown)) or 0
    key = COLUMNS[wanted.sort.removeprefix("-")]
    order = key.desc() if wanted.sort.startswith("-") else key.asc()
    page = select(Sweep.id).where(shown).order_by(order, Sweep.id.desc())
    sweep_ids = db.scalars(page.limit(wanted.limit).offset(wanted.offset)).all()
    return SweepPage(read_summaries(db, sweep_ids, alive_seconds), total)


def matches(search: str) -> ColumnElement[bool]:
    texts = (Sweep.name, Sweep.owner, Sweep.spec["model"].astext, Sweep.spec["task"].astext)
    return or_(*(text.icontains(search, autoescape=True) for text in texts))


def count_arms() -> ColumnElement[int]:
    return select(func.count()).where(Arm.sweep_id == Sweep.id).scalar_subquery()


def share_done() -> ColumnElement[Any]:
    """Of a sweep's runs, those that have ended, however they did."""
    return (
        select(func.avg(case((Run.status.in_(FINAL), 1.0), else_=0.0)))
        .join(ArmRun, ArmRun.run_id == Run.id)
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == Sweep.id)
        .scalar_subquery()
    )


COLUMNS: dict[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "created": Sweep.id,
    "name": func.lower(Sweep.name),
    "owner": func.lower(Sweep.owner),
    "arms": count_arms(),
    "seeds": func.jsonb_array_length(Sweep.spec["seeds"]),
    "done": share_done(),
}
