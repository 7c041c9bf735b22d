"""Who did what, when and why: the audit log of everything that is not a run's transition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Action

Subject = Literal["sweep", "run", "worker", "key", "webhook"]


@dataclass(frozen=True)
class ActionPage:
    actions: Sequence[Action]
    total: int


def record(
    db: Session, actor: str, action: str, subject: Subject, subject_id: str | int, reason: str = ""
) -> None:
    """Says that somebody did this, in the transaction that does it."""
    row = Action(
        actor=actor, action=action, subject=subject, subject_id=str(subject_id), reason=reason
    )
    db.add(row)


def list_actions(
    db: Session, subject: Subject, subject_id: str | int, limit: int, offset: int
) -> ActionPage:
    """What was done to one subject, newest first."""
    about = (Action.subject == subject, Action.subject_id == str(subject_id))
    total = db.scalar(select(func.count()).select_from(Action).where(*about)) or 0
    page = select(Action).where(*about).order_by(Action.id.desc()).limit(limit).offset(offset)
    return ActionPage(db.scalars(page).all(), total)
