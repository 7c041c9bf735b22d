"""Two locks that transactions hold to their end: one for steering, one for claims.

Whoever needs both takes that of steering first, so that nobody waits in a circle.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

STEERING_LOCK = 0x464F525332
CLAIM_LOCK = 0x464F524333


def lock_steering(db: Session) -> None:
    """One submission, extension or verb of a whole sweep at a time.

    They touch many runs, shared between sweeps: in turn, they neither deadlock nor cancel a run
    that another sweep asks for at the same moment.
    """
    db.execute(select(func.pg_advisory_xact_lock(STEERING_LOCK)))


def lock_claims(db: Session) -> None:
    """One claim at a time; whoever lets less start takes it too, and is obeyed from its commit."""
    db.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))
