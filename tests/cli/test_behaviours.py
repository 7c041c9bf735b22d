"""Asking for analyses and reading what they found, as a shell does."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, sweep


def submit(run: Run, name: str) -> tuple[int, list[dict[str, Any]]]:
    """A finished sweep's number and its runs."""
    done = run("sweep", "create", "-f", "-", "--watch", "--json", text=sweep(name))
    assert done.returncode == 0, done.stderr
    number = json.loads(done.stdout)["id"]
    listed = json.loads(run("run", "list", "--sweep", str(number), "--json").stdout)
    return number, listed["runs"]


def test_a_sweep_is_analysed_followed_and_its_behaviour_shown(run: Run) -> None:
    number, runs = submit(run, "looked at")
    cost = run("sweep", "analyse", str(number), "--dry-run")
    assert "4 analysis runs, 4 of them new: 64 problems x 4 traces" in cost.stdout
    done = run("sweep", "analyse", str(number), "--arm", "bonus", "--watch")
    assert done.returncode == 0, done.stderr
    assert f"bonus/beta=0.001 seed {runs[0]['seed']} step 3: succeeded" in done.stdout
    assert "untrained step 0: succeeded" in done.stdout
    shown = run("behaviour", str(number))
    assert shown.returncode == 0, shown.stderr
    for word in ("operators", "reflective", "rare", "diverse", "chance 0.25"):
        assert word in shown.stdout
    whole = json.loads(run("behaviour", str(number), "--json").stdout)
    assert [one["arm"] for one in whole["arms"]] == ["untrained", "bonus/beta=0.001"]


def test_one_run_is_analysed_by_its_number(run: Run) -> None:
    _, runs = submit(run, "one of them")
    done = run("analyse", str(runs[0]["id"]), "--watch", "--json")
    assert done.returncode == 0, done.stderr
    page = json.loads(done.stdout)
    assert {one["status"] for one in page["analyses"]} == {"succeeded"}
    assert page["analyses"][1]["subject_id"] == runs[0]["id"]


def test_an_untrained_model_is_analysed_without_a_sweep_of_ones_own(
    run: Run, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("probe: {problems: 8}\ncollapse: null\n")
    arguments = ("analyse", "countdown-tiny", "--task", "countdown", "-f", str(settings))
    first = json.loads(run(*arguments, "--watch", "--json").stdout)
    again = json.loads(run(*arguments, "--json").stdout)
    assert first == again, "the same sweep, and the same analysis in it"
    assert [one["arm"] for one in first["analyses"]] == ["untrained"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("countdown-tiny",), "--task: name the task"),
        (("1", "--steps", "first"), "--steps: 'first' is neither"),
        (("1", "-f", "/nowhere.yaml"), "--file: /nowhere.yaml cannot be read"),
        (("99999",), "there is no run 99999"),
    ],
)
def test_what_cannot_be_asked_is_said(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run("analyse", *arguments)
    assert done.returncode != 0
    assert words in done.stderr


def test_a_sweep_that_nobody_analysed_says_how(run: Run) -> None:
    number, _ = submit(run, "not looked at")
    assert f"forkpoint sweep analyse {number}" in run("behaviour", str(number)).stdout
