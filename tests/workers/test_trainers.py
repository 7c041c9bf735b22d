"""What a trainer is started with."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.attempts import Claim
from domain.analyses import AnalysisSettings
from domain.runs import analysis_of, content_hash
from domain.sweeps import expand, parse_sweep
from tests.factories import sweep_body
from workers import trainers
from workers.servers import TrainerServer
from workers.settings import Settings


def make_settings(**changes: Any) -> Settings:
    return Settings(database_url="postgresql://", redis_url="redis://", **changes)


def make_claim(checkpoint_step: int = 0, lineage: str | None = None) -> Claim:
    spec = expand(parse_sweep(sweep_body())).runs[0].spec
    return Claim(1, 1, spec, checkpoint_step, lineage)


@pytest.mark.parametrize(
    ("given", "device", "visible"),
    [
        (None, "cpu:1", ""),
        (None, "cuda:1", "1"),
        ("2,3", "cuda:0", "2"),
        ("2,3", "cuda:1", "3"),
        (None, "cuda:0,2", "0,2"),
        ("4,5,6", "cuda:0,2", "4,6"),
        ("GPU-4f,GPU-9a", "cuda:1", "GPU-9a"),
        ("2,3", "cpu:0", ""),
    ],
)
def test_a_trainer_sees_the_devices_of_its_worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str | None, device: str, visible: str
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if given:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", given)
    found = trainers.trainer_environment(make_settings(device=device), make_claim(), tmp_path)
    assert found["CUDA_VISIBLE_DEVICES"] == visible


def test_a_trainer_is_told_of_its_runs_checkpoints_and_of_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FORKPOINT_DATABASE_URL", "postgresql://user:hunter2@host/db")
    claim, settings = make_claim(7, "0f1e"), make_settings(data=tmp_path)
    found = trainers.trainer_environment(settings, claim, tmp_path)
    assert found["FORKPOINT_CHECKPOINTS"] == str(
        tmp_path / "checkpoints" / content_hash(claim.spec)
    )
    assert found["FORKPOINT_CHECKPOINT_STEP"] == "7"
    assert found["FORKPOINT_CHECKPOINT_LINEAGE"] == "0f1e"
    assert not [value for value in found.values() if "hunter2" in value]


def test_a_trainer_is_told_where_models_and_datasets_are(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path, models=Path("/srv/models"))
    found = trainers.trainer_environment(settings, make_claim(), tmp_path)
    assert found["FORKPOINT_MODELS"] == "/srv/models"
    assert found["FORKPOINT_DATASETS"] == str(tmp_path / "datasets")


def test_what_another_run_left_in_the_folder_is_not_this_runs(tmp_path: Path) -> None:
    """A folder outlives its database when that is restored or made anew."""
    folder = tmp_path / "runs" / "1" / "1"
    folder.mkdir(parents=True)
    (folder / "events.jsonl").write_text('{"kind": "finished", "step": 9, "seconds": 1}\n')
    settings = make_settings(trainer=[sys.executable, "-c", "print('new')"])
    trainer = trainers.start(settings, make_claim(), folder)
    trainer.process.wait(60)
    assert trainer.events.read_text() == "new\n"
    trainer.kill()


def test_an_analysis_is_told_where_the_weights_are_that_it_looks_at(tmp_path: Path) -> None:
    claim, settings = make_claim(), make_settings(data=tmp_path)
    looking = replace(claim, spec=analysis_of(claim.spec, AnalysisSettings(step=10)))
    found = trainers.trainer_environment(settings, looking, tmp_path)
    kept = tmp_path / "checkpoints"
    assert found["FORKPOINT_WEIGHTS"] == str(kept / content_hash(looking.spec.subject))
    assert found["FORKPOINT_CHECKPOINTS"] == str(kept / content_hash(looking.spec))
    assert found["FORKPOINT_PROBES"] == str(tmp_path / "probes")


@pytest.mark.parametrize("serving", [False, True])
def test_a_trainer_that_cannot_be_started_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, serving: bool
) -> None:
    server = TrainerServer([sys.executable, "-c", "import time; time.sleep(600)"])
    if serving:
        server.start(os.environ)
    before = list_open()
    monkeypatch.setenv("TOO_LONG", "x" * 200_000)
    with pytest.raises(OSError, match="too long"):
        trainers.start(make_settings(), make_claim(), tmp_path / "1", server)
    assert list_open() == before
    server.stop()


def list_open() -> list[str]:
    """What this process has open, other tests' connections and all."""
    return sorted(str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.exists())
