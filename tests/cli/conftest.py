"""One real stack for the commands; only the training is a stand-in's."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.stacks import Stack, clean_environment, data_folder, run_forkpoint, started

FAKE = [sys.executable, str(Path(__file__).parent.parent / "fake_trainer.py")]
Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    environment = clean_environment() | {
        "FORKPOINT_TRAINER": json.dumps(FAKE),
        "FAKE_TRAINER": json.dumps({"steps": 3, "seconds": 0.3}),
    }
    with data_folder() as folder, started(folder, "--workers", "1", environment=environment) as one:
        yield one


@pytest.fixture
def run(stack: Stack) -> Run:
    """Runs `forkpoint ARGUMENTS` against the stack, as a shell would."""

    def run(*arguments: str, text: str = "") -> CompletedProcess[str]:
        here = {"FORKPOINT_URL": stack.url, "FORKPOINT_DATA": str(stack.data)}
        environment = clean_environment() | here
        return run_forkpoint(*arguments, environment=environment, text=text)

    return run
