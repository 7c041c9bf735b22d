"""The verbs that steer, against a real server."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.errors import BadInput
from cli.growths import read_request
from tests.cli.conftest import Run, new_seed, sweep

Say = Callable[..., str]


@pytest.fixture
def say(run: Run) -> Say:
    """Answers what `forkpoint ARGUMENTS` prints."""

    def say(*arguments: str, text: str = "") -> str:
        done = run(*arguments, text=text)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return say


def test_a_sweep_is_held_back_extended_and_let_go(say: Say, tmp_path: Path) -> None:
    text = sweep("steered", resources={"device": "cuda"})
    number = say("sweep", "create", "-f", "-", text=text).split()[1].rstrip(":")
    paused = say("sweep", "pause", number, "--reason", "lunch")
    assert paused.startswith(f"Sweep {number} is paused: 0/3 succeeded, 3 queued")
    say("sweep", "priority", number, "-5")
    say("sweep", "limit", number, "none")
    more = [f"seeds={new_seed()}", "shaped:alpha=0.9"]
    preview = say("sweep", "extend", number, *more, "--dry-run")
    assert "5 runs to train, 5 of them new" in preview
    assert preview.endswith("5 runs added; nothing was queued yet\n")
    assert say("sweep", "extend", number, *more).endswith("5 runs added\n")
    other = tmp_path / "settings.yaml"
    other.write_text(f"probe: {{seed: {new_seed()}}}\n")
    say("sweep", "analyse", number, "--steps", "0", "-f", str(other))
    waiting = say("queue")
    assert f"sweep {number} is paused" in waiting
    assert "untrained, analysis after step 0" in waiting
    say("sweep", "resume", number)
    drained = say("sweep", "drain", number)
    assert drained.startswith(f"Sweep {number} is cancelled: 0/8 succeeded, 8 cancelled")
    assert say("sweep", "archive", number).startswith(f"Sweep {number} is cancelled, archived")
    assert "steered" in say("sweep", "list", "--archived")
    say("sweep", "unarchive", number)
    told = say("sweep", "actions", number)
    assert all(word in told for word in ("lunch", "to -5", "5 runs added"))


def test_runs_are_moved_restarted_and_cancelled(say: Say) -> None:
    text = sweep("one by one", resources={"device": "cuda"})
    number = say("sweep", "create", "-f", "-", text=text).split()[1].rstrip(":")
    queued = json.loads(say("queue", "--json"))["runs"]
    mine = [str(one["run_id"]) for one in queued if str(one["sweep_id"]) == number]
    say("run", "priority", mine[-1], "first")
    assert json.loads(say("queue", "--json"))["runs"][0]["run_id"] == int(mine[-1])
    assert "not this one" in say("run", "cancel", mine[0], "--reason", "not this one")
    assert "after all" in say("run", "restart", mine[0], "--reason", "after all")
    copy = say("sweep", "clone", number, "--name", "another")
    assert "0/3 succeeded, 3 queued" in copy
    say("sweep", "cancel", number, "--include-shared")


def test_what_extends_a_sweep_is_read_from_words_and_files(tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text("seeds: [1]\narms: [{name: grpo, method: grpo}]\n")
    assert read_request(["seeds=2,3", f"@{file}", "shaped:train.steps=50", "shaped:alpha=1,2"]) == {
        "seeds": [1, 2, 3],
        "arms": [{"name": "grpo", "method": "grpo"}],
        "values": {"shaped": {"train.steps": [50], "alpha": [1, 2]}},
    }


@pytest.mark.parametrize(
    "word", ["seed", "seeds=", "shaped=3", "shaped:=3", "shaped:alpha=[1", "@no-such-file"]
)
def test_words_that_extend_nothing_are_refused(word: str) -> None:
    with pytest.raises(BadInput):
        read_request([word])
