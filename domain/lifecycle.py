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
    CRASHED = "crashed"
    KILLED = "killed"
    LOST = "lost"


class ExitCode(IntEnum):
    """The trainer's exit contract. 64..78 but 75 are the user's to mend and are never retried."""

    DONE = 0
    BAD_SPEC = 64
    BAD_DATA = 65
    OUT_OF_MEMORY = 71
    DRAINED = 75


RETRYABLE = frozenset({FailureClass.CRASHED, FailureClass.KILLED, FailureClass.LOST})


def classify_exit(code: int) -> FailureClass | None:
    """What went wrong, from an exit status (negative: the signal that killed it), if anything.

    `DRAINED` is no failure and must be told apart before asking.
    """
    if code == ExitCode.DONE:
        return None
    if code == ExitCode.BAD_DATA:
        return FailureClass.BAD_DATA
    if code == ExitCode.OUT_OF_MEMORY:
        return FailureClass.OUT_OF_MEMORY
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
