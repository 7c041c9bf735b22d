"""Evaluation: its own noise, its own counts, and no trace in the training around it."""

from pathlib import Path

import torch

from domain.events import Event, Finished, Graded, Metrics, Started
from tests.trainer.conftest import make_spec, run_events
from trainer import subjects
from trainer.evaluate import evaluate


def graded(events: list[Event]) -> list[Graded]:
    return [event for event in events if isinstance(event, Graded)]


def without_times(events: list[Event]) -> list[object]:
    """Everything said that does not depend on how fast the machine is."""
    kept: list[object] = []
    for event in events:
        if isinstance(event, Metrics):
            kept.append({k: v for k, v in event.values.items() if k != "step_seconds"})
        elif not isinstance(event, Finished):
            kept.append(event)
    return kept


def test_the_same_spec_twice_says_the_same(tmp_path: Path) -> None:
    spec = make_spec({"method": "entropy_shaped", "alpha": 0.4}, {"steps": 3})
    assert without_times(run_events(spec, tmp_path)) == without_times(run_events(spec, tmp_path))


def test_the_base_model_is_graded_at_step_zero(tmp_path: Path) -> None:
    events = run_events(make_spec({"method": "base"}), tmp_path)
    assert [event.model_dump()["kind"] for event in events] == [
        "started",
        *["graded"] * 3,
        "finished",
    ]
    assert isinstance(events[0], Started)
    assert (events[0].total_steps, events[0].total_problems) == (0, 3)
    assert [(event.step, event.problem, event.n) for event in graded(events)] == [
        (0, 0, 4),
        (0, 1, 4),
        (0, 2, 4),
    ]


def test_evaluating_on_the_way_does_not_change_training(tmp_path: Path) -> None:
    train = {"steps": 4}
    plain = run_events(make_spec(train=train), tmp_path)
    watched = run_events(make_spec(train=train, evaluation={"every": 2}), tmp_path)
    assert {event.step for event in graded(watched)} == {2, 4}
    last = [event for event in graded(watched) if event.step == 4]
    assert last == graded(plain)


def test_the_training_seed_does_not_change_the_evaluation_noise() -> None:
    first, second = (
        list(evaluate(subjects.load(make_spec({"method": "base"}, seed=seed)), 0, lambda: None))
        for seed in (0, 1)
    )
    assert first == second


def test_the_evaluation_seed_changes_the_evaluation_noise() -> None:
    settings = {"problems": 8, "samples": 16}
    first, second = (
        list(
            evaluate(
                subjects.load(make_spec({"method": "base"}, None, settings | {"seed": seed})),
                0,
                lambda: None,
            )
        )
        for seed in (0, 1)
    )
    assert first != second


def test_the_random_state_is_as_it_was() -> None:
    subject = subjects.load(make_spec())
    subject.model.train()
    state = torch.random.get_rng_state()
    list(evaluate(subject, 0, lambda: None))
    assert torch.equal(torch.random.get_rng_state(), state)
    assert subject.model.training


def test_truncated_completions_are_wrong() -> None:
    subject = subjects.load(make_spec({"method": "base"}, None, {"max_completion_tokens": 3}))
    for grade in evaluate(subject, 0, lambda: None):
        assert grade.c == 0
        assert grade.truncated + grade.unparsable == grade.n
