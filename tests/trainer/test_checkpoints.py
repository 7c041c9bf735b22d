"""Which checkpoints are kept and gone on from: whole ones, of this run, that were recorded."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.events import Checkpoint as Saved
from domain.events import Graded, Metrics, Rollout, Started
from domain.runs import RunSpec
from tests.trainer.attempts import STEPS, Place, train
from tests.trainer.conftest import make_spec
from trainer import runs
from trainer.checkpoints import MANIFEST, CheckpointStore


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
