"""The trainer as a worker sees it: a process, its standard output and its exit code."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from domain.events import EVENTS
from domain.lifecycle import ExitCode
from tests.trainer.conftest import make_spec

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "trainer"]


def run(body: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        COMMAND, input=body, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_run_ends_with_finished_and_says_only_events() -> None:
    done = run(make_spec().model_dump_json())
    assert done.returncode == ExitCode.DONE, done.stderr
    events = [EVENTS.validate_json(line) for line in done.stdout.splitlines()]
    kinds = [event.kind for event in events]
    assert (kinds[0], kinds[-1]) == ("started", "finished")
    assert kinds.count("metrics") == 2
    assert kinds.count("graded") == 3
    assert "Warning" not in done.stderr, "a log begins clean"


@pytest.mark.parametrize(("given", "used"), [({}, "1"), ({"OMP_NUM_THREADS": "2"}, "2")])
def test_a_trainer_takes_the_threads_it_is_given_and_one_unasked(
    given: dict[str, str], used: str
) -> None:
    others = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    code = (
        "import os; from trainer.attempts import prepare_environment as prepare; prepare(); "
        "print(os.environ['OMP_NUM_THREADS'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=others | given,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == used


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("not json", "Invalid JSON"),
        (make_spec(model_version="0").model_dump_json(), "model_version"),
    ],
    ids=["no JSON", "another version"],
)
def test_a_spec_that_cannot_run_is_refused_in_plain_words(body: str, words: str) -> None:
    done = run(body)
    assert done.returncode == ExitCode.BAD_SPEC, done.stderr
    (line,) = done.stdout.splitlines()
    failed = EVENTS.validate_json(line)
    assert failed.kind == "failed"
    assert words in failed.message


def test_a_termination_signal_stops_the_run_between_two_steps() -> None:
    body = make_spec(train={"steps": 1000}).model_dump_json()
    with subprocess.Popen(
        COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(body.encode())
        process.stdin.close()
        for line in process.stdout:
            if EVENTS.validate_json(line).kind == "metrics":
                process.send_signal(signal.SIGTERM)
                break
        kinds = [EVENTS.validate_json(line).kind for line in process.stdout]
        assert process.wait(timeout=60) == ExitCode.DRAINED
    assert "finished" not in kinds
