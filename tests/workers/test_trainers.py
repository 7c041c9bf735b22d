"""What a trainer is started with."""

import sys
from pathlib import Path

import pytest

from domain.sweeps import expand, parse_sweep
from tests.factories import sweep_body
from workers import trainers


@pytest.mark.parametrize(
    ("given", "device", "visible"),
    [
        (None, "cpu:1", ""),
        (None, "cuda:1", "1"),
        ("2,3", "cuda:0", "2"),
        ("2,3", "cuda:1", "3"),
        ("GPU-4f,GPU-9a", "cuda:1", "GPU-9a"),
        ("2,3", "cpu:0", ""),
    ],
)
def test_a_trainer_sees_the_one_device_of_its_worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str | None, device: str, visible: str
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if given:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", given)
    assert trainers.trainer_environment(tmp_path, device)["CUDA_VISIBLE_DEVICES"] == visible


def test_what_another_run_left_in_the_folder_is_not_this_runs(tmp_path: Path) -> None:
    """A folder outlives its database when that is restored or made anew."""
    folder = tmp_path / "runs" / "1" / "1"
    folder.mkdir(parents=True)
    (folder / "events.jsonl").write_text('{"kind": "finished", "step": 9, "seconds": 1}\n')
    spec = expand(parse_sweep(sweep_body())).runs[0].spec
    trainer = trainers.start([sys.executable, "-c", "print('new')"], spec, folder, "cpu:0")
    trainer.process.wait(30)
    assert trainer.events.read_text() == "new\n"
    trainer.kill()
