"""What a worker says of its device; the driver's program is stood in for, since few have a GPU."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func

from db.sessions import transaction
from tests.factories import enlist
from tests.workers.test_trainers import make_settings
from workers.hardware import Gpu, Hardware, examine, find_gpus
from workers.health import is_heard

Driver = Callable[[str], None]


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    """Makes an `nvidia-smi` that runs this shell script; `$4` is the GPUs it is asked about."""

    def make(script: str) -> None:
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    forget()
    yield make
    forget()


def forget() -> None:
    examine.cache_clear()
    find_gpus.cache_clear()


def test_a_gpu_has_the_drivers_name_and_its_memory_in_decimal_gigabytes(driver: Driver) -> None:
    driver('[ "$4" = 1 ] && echo "NVIDIA H200, 143771, 570.86.15"')
    assert examine("cuda:1") == Hardware(1, "NVIDIA H200", 150.8)
    assert find_gpus("cuda:1") == [Gpu("NVIDIA H200", 150.8, "570.86.15")]


def test_several_gpus_count_as_the_least_of_them(driver: Driver) -> None:
    driver('[ "$4" = 0,2 ] && printf "A, 40960, 1\\nB, 81559, 1\\n"')
    assert examine("cuda:0,2") == Hardware(2, "A, B", 42.9)


def test_the_driver_is_asked_about_the_gpus_that_the_worker_was_given(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "GPU-aa,GPU-bb")
    driver('[ "$4" = GPU-bb ] && echo "A, 1000, 1"')
    assert examine("cuda:1").device_name == "A"


@pytest.mark.parametrize("script", ["exit 9", "echo 'NVIDIA GB10, [N/A], 580.1'", "echo nonsense"])
def test_memory_that_nobody_can_say_is_unknown(driver: Driver, script: str) -> None:
    driver(script)
    assert (examine("cuda:0").devices, examine("cuda:0").memory_gb) == (1, None)


def test_a_cpu_worker_has_the_machines_memory() -> None:
    found = examine("cpu:0")
    assert found.devices == 1
    assert found.memory_gb
    assert found.memory_gb > 0.1


def test_the_health_check_of_a_worker_leaves_the_driver_alone(
    driver: Driver, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    driver(f"touch {tmp_path}/asked")
    settings = make_settings(device="cuda:0").model_copy(update={"database_url": database_url})
    assert not is_heard(settings)
    with transaction(engine) as db:
        enlist(db, settings.name, seen_at=func.now(), device="cuda:0", device_kind="cuda")
    assert is_heard(settings)
    assert not (tmp_path / "asked").exists()
