"""What a database server says of itself, for whoever examines an installation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.readiness import expected_revision, read_revision

ASKED = text(
    """
    SELECT current_setting('server_version') AS version, clock_timestamp() AS now,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
        CAST(current_setting('max_connections') AS int) AS connections
    """
)


@dataclass(frozen=True)
class DatabaseServer:
    """`revision` is of its schema, `expected` the one that this code has; `now` is its clock."""

    version: str
    now: datetime
    used: int
    connections: int
    revision: str | None
    expected: str | None

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def read_server(db: Session) -> DatabaseServer:
    row = db.execute(ASKED).mappings().one()
    return DatabaseServer(**row, revision=read_revision(db), expected=expected_revision())
