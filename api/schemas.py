"""What the API answers. Requests are domain types; these are replies only."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from domain.catalogue import ModelCard, TaskCard
from domain.errors import FieldError
from domain.failures import Advice
from domain.lifecycle import FailureClass, RunStatus
from domain.methods import Method
from domain.records import Record
from domain.runs import RunSpec, TrainSettings
from domain.steering import Resources, SweepStatus
from domain.workers import WorkerStatus

ErrorCode = Literal[
    "conflict",
    "forbidden",
    "internal",
    "invalid",
    "method_not_allowed",
    "not_found",
    "too_large",
    "too_often",
    "unauthenticated",
    "unavailable",
    "unsupported_media_type",
]


class Reply(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ErrorReply(Reply):
    """Every error: a code for programs, a sentence for people, the wrong fields."""

    code: ErrorCode
    message: str
    errors: list[FieldError] = []


class Health(Reply):
    status: Literal["ok"]


class Readiness(Reply):
    """Said only when the database answers and has the schema this code expects."""

    schema_current: bool
    workers: int


class Example(Reply):
    """A sweep to start from, as YAML text, and what it takes: `estimated`, or measured by us."""

    name: str
    yaml: str
    question: str
    model: str
    task: str
    device: str
    time: str
    estimated: bool


class Catalogue(Reply):
    """`families` and `folders` are further names of tasks, `model_folders` of models.

    A preview knows their cards. `lexicons` are the word lists that an analysis may name.
    """

    models: list[ModelCard]
    tasks: list[TaskCard]
    families: list[str]
    folders: list[str]
    model_folders: list[str]
    lexicons: list[str]
    examples: list[Example]


class Progress(Reply):
    """Runs of a sweep by state. `eta_seconds` is None until one like those left has finished: a
    trained one where training is left."""

    total: int
    queued: int
    running: int
    cancelling: int
    succeeded: int
    failed: int
    cancelled: int
    eta_seconds: float | None
    device_seconds: float


class Confirms(Reply):
    """The sweep, and its arm, that a sweep confirms."""

    sweep_id: int
    name: str
    arm: str


class Confirmation(Confirms):
    """A sweep that confirms an arm of the one asked about, and the state of its runs in a word."""

    status: RunStatus


class SweepSummary(Reply):
    id: int
    name: str
    owner: str
    model: str
    task: str
    created_at: datetime
    arms: int
    seeds: int
    cancelled_at: datetime | None
    paused_at: datetime | None
    drained_at: datetime | None
    archived_at: datetime | None
    priority: int
    max_running: int | None
    resources: Resources
    status: SweepStatus
    confirms: Confirms | None
    progress: Progress


class RunSummary(Reply):
    """A run as lists show it. `arm` is its arm in the sweep asked about, else the first it has.

    An analysis looks at the weights that the arm's run has after `analysed_step`.
    """

    id: int
    sweep_id: int
    arm: str
    analysed_step: int | None = None
    seed: int
    status: RunStatus
    attempt: int
    restarts: int
    step: int
    total_steps: int
    phase: str
    failure: FailureClass | None
    error: str | None
    worker: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class SweepArm(Reply):
    """`shared` counts the runs that another sweep asked for as well."""

    name: str
    template: str
    method: Method
    train: TrainSettings | None
    is_baseline: bool
    shared: int


class AskingSweep(Reply):
    """Another sweep that still asks for a run."""

    id: int
    name: str


class SweepRun(RunSummary):
    """A run of the sweep asked about, and the numbers of the other sweeps that ask for it."""

    shared_with: list[int]


class SweepRuns(Reply):
    """`sweeps` names the others that share runs; events after `cursor` tell how it goes on."""

    runs: list[SweepRun]
    sweeps: list[AskingSweep]
    cursor: str


class SweepDetail(SweepSummary):
    """`spec` is the sweep as it was written; the OpenAPI description says so."""

    question: str
    baseline: str
    spec: dict[str, JsonValue]
    arms_list: list[SweepArm]
    confirmations: list[Confirmation]


class SweepPage(Reply):
    sweeps: list[SweepSummary]
    total: int


class RunPage(Reply):
    runs: list[RunSummary]
    total: int


class Attempt(Reply):
    """One execution of a run by one worker; `recorded` if it left what it takes to repeat it."""

    number: int
    worker: str
    device: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    exit_code: int | None
    reason: str | None
    versions: dict[str, str] | None
    recorded: bool


class Transition(Reply):
    at: datetime
    old: RunStatus | None
    new: RunStatus
    attempt: int
    actor: str
    reason: str


class SweepReference(AskingSweep):
    arm: str


class AttemptRecord(Reply):
    """What it takes to repeat a run as one attempt found it; `command` does, from its beginning."""

    run_id: int
    attempt: int
    command: str
    record: Record


class RunDetail(RunSummary):
    """`failure_advice` and `last_lines`, the end of the failed attempt's log, are of `failure`.

    A retry goes on from `checkpoint_step`, which is 0 when there is no checkpoint.
    """

    failure_advice: Advice | None
    last_lines: str
    content_hash: str
    spec: RunSpec
    checkpoint_step: int
    sweeps: list[SweepReference]
    attempts: list[Attempt]
    transitions: list[Transition]


class LogTail(Reply):
    """The last lines of an attempt's log, control characters removed."""

    attempt: int
    text: str


class WorkerReply(Reply):
    """A worker and what it serves: `memory_gb` (10^9 bytes) is of each of its `devices`.

    It takes no runs while it is drained, by somebody, or parked, by itself for `parked_reason`; and
    none that needs a later version of runs than it `understands`.
    """

    name: str
    host: str
    device: str
    device_kind: str
    devices: int
    device_name: str | None
    memory_gb: float | None
    version: str | None
    understands: int
    status: WorkerStatus
    alive: bool
    run_id: int | None
    started_at: datetime
    seen_at: datetime
    draining_at: datetime | None
    parked_at: datetime | None
    parked_reason: str | None
