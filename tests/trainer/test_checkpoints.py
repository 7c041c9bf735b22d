"""A run that was killed goes on where its last whole checkpoint was, to the same bit."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from domain.events import EVENTS, Event, Graded, Metrics, Rollout, Started
from domain.events import Checkpoint as Saved
from domain.lifecycle import ExitCode
from domain.runs import RunSpec
from tests.trainer.conftest import make_spec
from tests.trainer.test_process import COMMAND, ROOT
from trainer import runs
from trainer.checkpoints import MANIFEST, CheckpointStore
from trainer.failures import Drained
from trainer.tasks import countdown

TIMES = {"step_seconds"}
STEPS = 6
Place = Callable[..., runs.Place]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A new attempt's place; the run's checkpoints stay."""
    numbers = count(1)

    def place(**changes: object) -> runs.Place:
        folder = tmp_path / f"attempt-{next(numbers)}"
        settings = {"checkpoints": tmp_path / "checkpoints", "checkpoint_seconds": 0.0}
        return runs.Place(folder, **(settings | changes))  # type: ignore[arg-type]

    return place


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


def test_a_checkpoint_is_said_once_it_is_whole_and_after_its_step(place: Place) -> None:
    events = train(make_spec(train={"steps": STEPS}), place())
    kinds = [type(event).__name__ for event in events if not isinstance(event, Rollout | Graded)]
    assert kinds == ["Started", *["Metrics", "Checkpoint"] * STEPS, "Finished"]
    saved = [event for event in events if isinstance(event, Saved)]
    assert [event.step for event in saved] == list(range(1, STEPS + 1))
    assert (Path(saved[-1].path) / MANIFEST).exists()


@pytest.mark.parametrize(("steps", "updates"), [(2, 1), (3, 2)])
def test_the_last_step_is_always_saved(place: Place, steps: int, updates: int) -> None:
    """In the middle of a rollout, too: nothing of it is needed any more."""
    here = place(checkpoint_seconds=3600.0)
    spec = make_spec(train={"steps": steps, "updates_per_rollout": updates})
    events = train(spec, here)
    assert [event.step for event in events if isinstance(event, Saved)] == [steps]
    assert names(here) == [f"step-{steps}"]


def names(place: runs.Place) -> list[str]:
    assert place.checkpoints
    return sorted(path.name for path in place.checkpoints.glob("step-*"))


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


def test_what_nobody_recorded_is_not_kept_for_later(place: Place) -> None:
    """Else it would pass for the latest one day."""
    spec, here = make_spec(train={"steps": STEPS}), place(checkpoint_step=3)
    train(spec, place(), stop_after=5)
    train(spec, here, stop_after=1)
    assert names(here) == ["step-1", "step-2", "step-3", "step-4"]
    store = CheckpointStore(here.checkpoints or Path(), spec)
    assert store.newest(4)


def test_only_checkpoints_of_the_recorded_lineage_are_gone_on_from(place: Place) -> None:
    spec = make_spec(train={"steps": STEPS})
    (one, *_), lineage = train(spec, place(), 3), {}
    assert isinstance(one, Started)
    assert one.lineage
    for name in (one.lineage, "another"):
        started = train(spec, place(lineage=name), 4)[0]
        assert isinstance(started, Started)
        lineage[name] = (started.step, started.lineage == one.lineage)
    assert lineage == {one.lineage: (3, True), "another": (0, False)}


def test_without_a_folder_for_them_there_are_none(tmp_path: Path) -> None:
    events = train(make_spec(train={"steps": 2}), runs.Place(tmp_path))
    assert not [event for event in events if isinstance(event, Saved)]


def test_one_of_a_step_that_nobody_recorded_is_passed_over(place: Place) -> None:
    """A database made anew knows nothing of what these checkpoints' attempts said."""
    spec = make_spec(train={"steps": STEPS})
    train(spec, place(), 4)
    for recorded in (3, 0):
        started = train(spec, place(checkpoint_step=recorded), 1)[0]
        assert isinstance(started, Started)
        assert started.step == recorded


@pytest.fixture
def saved(place: Place) -> tuple[RunSpec, CheckpointStore, runs.Place]:
    spec, here = make_spec(train={"steps": STEPS}), place()
    train(spec, here, stop_after=4)
    assert here.checkpoints
    return spec, CheckpointStore(here.checkpoints, spec), here


