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
    revision = read_revision(db)
    current = revision == expected_revision()
    workers = count_alive(db, alive_seconds) if current else 0
    return Readiness(revision, expected_revision(), workers)


def read_revision(db: Session) -> str | None:
    return MigrationContext.configure(db.connection()).get_current_revision()


def is_outdated(revision: str | None) -> bool:
    """Whether the schema lacks what this code needs. One that is unknown here is taken for newer.

    Migrations keep what older code asks for, so that a worker goes on while others are upgraded.
    """
    known = {script.revision for script in scripts().walk_revisions()}
    return revision is None or (revision in known and revision != expected_revision())


@lru_cache(maxsize=1)
def expected_revision() -> str | None:
    return scripts().get_current_head()


def scripts() -> ScriptDirectory:
    return ScriptDirectory(str(files("migrations")))
