"""Two transactions that overlap: the second begins while the first has done its work, uncommitted.

The first is committed as soon as the second has ended or waits for a lock. Nothing depends on time.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.sessions import transaction
from domain.errors import DomainError

PATIENCE = 20.0
BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
)

One = TypeVar("One")
Two = TypeVar("Two")
Work = Callable[[Session], Two]


def overlap(engine: Engine, first: Work[One], second: Work[Two]) -> tuple[One, Two | Exception]:
    """What each answered; of the second also the refusal, if that is how it ended."""
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as db:
            one = first(db)
            db.flush()
            begun = pool.submit(attempt, engine, second)
            wait_until_settled(engine, begun)
        return one, begun.result(PATIENCE)


def attempt(engine: Engine, work: Work[Two]) -> Two | Exception:
    try:
        with transaction(engine) as db:
            return work(db)
    except (DomainError, DBAPIError) as error:
        return error


def wait_until_settled(engine: Engine, begun: "Future[Two | Exception]") -> None:
    deadline = time.monotonic() + PATIENCE
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not begun.done() and not connection.scalar(BLOCKED):
            assert time.monotonic() < deadline, "the second neither ended nor waits"
            time.sleep(0.002)
