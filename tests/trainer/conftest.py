"""Real training at its smallest: the tiny model, two prompts, four completions, two steps."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor

from domain.catalogue import MODELS, TASKS
from domain.events import Event
from domain.runs import RunSpec
from trainer import runs, subjects
from trainer.records import Batch
from trainer.train import build_trainer

SMALL = {
    "steps": 2,
    "learning_rate": 1e-3,
    "prompts_per_step": 4,
    "completions_per_prompt": 4,
}


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    torch.set_num_threads(1)


def make_spec(
    method: Mapping[str, object] | None = None,
    train: Mapping[str, object] | None = None,
    evaluation: Mapping[str, object] | None = None,
    **other: object,
) -> RunSpec:
    method = method or {"method": "grpo"}
    return RunSpec.model_validate(
        {
            "model": "countdown-tiny",
            "model_version": MODELS["countdown-tiny"].version,
            "task": "countdown",
            "task_version": TASKS["countdown"].version,
            "method": method,
            "train": None if method["method"] == "base" else {**SMALL, **(train or {})},
            "eval": {"problems": 3, "samples": 4, **(evaluation or {})},
            "seed": 0,
        }
        | other
    )


def run_events(spec: RunSpec, folder: Path) -> list[Event]:
    said: list[Event] = []
    runs.run(spec, runs.Place(folder), said.append, asked_to_stop=lambda: False)
    return said


Trained = tuple[dict[str, Tensor], list[Batch]]
Train = Callable[[RunSpec], Trained]


@pytest.fixture
def train(tmp_path: Path) -> Train:
    """Trains without evaluating: the weights after it and every batch of the loss."""

    def train(spec: RunSpec) -> Trained:
        subject = subjects.load(spec)
        batches: list[Batch] = []
        build_trainer(subject, tmp_path, batches.append, []).train()
        return subject.model.state_dict(), batches

    return train
