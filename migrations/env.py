"""Runs migrations against FORKPOINT_DATABASE_URL, or the URL given with `alembic -x url=...`."""

import os

from alembic import context
from sqlalchemy import NullPool, create_engine, text

from db import models, outsiders, probes

TABLES = models.Table.metadata
MODULES = (models, outsiders, probes)  # each adds its tables when it is imported
LOCK = 0x464F524B  # one migration at a time, whoever starts it


def database_url() -> str:
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ.get(
        "FORKPOINT_DATABASE_URL"
    )
    if not url:
        raise SystemExit("set FORKPOINT_DATABASE_URL, or pass -x url=postgresql+psycopg://...")
    return url


def migrate() -> None:
    engine = create_engine(
        database_url(), poolclass=NullPool, connect_args={"options": "-c statement_timeout=600000"}
    )
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SET lock_timeout = 5000"))  # from here on: tables are in use
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=TABLES,
            compare_type=True,
            compare_server_default=True,
            include_name=lambda name, kind, _: not (kind == "table" and is_partition(name)),
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


def is_partition(name: str | None) -> bool:
    return name is not None and name.startswith("metrics_p")


migrate()
