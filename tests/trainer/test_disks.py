"""A disk that takes no more, as a trainer meets it: its own words cannot be written."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.cards import Roots
from domain.events import Event, Failed, Metrics
from domain.lifecycle import ExitCode
from domain.runs import RunSpec
from tests.conftest import ROOT
from tests.trainer.conftest import make_spec
from trainer.attempts import attempt

FULL = Path("/dev/full")
NOWHERE = Roots(Path("/nowhere"), Path("/nowhere"))
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system offers no full disk")


@needs_full
def test_a_trainer_that_cannot_write_what_it_says_ends_as_one_with_a_full_disk() -> None:
    with FULL.open("w") as full:

        def say(event: Event) -> None:
            os.write(full.fileno(), event.model_dump_json().encode())

        def work(_: RunSpec) -> None:
            say(Metrics(step=1, seconds=1.0, values={}))

        assert attempt(make_spec().model_dump_json(), NOWHERE, say, work) == ExitCode.DISK


def test_where_a_file_of_the_run_cannot_be_written_it_says_so() -> None:
    said: list[Event] = []

    def work(_: RunSpec) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "adapter.safetensors")

    assert attempt(make_spec().model_dump_json(), NOWHERE, said.append, work) == ExitCode.DISK
    [failed] = said
    assert isinstance(failed, Failed)
    assert failed.message.startswith("a file could not be written: [Errno 28] No space left")


@needs_full
def test_a_refused_spec_keeps_its_exit_code_where_no_word_can_be_written() -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "trainer"],
            input=b"not json",
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            timeout=120,
            check=False,
        )
    assert done.returncode == ExitCode.BAD_SPEC, done.stderr
