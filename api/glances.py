"""What the API answers of a sweep at a glance: its conditions, and what happened to it."""

from datetime import datetime

from api.schemas import Reply
from domain.catalogue import ModelCard, TaskCard
from domain.lifecycle import RunStatus
from domain.runs import EvalSettings, ModelSettings, TaskSettings, TrainSettings


class Happening(Reply):
    """Either an `action` on the sweep, or that a run of its `arm` became `status`."""

    at: datetime
    actor: str
    reason: str
    action: str | None
    run_id: int | None
    arm: str | None
    seed: int | None
    status: RunStatus | None


class Conditions(Reply):
    """What all runs of a sweep share. A card is None when this server knows no such thing any more,
    or another version of it.

    `train` is of its first trained arm, and `eval` has what was left to defaults.
    """

    model_name: str
    model_version: str
    task_name: str
    task_version: str
    model: ModelCard | None
    task: TaskCard | None
    task_settings: TaskSettings
    model_settings: ModelSettings
    train: TrainSettings | None
    eval: EvalSettings
