"""What steers a sweep: its priority, limit and demands, its state in a word, why a run waits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from domain.lifecycle import FINAL, RunStatus, overall
from domain.schemas import Strict

Priority = Annotated[int, Field(ge=-100, le=100)]
Limit = Annotated[int, Field(ge=1, le=10_000)]
LONGEST_REASON = 500
MOST_RUNS = 10_000


class Resources(Strict):
    """What a worker must have to run a sweep's runs; `memory_gb` is of each device."""

    device: Literal["any", "cpu", "cuda"] = "any"
    memory_gb: Annotated[float, Field(ge=0, le=100_000)] = 0

    @property
    def device_kind(self) -> str | None:
        return None if self.device == "any" else self.device


def demand(device_kind: str | None, memory_gb: float) -> Resources:
    """As the database keeps it."""
    return Resources.model_validate({"device": device_kind or "any", "memory_gb": memory_gb})


class SweepPriority(Strict):
    """How urgent a sweep is; 0 unless it was said."""

    priority: Priority


class SweepLimit(Strict):
    """How many of a sweep's runs may run at once; null lifts the limit."""

    max_running: Limit | None


class QueuePriority(Strict):
    """Where a queued run stands among its sweep's: higher first; `first` and `last` of all."""

    priority: Priority | Literal["first", "last"]


class RunsRequest(Strict):
    """Runs that the same is done to, and why; a number given twice counts once."""

    ids: Annotated[
        list[Annotated[int, Field(ge=1, le=2**63 - 1)]], Field(min_length=1, max_length=MOST_RUNS)
    ]
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""


class CloneRequest(Strict):
    """The name of the new sweep; by default that of the old one, marked as a copy."""

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class SweepStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DRAINING = "draining"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


def name_status(runs: Collection[RunStatus], paused: bool, drained: bool) -> SweepStatus:
    """A sweep's state in a word; while some of its runs are unfinished, how it was steered."""
    if paused and RunStatus.QUEUED in runs:
        return SweepStatus.PAUSED
    if drained and set(runs) - FINAL:
        return SweepStatus.DRAINING
    return SweepStatus(overall(runs))


@dataclass(frozen=True)
class AskingSweep:
    """A sweep that has a queued run, as far as it decides whether the run may start."""

    id: int
    paused: bool
    withdrawn: bool
    max_running: int | None
    live: int
    resources: Resources

    @property
    def is_full(self) -> bool:
        return self.max_running is not None and self.live >= self.max_running


@dataclass(frozen=True)
class KnownWorker:
    """A living worker that takes runs; `memory_gb` is None where it is not known."""

    device_kind: str
    devices: int
    memory_gb: float | None
    understands: int


@dataclass(frozen=True)
class WaitingRun:
    """A queued run. `unread` says why a worker could not read it; `needs` is of domain/needs.py."""

    due_at: datetime
    unread: str | None
    devices: int
    needs: int


def fits(worker: KnownWorker, devices: int, resources: Resources) -> bool:
    """With what it understands, the twin in words of what `db/offers.py` asks of a worker."""
    return (
        worker.devices >= devices
        and resources.device_kind in (None, worker.device_kind)
        and (worker.memory_gb or 0) >= resources.memory_gb
    )


def explain_wait(
    run: WaitingRun,
    now: datetime,
    sweeps: Collection[AskingSweep],
    workers: Collection[KnownWorker],
) -> str:
    """Why a queued run has not started, in the words of whoever waits for it."""
    asking = [sweep for sweep in sweeps if not sweep.withdrawn]
    if not asking:
        return "no sweep asks for it any more; retry it or its sweep to start it, or cancel it"
    if run.due_at > now:
        why = run.unread or "it waits after a failure"
        return f"due later, at {run.due_at.isoformat(timespec='seconds')}: {why}"
    open_ = [sweep for sweep in asking if not explain_hold(sweep)]
    if not open_:
        return "; ".join(explain_hold(sweep) for sweep in asking)
    return explain_workers(run, open_, workers)


def explain_hold(sweep: AskingSweep) -> str:
    if sweep.paused:
        return f"sweep {sweep.id} is paused"
    if sweep.is_full:
        return f"sweep {sweep.id} has reached its limit of {sweep.max_running} running"
    return ""


def explain_workers(
    run: WaitingRun, sweeps: Collection[AskingSweep], workers: Collection[KnownWorker]
) -> str:
    if not workers:
        return "no worker takes runs: none is alive, or all are draining or parked"
    demands = [sweep.resources for sweep in sweeps]
    able = [one for one in workers if any(fits(one, run.devices, wanted) for wanted in demands)]
    if not able:
        wants = {describe_demand(run.devices, wanted) for wanted in demands}
        return f"no worker fits: needs {' or '.join(sorted(wants))}"
    if run.needs > max(worker.understands for worker in able):
        return f"no worker that fits understands version {run.needs} of runs; update the workers"
    return "waits for a worker to be free"


def describe_demand(devices: int, resources: Resources) -> str:
    """`2 cuda devices with 24 GB each`."""
    kind = "" if resources.device == "any" else f"{resources.device} "
    what = f"a {kind}device" if devices == 1 else f"{devices} {kind}devices"
    each = " each" if devices > 1 else ""
    return what + (f" with {resources.memory_gb:g} GB{each}" if resources.memory_gb else "")


def explain_no_cancel(run_id: int, status: RunStatus) -> str:
    """Why a run cannot be cancelled; empty when it can, or was."""
    if status in (RunStatus.SUCCEEDED, RunStatus.FAILED):
        return f"run {run_id} has {status}; only queued and running runs can be cancelled"
    return ""


def explain_no_retry(run_id: int, status: RunStatus) -> str:
    """Why a run cannot be retried; empty when it can, or was."""
    if status in (RunStatus.SUCCEEDED, RunStatus.CANCELLING):
        return f"run {run_id} is {status}; only failed and cancelled runs can be retried"
    return ""


def explain_archived(run_id: int, sweep_id: int) -> str:
    return f"run {run_id} is of sweep {sweep_id}, which is archived; unarchive it first"


def count_words(counts: Mapping[RunStatus, int]) -> str:
    """`2 queued and 1 running`."""
    return " and ".join(f"{number} {status}" for status, number in counts.items() if number)
