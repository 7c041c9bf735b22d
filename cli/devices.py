"""The devices of this machine that a worker can serve: its NVIDIA GPUs, else its CPU cores."""

import os
import shutil
import subprocess

from cli.errors import StackError


def choose_devices(wanted: int | None) -> list[str]:
    """`wanted` devices, GPUs first; without a number all GPUs, or all cores where there is none."""
    gpus = [f"cuda:{index}" for index in range(count_gpus(os.environ.get("CUDA_VISIBLE_DEVICES")))]
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


def count_gpus(visible: str | None) -> int:
    """GPUs the driver lists, or those of them that CUDA_VISIBLE_DEVICES (`visible`) leaves."""
    listed = len(list_gpus())
    if visible is None or not listed:
        return listed
    return len([name for name in visible.split(",") if name.strip() not in ("", "-1")])


def list_gpus() -> list[str]:
    """One line for each GPU, from the program that comes with every NVIDIA driver."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        done = subprocess.run(
            [program, "--list-gpus"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [line for line in done.stdout.splitlines() if line.startswith("GPU ")]
