"""Engines and sessions, with time-outs so that a hung server never hangs a program for ever."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from db.connections import bound_waits

CONNECT_SECONDS = 5
IDLE_SECONDS = 600  # a transaction that a program forgot keeps its locks no longer

# What a database that is away, overloaded or restarting looks like. Wrong data is not among them.
OUTAGES = (OperationalError, InterfaceError)

# For UPDATE ... RETURNING: answer the row as the database has it, whatever the session remembers.
RELOAD = {"synchronize_session": False, "populate_existing": True}


def open_engine(url: str, statement_seconds: float = 30.0, pool_size: int = 10) -> Engine:
    """An engine for a `postgresql+psycopg://` URL; nothing connects until it is used.

    It opens `pool_size` connections at most; who needs one more waits for `statement_seconds`.
    """
    bounds = {
        "statement_timeout": int(statement_seconds * 1000),
        "lock_timeout": 10_000,
        "idle_in_transaction_session_timeout": IDLE_SECONDS * 1000,
    }
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=statement_seconds,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": " ".join(f"-c {name}={ms}" for name, ms in bounds.items()),
            "application_name": "forkpoint",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": int(statement_seconds * 1000),
        },
    )
    bound_waits(engine, statement_seconds)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed at the end, or rolled back whole."""
    with Session(engine) as session, session.begin():
        yield session
