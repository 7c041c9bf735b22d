"""The states of a worker, in one word each."""

from enum import StrEnum


class WorkerStatus(StrEnum):
    """A draining worker hands back the run it holds; a drained or parked one takes none."""

    WORKING = "working"
    IDLE = "idle"
    DRAINING = "draining"
    DRAINED = "drained"
    PARKED = "parked"
    SILENT = "silent"


def describe(alive: bool, busy: bool, draining: bool, parked: bool) -> WorkerStatus:
    """What matters most of a worker: whether it lives, then whether it takes runs."""
    if not alive:
        return WorkerStatus.SILENT
    if parked:
        return WorkerStatus.PARKED
    if draining:
        return WorkerStatus.DRAINING if busy else WorkerStatus.DRAINED
    return WorkerStatus.WORKING if busy else WorkerStatus.IDLE
