"""Whole databases on a server of one's own: is one empty, and put a restored one in its place."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.orm import Session

from db.readiness import read_revision, scripts

MAINTENANCE = "postgres"


@contextmanager
def opened(url: str, database: str | None = None) -> Iterator[Engine]:
    """Statements here are committed one by one: databases cannot be made inside a transaction."""
    place = make_url(url) if database is None else make_url(url).set(database=database)
    engine = create_engine(place, isolation_level="AUTOCOMMIT")
    try:
        yield engine
    finally:
        engine.dispose()


def is_empty(url: str) -> bool:
    with opened(url) as engine:
        return not inspect(engine).get_table_names()


def is_readable(url: str) -> bool:
    """Whether this version knows the schema: one of a newer version it cannot even upgrade."""
    with opened(url) as engine, Session(engine) as db:
        revision = read_revision(db)
    return revision in {script.revision for script in scripts().walk_revisions()}


def create(url: str, name: str) -> None:
    """An empty database beside that of the URL; what an interrupted restore left is dropped."""
    with opened(url, MAINTENANCE) as engine, engine.connect() as connection:
        drop(connection, name)
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))


def discard(url: str, name: str) -> None:
    with opened(url, MAINTENANCE) as engine, engine.connect() as connection:
        drop(connection, name)


def put_in_place(url: str, name: str) -> None:
    """Makes that database the one of the URL, whole or not at all, and drops the one it was."""
    current = str(make_url(url).database)
    with opened(url, name) as engine, engine.connect() as connection:
        connection.execute(text("ANALYZE"))
    with opened(url, MAINTENANCE) as engine, engine.connect() as connection:
        renamed = f'ALTER DATABASE "{current}" RENAME TO "{current}_before"'
        drop(connection, f"{current}_before")
        with engine.connect().execution_options(isolation_level="READ COMMITTED") as both:
            both.execute(text(renamed))
            both.execute(text(f'ALTER DATABASE "{name}" RENAME TO "{current}"'))
            both.commit()
        drop(connection, f"{current}_before")


def drop(connection: Connection, name: str) -> None:
    connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
