"""The devices of this machine that a worker can serve: its NVIDIA GPUs, else its CPU cores."""

import os
from importlib import import_module
from importlib.util import find_spec

from cli.errors import StackError


def choose_devices(wanted: int | None) -> list[str]:
    """`wanted` devices, GPUs first; without a number all GPUs, or all cores where there is none."""
    gpus = [f"cuda:{index}" for index in range(count_gpus())]
    cores = [f"cpu:{index}" for index in range(count_cores())]
    if wanted is None:
        return gpus or cores
    if wanted > len(gpus) + len(cores):
        raise StackError(
            f"{wanted} workers asked for, but this machine has {len(gpus)} GPUs and "
            f"{len(cores)} usable cores; one worker serves one device"
        )
    return (gpus + cores)[:wanted]


def count_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def count_gpus() -> int:
    """GPUs that NVIDIA's management library reports; 0 without the library or a driver."""
    if find_spec("pynvml") is None:
        return 0
    pynvml = import_module("pynvml")
    try:
        pynvml.nvmlInit()
        count = int(pynvml.nvmlDeviceGetCount())
        pynvml.nvmlShutdown()
    except pynvml.NVMLError:
        return 0
    return count
