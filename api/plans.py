"""What would be queued: the replies of previews, and of an extension, which answers alike."""

from api.schemas import Reply
from domain.catalogue import ModelCard, TaskCard
from domain.lifecycle import RunStatus
from domain.methods import Method
from domain.runs import EvalSettings, TrainSettings


class ExistingRun(Reply):
    """A cell of a previewed sweep that has been submitted before."""

    arm: str
    seed: int
    run_id: int
    status: RunStatus


class PreviewArm(Reply):
    name: str
    template: str
    method: Method
    train: TrainSettings | None
    runs: int


class Preview(Reply):
    """What a submission would do. `queued_again` counts existing runs that had failed or stopped.

    `model` and `task` are what its names stand for, and `eval` has what it leaves to defaults.
    `device_seconds` is None when nothing comparable was measured; `estimate_basis` says so.
    """

    name: str
    model: ModelCard
    task: TaskCard
    eval: EvalSettings
    baseline: str
    arms: list[PreviewArm]
    runs: int
    new_runs: int
    queued_again: int
    existing: list[ExistingRun]
    device_seconds: float | None
    estimate_basis: str


class ConfirmationPreview(Preview):
    """What confirming an arm would do; its problems are held out.

    `sweep_id` is the sweep that confirms this arm with these seeds already, if there is one.
    """

    arm: str
    question: str
    seeds: list[int]
    problems: int
    samples: int
    sweep_id: int | None


class Extension(Preview):
    """What an extension adds: its arms and runs are those that the sweep lacked.

    `note` says it in a sentence, also that there was nothing to add.
    """

    sweep_id: int
    added_arms: list[str]
    added_seeds: list[int]
    note: str
