"""Which devices get a worker."""

from pathlib import Path

import pytest

from cli import devices
from cli.errors import StackError


def test_without_a_number_every_core_or_every_gpu_gets_one() -> None:
    chosen = devices.choose_devices(None)
    kinds = {name.partition(":")[0] for name in chosen}
    assert len(kinds) == 1
    assert len(chosen) == (len(devices.list_gpus()) or devices.count_cores())


def test_a_number_takes_that_many() -> None:
    assert devices.choose_devices(0) == []
    assert len(devices.choose_devices(1)) == 1


def test_more_than_there_are_is_refused_with_what_there_is() -> None:
    with pytest.raises(StackError, match="this machine has"):
        devices.choose_devices(1_000_000)


def test_every_gpu_the_driver_lists_gets_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'GPU 0: H200 (UUID: a)'\necho 'GPU 1: H200 (UUID: b)'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert devices.choose_devices(None) == ["cuda:0", "cuda:1"]
    assert devices.choose_devices(3) == ["cuda:0", "cuda:1", "cpu:0"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert devices.choose_devices(None) == ["cuda:0"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert devices.choose_devices(1) == ["cpu:0"]
