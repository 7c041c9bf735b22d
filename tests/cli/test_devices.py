"""Which devices get a worker."""

import pytest

from cli import devices
from cli.errors import StackError


def test_without_a_number_every_core_or_every_gpu_gets_one() -> None:
    chosen = devices.choose_devices(None)
    kinds = {name.partition(":")[0] for name in chosen}
    assert len(kinds) == 1
    assert len(chosen) == (devices.count_gpus() or devices.count_cores())


def test_a_number_takes_that_many() -> None:
    assert devices.choose_devices(0) == []
    assert len(devices.choose_devices(1)) == 1


def test_more_than_there_are_is_refused_with_what_there_is() -> None:
    with pytest.raises(StackError, match="this machine has"):
        devices.choose_devices(1_000_000)
