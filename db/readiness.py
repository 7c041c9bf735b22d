"""Whether the database has the schema that this code expects."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from db.workers import count_alive


@dataclass(frozen=True)
class Readiness:
    """`revision` is what the database has; None for one that was never migrated."""

    revision: str | None
    expected: str | None
    workers: int

    @property
    def schema_current(self) -> bool:
        return self.revision == self.expected


def read_readiness(db: Session, alive_seconds: float) -> Readiness:
    revision = MigrationContext.configure(db.connection()).get_current_revision()
    current = revision == expected_revision()
    workers = count_alive(db, alive_seconds) if current else 0
    return Readiness(revision, expected_revision(), workers)


@lru_cache(maxsize=1)
def expected_revision() -> str | None:
    return ScriptDirectory(str(files("migrations"))).get_current_head()
