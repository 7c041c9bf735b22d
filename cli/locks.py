"""One stack for one data folder: a lock that the kernel drops whenever its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.errors import StackError


def find_holder(folder: Path) -> str | None:
    """The process that has the folder's lock, None while nobody has."""
    try:
        with (folder / "lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return (folder / "lock").read_text().strip() or "unknown"
    except OSError:
        return None
    return None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds `folder`'s lock. Raises StackError naming the process that has it."""
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise StackError(
                f"{folder} is in use by another `forkpoint up` (process {holder}); stop that one, "
                "or choose another folder with --data"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
