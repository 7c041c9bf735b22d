"""A service of a measurement's own: database, broker and API, without workers."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.stack import Plan, Stack


@contextmanager
def serve() -> Iterator[Stack]:
    """One with a new data folder, which is gone at the end with everything in it."""
    with tempfile.TemporaryDirectory(prefix="forkpoint-") as folder:
        stack = Stack(Plan(Path(folder), "127.0.0.1", None, [], None, None), lambda _: None)
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()
