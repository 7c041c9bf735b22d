"""A run on two devices, here two CPU processes: one run to whoever reads, stops or kills it."""

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import torch
from safetensors.torch import load_file

from domain.errors import Invalid
from domain.events import EVENTS, Event, Graded, Metrics, Rollout, Started
from domain.events import Checkpoint as Saved
from domain.lifecycle import ExitCode
from domain.runs import RunSpec
from tests.conftest import ROOT
from tests.trainer.attempts import ordered, pieced
from tests.trainer.conftest import make_spec
from tests.trainer.servers import TRAINER, read_until
from trainer import subjects
from trainer.equipment import check_equipment
from trainer.evaluate import evaluate

STEPS, PROMPTS, COMPLETIONS = 6, 2, 4
TRAIN = {
    "steps": STEPS,
    "learning_rate": 1e-5,
    "prompts_per_step": PROMPTS,
    "completions_per_prompt": COMPLETIONS,
    "devices": 2,
}
SPEC = make_spec(train=TRAIN, evaluation={"problems": 5, "every": 3})


def start(spec: RunSpec, checkpoints: Path, **changes: str) -> subprocess.Popen[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("FORKPOINT_")}
    own = {
        "OMP_NUM_THREADS": "1",
        "FORKPOINT_CHECKPOINTS": str(checkpoints),
        "FORKPOINT_CHECKPOINT_SECONDS": "0",
    }
    checkpoints.parent.mkdir(parents=True, exist_ok=True)
    with checkpoints.with_suffix(".log").open("a") as log:
        process = subprocess.Popen(
            TRAINER,
            cwd=ROOT,
            env=kept | own | changes,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdin
    process.stdin.write(spec.model_dump_json())
    process.stdin.close()
    return process


def finish(process: subprocess.Popen[str]) -> tuple[int, list[Event]]:
    assert process.stdout
    with process.stdout:
        events: list[Event] = [EVENTS.validate_json(line) for line in process.stdout]
    return process.wait(60), events


@dataclass
class Pair:
    """One run, undisturbed and as two attempts, the first of which was asked to stop."""

    whole: list[Event]
    first: list[Event]
    second: list[Event]
    codes: list[int]
    undisturbed: Path
    interrupted: Path


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """The undisturbed run and the first attempt share the cores."""
    root = tmp_path_factory.mktemp("devices")
    undisturbed, interrupted = root / "undisturbed", root / "interrupted"
    stopped, whole = start(SPEC, interrupted), start(SPEC, undisturbed)
    first = read_until(stopped, "checkpoint", 2)
    stopped.send_signal(signal.SIGTERM)
    code, others = finish(stopped)
    ends = [(code, [*first, *others]), finish(whole), finish(start(SPEC, interrupted))]
    codes, (one, complete, two) = [end[0] for end in ends], [end[1] for end in ends]
    return Pair(complete, one, two, codes, undisturbed, interrupted)


def kinds_of(events: list[Event]) -> list[str]:
    return [str(event.model_dump()["kind"]) for event in events]


def metrics(events: list[Event]) -> list[Metrics]:
    return [event for event in events if isinstance(event, Metrics)]


def test_everything_is_said_once(pair: Pair) -> None:
    assert pair.codes[1] == ExitCode.DONE
    kinds = kinds_of(pair.whole)
    assert (kinds[0], kinds[-1]) == ("started", "finished")
    assert (kinds.count("metrics"), kinds.count("checkpoint")) == (STEPS, STEPS)
    graded = [(e.step, e.problem) for e in pair.whole if isinstance(e, Graded)]
    assert sorted(graded) == [(step, problem) for step in (3, STEPS) for problem in range(5)]
    indices = [(e.step, e.index) for e in pair.whole if isinstance(e, Rollout)]
    assert indices == [(step, row) for step in range(1, STEPS + 1) for row in range(COMPLETIONS)]


def test_a_step_is_as_large_as_on_one_device(pair: Pair) -> None:
    tokens = 0.0
    for event in metrics(pair.whole):
        taken, tokens = event.values["tokens"] - tokens, event.values["tokens"]
        wanted = event.values["completion/length"] * PROMPTS * COMPLETIONS
        assert taken == pytest.approx(wanted, rel=1e-6)
        assert event.values["reward/mean"] * PROMPTS * COMPLETIONS in range(9)
        assert event.values["reward/flat_groups"] * PROMPTS in range(3)


def test_both_devices_move_the_weights(pair: Pair) -> None:
    """The rollouts that are shown are the first rank's, which has one of a step's two groups."""
    found = set()
    for event in metrics(pair.whole):
        shown = [e for e in pair.whole if isinstance(e, Rollout) and e.step == event.step]
        first_moves = len({rollout.reward for rollout in shown}) > 1
        moving = round((1 - event.values["reward/flat_groups"]) * PROMPTS)
        assert (event.values["grad_norm"] > 0) == (moving > 0)
        found |= {"first"} if first_moves and moving == 1 else set()
        found |= {"second"} if not first_moves and moving == 1 else set()
    assert found == {"first", "second"}


def test_the_seeds_of_two_ranks_differ(pair: Pair) -> None:
    states = [
        torch.load(pair.undisturbed / f"step-1/rng_state_{rank}.pth", weights_only=False)
        for rank in (0, 1)
    ]
    assert not torch.equal(states[0]["cpu"], states[1]["cpu"])


def test_a_termination_signal_stops_all_ranks_after_the_same_step(pair: Pair) -> None:
    assert pair.codes[0] == ExitCode.DRAINED
    assert "finished" not in kinds_of(pair.first)
    saved = [event.step for event in pair.first if isinstance(event, Saved)]
    assert saved[-1] == metrics(pair.first)[-1].step


def test_what_was_stopped_goes_on_to_the_same_bit(pair: Pair) -> None:
    assert pair.codes[2] == ExitCode.DONE
    started = pair.second[0]
    assert isinstance(started, Started)
    assert started.step >= 2
    assert ordered(pieced(pair.first, pair.second)) == ordered(pair.whole)
    one, other = (
        load_file(folder / f"step-{STEPS}" / "model.safetensors")
        for folder in (pair.undisturbed, pair.interrupted)
    )
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_grades_are_those_of_one_device(pair: Pair) -> None:
    subject = subjects.load(SPEC)
    subject.model.load_state_dict(
        load_file(pair.undisturbed / f"step-{STEPS}" / "model.safetensors"), strict=False
    )
    alone = list(evaluate(subject, STEPS, lambda: None))
    graded = [event for event in pair.whole if isinstance(event, Graded) and event.step == STEPS]
    assert sorted(map(str, graded)) == sorted(map(str, alone))
    assert sum(event.c for event in graded)


def test_a_killed_starter_takes_its_ranks_along(tmp_path: Path) -> None:
    process = start(SPEC, tmp_path / "checkpoints")
    below = wait_for_ranks(process.pid)
    process.kill()
    finish(process)
    _, left = psutil.wait_procs(below, timeout=60)
    assert not left, "at once, or when they have done their imports"


def wait_for_ranks(pid: int) -> list[psutil.Process]:
    """The launcher and two ranks."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        below = psutil.Process(pid).children(recursive=True)
        if len(below) >= 3:
            return below
        time.sleep(0.1)
    raise AssertionError("no ranks were started")


def test_a_rank_that_fails_ends_the_run_which_says_so_once(tmp_path: Path) -> None:
    name = "us/tiny"
    spec = SPEC.model_copy(update={"model": f"{name}@{'0' * 40}", "model_version": "0" * 40})
    offline = {"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    code, events = finish(start(spec, tmp_path / "checkpoints", **offline))
    assert code == ExitCode.BAD_DATA
    assert kinds_of(events) == ["failed"]
    assert name in json.dumps(events[0].model_dump())


def test_more_gpus_than_there_are_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(Invalid, match=r"FORKPOINT_DEVICE=cuda:0,1") as refused:
        check_equipment(SPEC)
    assert [error.field for error in refused.value.errors] == ["train.devices"]
