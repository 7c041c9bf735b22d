"""The parts of the API's replies that the command line shows; unknown fields are ignored."""

from datetime import datetime

from pydantic import BaseModel

from domain.access import Role
from domain.errors import FieldError
from domain.failures import Advice
from domain.lifecycle import FailureClass, RunStatus
from domain.records import Record
from domain.steering import SweepStatus
from domain.workers import WorkerStatus


class ErrorReply(BaseModel):
    message: str
    errors: list[FieldError] = []


class Key(BaseModel):
    id: str
    name: str
    role: Role
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


class NewKey(Key):
    key: str


class SignInLink(BaseModel):
    path: str


class ExistingRun(BaseModel):
    arm: str
    seed: int
    run_id: int
    status: RunStatus


class PreviewArm(BaseModel):
    name: str
    runs: int


class Preview(BaseModel):
    name: str
    baseline: str
    arms: list[PreviewArm]
    runs: int
    new_runs: int
    queued_again: int
    existing: list[ExistingRun]
    device_seconds: float | None
    estimate_basis: str


class ConfirmationPreview(Preview):
    """`sweep_id` is the sweep that confirms this already, if there is one."""

    question: str
    seeds: list[int]
    problems: int
    samples: int
    sweep_id: int | None


class Progress(BaseModel):
    total: int
    queued: int
    running: int
    cancelling: int
    succeeded: int
    failed: int
    cancelled: int
    eta_seconds: float | None

    @property
    def finished(self) -> int:
        return self.succeeded + self.failed + self.cancelled

    @property
    def done(self) -> bool:
        return self.finished == self.total


class RunSummary(BaseModel):
    id: int
    sweep_id: int
    arm: str
    seed: int
    status: RunStatus
    attempt: int
    step: int
    total_steps: int
    phase: str
    failure: FailureClass | None
    error: str | None
    worker: str | None


class RunPage(BaseModel):
    runs: list[RunSummary]
    total: int


class SweepRuns(BaseModel):
    """`cursor` stands for now: asked for what came after it, the server answers what changed."""

    runs: list[RunSummary]
    cursor: str


class SweepSummary(BaseModel):
    id: int
    name: str
    model: str
    task: str
    created_at: datetime
    arms: int
    seeds: int
    status: SweepStatus
    archived_at: datetime | None
    progress: Progress


class Extension(Preview):
    note: str


class Action(BaseModel):
    at: datetime
    actor: str
    action: str
    reason: str


class ActionPage(BaseModel):
    actions: list[Action]


class QueuedRun(BaseModel):
    run_id: int
    sweep_id: int
    sweep_name: str
    arm: str
    seed: int
    analysed_step: int | None = None
    sweep_priority: int
    priority: int
    waits: str


class QueuePage(BaseModel):
    runs: list[QueuedRun]
    total: int


class SweepPage(BaseModel):
    sweeps: list[SweepSummary]
    total: int


class Confirms(BaseModel):
    sweep_id: int
    name: str
    arm: str


class Confirmation(BaseModel):
    sweep_id: int
    arm: str
    status: RunStatus


class SweepDetail(SweepSummary):
    question: str
    baseline: str
    confirms: Confirms | None
    confirmations: list[Confirmation]


class Attempt(BaseModel):
    number: int
    worker: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    exit_code: int | None
    reason: str | None


class Transition(BaseModel):
    at: datetime
    old: RunStatus | None
    new: RunStatus
    actor: str
    reason: str


class RunDetail(RunSummary):
    failure_advice: Advice | None
    last_lines: str
    content_hash: str
    attempts: list[Attempt]
    transitions: list[Transition]


class AttemptRecord(BaseModel):
    command: str
    record: Record


class LogTail(BaseModel):
    attempt: int
    text: str


class Worker(BaseModel):
    name: str
    device: str
    device_name: str | None
    memory_gb: float | None
    version: str | None
    status: WorkerStatus
    run_id: int | None
    seen_at: datetime
    parked_reason: str | None


class Session(BaseModel):
    name: str
    role: Role


class Webhook(BaseModel):
    id: int
    url: str
    events: list[str]
    pending: int
    failed: int
    delivered_at: datetime | None


class NewWebhook(Webhook):
    secret: str


class Delivery(BaseModel):
    id: int
    event: str
    created_at: datetime
    due_at: datetime | None
    tries: int
    delivered_at: datetime | None
    error: str | None


class DeliveryPage(BaseModel):
    deliveries: list[Delivery]
    total: int
