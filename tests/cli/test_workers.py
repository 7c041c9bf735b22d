"""`forkpoint worker` and `forkpoint run spec|record`."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Run, new_seed, sweep


@pytest.fixture
def worker(run: Run) -> Iterator[str]:
    """The name of the stack's worker, which works again afterwards."""
    [listed] = json.loads(run("worker", "list", "--json").stdout)
    yield listed["name"]
    run("worker", "resume", listed["name"])


def test_a_worker_is_drained_with_a_reason_and_resumed(run: Run, worker: str) -> None:
    drained = run("worker", "drain", worker, "--reason", "new driver")
    assert drained.returncode == 0, drained.stderr
    assert drained.stdout.startswith(f"{worker} is drain")
    assert "drain" in run("worker", "list").stdout
    resumed = json.loads(run("worker", "resume", worker, "--json").stdout)
    assert (resumed["draining_at"], resumed["devices"]) == (None, 1)
    assert resumed["memory_gb"] > 0


def test_what_cannot_be_done_to_a_worker_is_said_in_words(run: Run, worker: str) -> None:
    living = run("worker", "forget", worker)
    assert (living.returncode, "stop it first" in living.stderr) == (1, True)
    unknown = run("worker", "drain", "nobody/cpu:9")
    assert unknown.returncode == 2
    assert "there is no worker nobody/cpu:9" in unknown.stderr


def test_a_run_shows_how_it_can_be_repeated(run: Run) -> None:
    seed = new_seed()
    created = run("sweep", "create", "-f", "-", "--watch", "--json", text=sweep("again", [seed]))
    assert created.returncode == 0, created.stderr
    [newest] = json.loads(run("run", "list", "--limit", "1", "--json").stdout)["runs"]
    number = str(newest["id"])
    spec = json.loads(run("run", "spec", number).stdout)
    assert (spec["model"], spec["seed"]) == ("countdown-tiny", seed)
    shown = run("run", "record", number)
    assert shown.returncode == 0, shown.stderr
    assert f"forkpoint run spec {number} > spec.json" in shown.stdout
    record = json.loads(run("run", "record", number, "--json").stdout)["record"]
    assert record["code"]["version"] == "0.1.0"
    missing = run("run", "record", number, "--attempt", "9")
    assert (missing.returncode, "has no attempt 9" in missing.stderr) == (2, True)