def spoil_file(folder: Path) -> None:
    path = folder / "optimizer.pt"
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(bytes(body))


def tear_file(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])


def lose_file(folder: Path) -> None:
    (folder / "rng_state.pth").unlink()


def lose_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def tear_manifest(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(path.read_text()[:40])


def slip_file_in(folder: Path) -> None:
    (folder / "extra.bin").write_bytes(b"unpickle me")


def change_run(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"content_hash": "another"}))


@pytest.mark.parametrize(
    "damage",
    [
        spoil_file,
        tear_file,
        lose_file,
        lose_manifest,
        tear_manifest,
        slip_file_in,
        change_run,
    ],
)
def test_a_damaged_one_is_passed_over_for_the_one_before(
    saved: tuple[RunSpec, CheckpointStore, runs.Place], damage: Callable[[Path], None]
) -> None:
    _, store, _ = saved
    damage(store.root / "step-4")
    found = store.newest()
    assert found
    assert found.manifest.step == 3
    for step in (1, 2, 3):
        damage(store.root / f"step-{step}")
    assert store.newest() is None


def test_what_a_killed_trainer_had_half_written_is_removed(
    saved: tuple[RunSpec, CheckpointStore, runs.Place],
) -> None:
    _, store, _ = saved
    (store.root / "draft-of-another" / "checkpoint-5").mkdir(parents=True)
    store.prepare()
    assert list(store.root.glob("draft-*")) == [store.draft]


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk takes a mount, which takes root")
def test_a_full_disk_costs_no_run(place: Place, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(small, check=False).returncode:
        pytest.skip("this machine mounts nothing")
    try:
        here = place(checkpoints=disk / "checkpoints", checkpoint_seconds=0.0)
        events = train(make_spec(train={"steps": 2}), here)
        assert not [event for event in events if isinstance(event, Saved)]
        assert sum(isinstance(event, Metrics) for event in events) == 2
        assert names(here) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S607


def test_a_place_that_cannot_be_written_costs_no_run(place: Place, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    events = train(make_spec(train={"steps": 2}), place(checkpoints=tmp_path / "file" / "run"))
    assert isinstance(events[0], Started)
    assert events[0].lineage is None
    assert sum(isinstance(event, Metrics) for event in events) == 2


def start(spec: RunSpec, place: runs.Place) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "FORKPOINT_CHECKPOINTS": str(place.checkpoints),
        "FORKPOINT_CHECKPOINT_SECONDS": "0",
    }
    process = subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin
    process.stdin.write(spec.model_dump_json())
    process.stdin.close()
    return process


def read_until(process: subprocess.Popen[str], kind: str, number: int) -> list[Event]:
    events: list[Event] = []
    assert process.stdout
    for line in process.stdout:
        events.append(EVENTS.validate_json(line))
        if sum(event.kind == kind for event in events if hasattr(event, "kind")) >= number:
            break
    return events


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_process_goes_on_to_the_same_bit(place: Place, kill: signal.Signals) -> None:
    spec, here = make_spec(train={"steps": STEPS}), place()
    process = start(spec, here)
    first = read_until(process, "checkpoint", 2)
    process.send_signal(kill)
    assert process.stdout
    with process.stdout:
        first += [EVENTS.validate_json(line) for line in process.stdout if line.endswith("\n")]
    code = process.wait(60)
    assert code == (-signal.SIGKILL if kill == signal.SIGKILL else ExitCode.DRAINED)
    second = train(spec, here)
    assert isinstance(second[0], Started)
    assert second[0].step >= 2
    whole = train(spec, runs.Place(here.folder))
    assert ordered(pieced(first, second)) == ordered(whole)


def test_one_attempt_alone_saves_at_a_time(
    saved: tuple[RunSpec, CheckpointStore, runs.Place], place: Place
) -> None:
    """An earlier attempt that was given up for lost may still run, and write."""
    spec, store, _ = saved
    store.prepare()
    events = train(spec, place())
    assert isinstance(events[0], Started)
    assert events[0].step == 4, "what is there may be read"
    assert not [event for event in events if isinstance(event, Saved)]
    assert store.draft.exists()
    store.release()
    assert [event for event in train(spec, place()) if isinstance(event, Saved)]
