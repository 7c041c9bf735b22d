"""What steering is asked with and answers: bodies, reasons, actions, the queue."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, NamedTuple, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from api.bodies import decode, documented_body, read_body
from api.dependencies import Actor, Text
from api.schemas import Reply
from domain.extensions import ExtensionRequest
from domain.inputs import parse
from domain.lifecycle import RunStatus
from domain.methods import METHODS
from domain.steering import (
    LONGEST_REASON,
    CloneRequest,
    QueuePriority,
    RunsRequest,
    SweepLimit,
    SweepPriority,
)

BODIES = (SweepPriority, SweepLimit, CloneRequest, ExtensionRequest, QueuePriority, RunsRequest)
M = TypeVar("M", bound=BaseModel)

SWEEP_PRIORITY = documented_body("SweepPriority")
SWEEP_LIMIT = documented_body("SweepLimit")
CLONE = documented_body("CloneRequest")
EXTENSION = documented_body("ExtensionRequest")
QUEUE_PRIORITY = documented_body("QueuePriority")
RUNS = documented_body("RunsRequest")
CLONE["requestBody"]["required"] = False


def reader(kind: type[M]) -> Callable[[object], M]:
    """A dependency that reads a body of that kind. Raises Invalid naming every wrong field."""

    def read(data: Annotated[object, Depends(decode)]) -> M:
        return parse(kind, data, tags=METHODS)

    return read


def read_clone(request: Request, body: Annotated[bytes, Depends(read_body)]) -> CloneRequest:
    """A body may be left out: then the new sweep's name is made from the old one's."""
    return parse(CloneRequest, decode(request, body) if body else {})


PriorityBody = Annotated[SweepPriority, Depends(reader(SweepPriority))]
LimitBody = Annotated[SweepLimit, Depends(reader(SweepLimit))]
CloneBody = Annotated[CloneRequest, Depends(read_clone)]
ExtensionBody = Annotated[ExtensionRequest, Depends(reader(ExtensionRequest))]
PlaceBody = Annotated[QueuePriority, Depends(reader(QueuePriority))]
RunsBody = Annotated[RunsRequest, Depends(reader(RunsRequest))]
Reason = Annotated[
    Text, Query(max_length=LONGEST_REASON, description="Why, for whoever asks later.")
]


class Said(NamedTuple):
    """Who asks, and why."""

    actor: str
    reason: str


def read_said(actor: Actor, reason: Reason = "") -> Said:
    return Said(actor, reason)


By = Annotated[Said, Depends(read_said)]


class Action(Reply):
    """What somebody did, as `action`, and why."""

    at: datetime
    actor: str
    action: str
    reason: str


class ActionPage(Reply):
    actions: list[Action]
    total: int


class RunResult(Reply):
    """What came of one run: its state now, or why it was refused."""

    id: int
    ok: bool
    status: RunStatus | None
    code: Literal["conflict", "not_found"] | None
    message: str


class QueuedRun(Reply):
    """A queued run under the sweep that will probably start it; `waits` says why it has not.

    `others` counts the other sweeps that still ask for it.
    """

    run_id: int
    sweep_id: int
    sweep_name: str
    arm: str
    analysed_step: int | None = None
    seed: int
    sweep_priority: int
    priority: int
    due_at: datetime
    others: int
    waits: str


class QueuePage(Reply):
    runs: list[QueuedRun]
    total: int
