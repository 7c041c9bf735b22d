"""What a trainer says, one JSON object a line on its standard output.

Values may be NaN or infinite: a diverged run is a result. They travel as the JSON constants
`NaN` and `Infinity`, which Python's json reads and writes.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from domain.findings import Finding
from domain.records import Surroundings


class Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="constants")


class Started(Event):
    """Said once the model and the task are loaded. `versions` are the packages that matter.

    `step` is that of the checkpoint it goes on from: all that was said after it is said again, that
    is later steps, and grades of this one and later. `lineage` names what its checkpoints come of.
    `dtype` is what the model computes in.
    """

    kind: Literal["started"] = "started"
    device: str
    dtype: str | None = None
    versions: dict[str, str]
    total_steps: int
    total_problems: int
    step: int = 0
    lineage: str | None = None
    surroundings: Surroundings | None = None


class Metrics(Event):
    """All metrics of one optimiser step (1-based). `seconds` since the trainer started."""

    kind: Literal["metrics"] = "metrics"
    step: int
    seconds: float
    values: dict[str, float]


class Rollout(Event):
    """One training completion; per-token lists have its length, entropies are in nats."""

    kind: Literal["rollout"] = "rollout"
    step: int
    index: int
    problem: str
    prompt: str
    tokens: list[str]
    entropies: list[float]
    advantages: list[float]
    psi: list[float]
    reward: float


class Graded(Event):
    """Of `n` samples for evaluation problem number `problem` at `step`, `c` were correct.

    `truncated` ran into the token limit, `unparsable` had no readable answer; both count as wrong.
    """

    kind: Literal["graded"] = "graded"
    step: int
    problem: int
    n: int
    c: int
    truncated: int
    unparsable: int


class Checkpoint(Event):
    """A published checkpoint: the folder is complete when this is said."""

    kind: Literal["checkpoint"] = "checkpoint"
    step: int
    path: str


class Kept(Event):
    """The weights of `step` alone, kept to be analysed; complete when this is said."""

    kind: Literal["kept"] = "kept"
    step: int


class Analysed(Event):
    """One part of an analysis is done; said again, a part replaces what was said of it before."""

    kind: Literal["analysed"] = "analysed"
    finding: Finding


class Finished(Event):
    """Training and evaluation are complete; nothing follows but the exit."""

    kind: Literal["finished"] = "finished"
    step: int
    seconds: float


class Failed(Event):
    """The error in a sentence, before a non-zero exit. The exit code carries its class."""

    kind: Literal["failed"] = "failed"
    message: str


TrainerEvent = Annotated[
    Started | Metrics | Rollout | Graded | Checkpoint | Kept | Analysed | Finished | Failed,
    Field(discriminator="kind"),
]
EVENTS: TypeAdapter[TrainerEvent] = TypeAdapter(TrainerEvent)
