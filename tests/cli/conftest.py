"""One real stack for the commands; only the training is a stand-in's."""

import json
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from tests.stacks import Stack, clean_environment, data_folder, run_here, started

FAKE = [sys.executable, str(Path(__file__).parent.parent / "fake_trainer.py")]
POISON = 13
"""Analyses with this seed fail."""
numbers = count(10)
Run = Callable[..., "CompletedProcess[str]"]
Hold = Callable[[int], Path]


def new_seed() -> int:
    """One whose cells nobody else has asked for."""
    return next(numbers)


def sweep(name: str, seeds: int | list[int] = 1, **changes: Any) -> str:
    """Three runs for each seed; `seeds` is how many new ones, unless it lists them."""
    spec = {
        "name": name,
        "model": "countdown-tiny",
        "task": "countdown",
        "train": {"steps": 3, "prompts_per_step": 2, "completions_per_prompt": 2},
        "eval": {"problems": 16, "samples": 8},
        "seeds": [new_seed() for _ in range(seeds)] if isinstance(seeds, int) else seeds,
        "baseline": "bonus",
        "arms": [
            {"name": "bonus", "method": "entropy_bonus", "beta": 0.001},
            {"name": "shaped", "method": "entropy_shaped", "alpha": [0.4, 0.8]},
        ],
    }
    return yaml.safe_dump(spec | changes)


def number_of(created: "CompletedProcess[str]") -> str:
    """Of the sweep that a command says it has made."""
    return created.stdout.split()[1].rstrip(":")


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("held")


@pytest.fixture(scope="session")
def stack(held: Path) -> Iterator[Stack]:
    plan = {"steps": 3, "seconds": 0.02, "hold": str(held), "poison": POISON}
    environment = clean_environment() | {
        "FORKPOINT_TRAINER": json.dumps(FAKE),
        "FORKPOINT_SHIP_SECONDS": "0.1",
        "FORKPOINT_BEAT_SECONDS": "0.5",
        "FAKE_TRAINER": json.dumps(plan),
    }
    with data_folder() as folder, started(folder, "--workers", "1", environment=environment) as one:
        yield one


@pytest.fixture
def hold(held: Path) -> Iterator[Hold]:
    """Lets runs of a seed wait before their first step until the file that it answers is gone."""

    def hold(seed: int) -> Path:
        file = held / str(seed)
        file.touch()
        return file

    yield hold
    for file in held.iterdir():
        file.unlink()


@pytest.fixture
def run(stack: Stack) -> Run:
    """Runs `forkpoint ARGUMENTS` against the stack: what it prints, and its exit code."""

    def run(*arguments: str, text: str = "") -> CompletedProcess[str]:
        here = {"FORKPOINT_URL": stack.url, "FORKPOINT_DATA": str(stack.data)}
        return run_here(*arguments, environment=clean_environment() | here, text=text)

    return run
