"""One run as several attempts: carried out, pieced together as the database does it, compared."""

from collections.abc import Callable

import torch
from safetensors.torch import load_file

from domain.events import Event, Graded, Metrics, Rollout, Started
from domain.runs import RunSpec
from trainer import runs
from trainer.failures import Drained

TIMES = {"step_seconds"}
STEPS = 6
Place = Callable[..., runs.Place]


def train(spec: RunSpec, place: runs.Place, stop_after: int | None = None) -> list[Event]:
    """Every event; asked to stop during step `stop_after`."""
    said: list[Event] = []

    def asked_to_stop() -> bool:
        steps = sum(isinstance(event, Metrics) for event in said)
        return stop_after is not None and steps + 1 >= stop_after

    try:
        runs.run(spec, place, said.append, asked_to_stop)
    except Drained:
        assert stop_after is not None
    return said


def results(events: list[Event]) -> list[object]:
    """All that a run says of itself, less how long it took."""
    metrics = [
        (e.step, {k: v for k, v in e.values.items() if k not in TIMES})
        for e in events
        if isinstance(e, Metrics)
    ]
    return [*metrics, *(e for e in events if isinstance(e, Graded | Rollout))]


def pieced(first: list[Event], second: list[Event]) -> list[Event]:
    """What the database keeps of two attempts."""
    started = next(event for event in second if isinstance(event, Started))
    kept = [
        event
        for event in first
        if (isinstance(event, Metrics | Rollout) and event.step <= started.step)
        or (isinstance(event, Graded) and event.step < started.step)
    ]
    return [*kept, *second]


def ordered(events: list[Event]) -> list[str]:
    return sorted(map(str, results(events)))


def weights(place: runs.Place) -> dict[str, torch.Tensor]:
    assert place.checkpoints
    return load_file(place.checkpoints / f"step-{STEPS}" / "model.safetensors")
