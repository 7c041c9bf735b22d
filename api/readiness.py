"""Whether this process could serve its users now."""

from sqlalchemy.orm import Session

from api.errors import Unavailable
from db.readiness import Readiness, read_readiness


def require_ready(db: Session, alive_seconds: float) -> Readiness:
    """Raises Unavailable, saying what to do, when the schema is not the one this code expects."""
    readiness = read_readiness(db, alive_seconds)
    if not readiness.schema_current:
        raise Unavailable(
            f"the database schema is at {readiness.revision or 'nothing'}, this code expects "
            f"{readiness.expected}; run `alembic upgrade head`"
        )
    return readiness
