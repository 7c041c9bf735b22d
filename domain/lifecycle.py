"""The states of a run, the moves between them, and what a trainer's exit means."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = frozenset({RunStatus.RUNNING, RunStatus.CANCELLING})
FINAL = frozenset({RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED})
UNFINISHED = (RunStatus.QUEUED, RunStatus.RUNNING)
REPEATABLE = (RunStatus.FAILED, RunStatus.CANCELLED)

MOVES: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.QUEUED: frozenset({RunStatus.RUNNING, RunStatus.CANCELLED}),
    RunStatus.RUNNING: frozenset(
        {RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.QUEUED, RunStatus.CANCELLING}
    ),
    RunStatus.CANCELLING: frozenset({RunStatus.CANCELLED}),
    RunStatus.SUCCEEDED: frozenset(),
    RunStatus.FAILED: frozenset({RunStatus.QUEUED}),
    RunStatus.CANCELLED: frozenset({RunStatus.QUEUED}),
}


def overall(statuses: Collection[RunStatus]) -> RunStatus:
    """The state of many runs in one word: what moves first, then the worst end of any."""
    unfinished = set(statuses) - FINAL
    if unfinished:
        alike = unfinished == {RunStatus.CANCELLING} or set(statuses) == {RunStatus.QUEUED}
        return unfinished.pop() if alike else RunStatus.RUNNING
    ends = (RunStatus.FAILED, RunStatus.CANCELLED)
    return next((end for end in ends if end in statuses), RunStatus.SUCCEEDED)


class FailureClass(StrEnum):
    USER_ERROR = "user_error"
    BAD_DATA = "bad_data"
    OUT_OF_MEMORY = "out_of_memory"
    DISK = "disk"
    CRASHED = "crashed"
    KILLED = "killed"
    STALLED = "stalled"
    LOST = "lost"


class ExitCode(IntEnum):
    """The trainer's exit contract. 64..78 but 74 and 75 are the user's to mend: not retried."""

    DONE = 0
    BAD_SPEC = 64
    BAD_DATA = 65
    OUT_OF_MEMORY = 71
    DISK = 74
    DRAINED = 75


TELLING = frozenset(
    {FailureClass.CRASHED, FailureClass.KILLED, FailureClass.DISK, FailureClass.STALLED}
)
"""What may be the fault of the machine: several in a row speak against a worker."""

RETRYABLE = TELLING | {FailureClass.LOST}


NAMED_EXITS: dict[int, FailureClass] = {
    ExitCode.BAD_DATA: FailureClass.BAD_DATA,
    ExitCode.OUT_OF_MEMORY: FailureClass.OUT_OF_MEMORY,
    ExitCode.DISK: FailureClass.DISK,
}


def classify_exit(code: int) -> FailureClass | None:
    """What went wrong, from an exit status (negative: the signal that killed it), if anything.

    `DRAINED` is no failure and must be told apart before asking.
    """
    if code == ExitCode.DONE:
        return None
    if named := NAMED_EXITS.get(code):
        return named
    if 64 <= code <= 78:
        return FailureClass.USER_ERROR
    return FailureClass.KILLED if code < 0 else FailureClass.CRASHED


def backoff_seconds(restarts: int, first: float = 10.0, most: float = 600.0) -> float:
    """How long a run waits before its next attempt after `restarts` infrastructure failures."""
    return float(min(first * 2.0 ** min(restarts, 20), most))


@dataclass(frozen=True)
class Retries:
    """How many infrastructure failures a run survives, and how long it waits after each."""

    budget: int = 3
    first_wait_seconds: float = 10.0

    def wait_seconds(self, restarts: int) -> float:
        return backoff_seconds(restarts, first=self.first_wait_seconds)
