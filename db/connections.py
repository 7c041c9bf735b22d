"""Connections that wait only so long for an answer: one that hangs is closed, not waited for.

The server's own time-outs end a statement that takes too long, and TCP's a host that is gone. A
server that still acknowledges what it no longer reads, being stopped or swapped out, is known by
nothing but a clock of ours.
"""

from functools import partial
from time import monotonic
from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

GRACE_SECONDS = 3.0
POLL_SECONDS = 0.1

T = TypeVar("T")


class BoundedConnection(Connection[Any]):
    """Raises OperationalError after `patience` seconds without an answer, and is closed then."""

    patience: float | None = None

    def wait(
        self, gen: PQGen[T], interval: float = POLL_SECONDS, timeout: float | None = None
    ) -> T:
        bound = self.patience if timeout is None else timeout
        began = monotonic()
        try:
            return super().wait(gen, interval, bound)
        except OperationalError as error:
            if timeout is None and bound is not None and monotonic() - began >= bound:
                self.close()
                raise OperationalError(f"no answer within {bound:g} s") from error
            raise


def bound_waits(engine: Engine, statement_seconds: float) -> None:
    """Gives the server a grace beyond its own time-out for a statement."""
    patience = statement_seconds + GRACE_SECONDS
    event.listen(engine, "do_connect", partial(connect, patience))


def connect(
    patience: float, _dialect: object, _record: object, arguments: list[Any], named: dict[str, Any]
) -> BoundedConnection:
    connection = BoundedConnection.connect(*arguments, **named)
    connection.patience = patience
    return connection
