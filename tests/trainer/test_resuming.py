"""A run that was stopped or killed goes on where it was, to the same bit."""

import signal
from pathlib import Path

import pytest
import torch

from domain.events import EVENTS, Metrics, Started
from domain.lifecycle import ExitCode
from tests.trainer.attempts import STEPS, Place, ordered, pieced, train, weights
from tests.trainer.conftest import make_spec
from tests.trainer.servers import Server, begin, closes, read_until
from trainer import runs
from trainer.tasks import countdown


@pytest.mark.parametrize(
    ("method", "settings", "stop_after"),
    [
        ({"method": "entropy_shaped", "alpha": 0.4}, {}, 3),
        ({"method": "adaptive_entropy"}, {}, 2),
        ({"method": "grpo"}, {"updates_per_rollout": 2}, 3),
        ({"method": "grpo"}, {"warmup_steps": 5, "learning_rate": 0.01}, 1),
        ({"method": "grpo"}, {}, STEPS),
    ],
)
def test_stopped_and_gone_on_is_the_same_to_the_bit(
    place: Place,
    tmp_path: Path,
    method: dict[str, object],
    settings: dict[str, object],
    stop_after: int,
) -> None:
    spec = make_spec(method, {"steps": STEPS, **settings}, {"every": 2})
    undisturbed = place(checkpoints=tmp_path / "undisturbed")
    whole = train(spec, undisturbed)
    first = train(spec, place(), stop_after)
    again = place()
    second = train(spec, again)
    started = second[0]
    assert isinstance(started, Started)
    assert started.step >= stop_after - 1  # while grades are made, nothing is saved
    assert ordered(pieced(first, second)) == ordered(whole)
    one, other = weights(undisturbed), weights(again)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_seconds_and_tokens_go_on_too(place: Place) -> None:
    spec = make_spec(train={"steps": STEPS})
    first = [e for e in train(spec, place(), 3) if isinstance(e, Metrics)]
    second = [e for e in train(spec, place()) if isinstance(e, Metrics)]
    assert second[0].step == first[-1].step + 1
    assert second[0].seconds > first[-1].seconds
    assert second[0].values["tokens"] > first[-1].values["tokens"]


@pytest.mark.parametrize("stop_after", [2, 3, 4, 6])
def test_later_epochs_draw_the_prompts_in_their_own_order(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    """12 prompts are three steps an epoch: stopped within the first, at its end and later."""
    prompts = countdown.problems("train", 12)
    real = countdown.problems
    few = lambda split, size: prompts if split == "train" else real(split, size)  # noqa: E731
    monkeypatch.setattr(countdown, "problems", few)
    spec = make_spec(train={"steps": 8})
    whole = train(spec, place(checkpoints=tmp_path / "undisturbed"))
    first, second = train(spec, place(), stop_after), train(spec, place())
    assert isinstance(second[0], Started)
    assert second[0].step == stop_after
    assert ordered(pieced(first, second)) == ordered(whole)


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_process_goes_on_to_the_same_bit(
    server: Server, place: Place, kill: signal.Signals
) -> None:
    spec, here = make_spec(train={"steps": STEPS}), place()
    process, ended = begin(server, spec, here)
    first = read_until(process, "checkpoint", 2)
    process.send_signal(kill)
    assert process.stdout
    with process.stdout:
        first += [EVENTS.validate_json(line) for line in process.stdout if line.endswith("\n")]
    code = process.wait(60)
    assert closes(ended, 60)
    assert code == (-signal.SIGKILL if kill == signal.SIGKILL else ExitCode.DRAINED)
    second = train(spec, here)
    assert isinstance(second[0], Started)
    assert second[0].step >= 2
    whole = train(spec, runs.Place(here.folder))
    assert ordered(pieced(first, second)) == ordered(whole)
