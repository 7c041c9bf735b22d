"""Real training at its smallest: the tiny model, two prompts, four completions, two steps."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from assets.cards import Roots
from domain.catalogue import MODELS, TASKS
from domain.events import Event
from domain.runs import RunSpec
from tests.trainer.attempts import Place
from tests.trainer.servers import TRAINER, Server, serve
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


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One that forks trainers: starting each anew would take three seconds."""
    server = serve([*TRAINER, "serve"])
    yield server
    assert server.process.poll() is None, "no attempt may end the server"
    server.stop()


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


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A new attempt's place; the run's checkpoints stay."""
    numbers = count(1)

    def place(**changes: object) -> runs.Place:
        folder = tmp_path / f"attempt-{next(numbers)}"
        settings = {"checkpoints": tmp_path / "checkpoints", "checkpoint_seconds": 0.0}
        return runs.Place(folder, **(settings | changes))  # type: ignore[arg-type]

    return place


def run_events(spec: RunSpec, folder: Path, roots: Roots = subjects.HERE) -> list[Event]:
    said: list[Event] = []
    runs.run(spec, runs.Place(folder, roots=roots), said.append, asked_to_stop=lambda: False)
    return said


class Unpacked(NamedTuple):
    """A models root with the chat model, and what the two processes that unpacked it said."""

    root: Path
    folders: list[str]
    logs: list[str]


UNPACK = """
import sys
from pathlib import Path
from trainer.models import smollm2
print(smollm2.prepare(Path(sys.argv[1])))
"""


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    """By two at once, with what a third that was killed has left and a folder that lost its files.

    It takes half a minute.
    """
    root = tmp_path_factory.mktemp("models")
    card = MODELS["smollm2-135m"]
    torn = root / f".{card.name}-{card.version}.draft"
    torn.mkdir()
    (torn / "model.safetensors").write_bytes(b"torn")
    incomplete = root / f"{card.name}-{card.version}"
    incomplete.mkdir()
    (incomplete / "config.json").write_text("{}")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", UNPACK, str(root)],
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=500) for process in processes]
    return Unpacked(root, [out.strip() for out, _ in said], [err for _, err in said])


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
