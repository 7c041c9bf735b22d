"""Engines: how much of the server a program of ours may take, and for how long."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.sessions import open_engine, transaction


def test_no_more_connections_are_opened_than_were_granted(database_url: str) -> None:
    engine = open_engine(database_url, statement_seconds=0.2, pool_size=2)
    with engine.connect(), engine.connect(), pytest.raises(PoolTimeout):
        engine.connect()
    engine.dispose()


def test_a_forgotten_transaction_is_ended_by_the_server(database_url: str) -> None:
    engine = open_engine(database_url)
    with transaction(engine) as db:
        assert db.scalar(text("SHOW idle_in_transaction_session_timeout")) == "10min"
    engine.dispose()
