"""What a worker's device is: its name, its memory and its driver, asked without loading torch."""

import os
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

QUERY = "name,memory.total,driver_version"
ASK_SECONDS = 30
MEBIBYTES_PER_GB = 1e9 / 2**20
CPU_NAMES = Path("/proc/cpuinfo")
CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


class Hardware(NamedTuple):
    """`memory_gb` (10^9 bytes) is that of each of the devices; None where nobody could say."""

    devices: int
    device_name: str | None
    memory_gb: float | None


class Gpu(NamedTuple):
    name: str
    memory_gb: float | None
    driver: str


@cache
def examine(device: str) -> Hardware:
    """Of the worker's device, as `cpu:0` or `cuda:0,1`; unlike GPUs count as the least of them."""
    kind, _, numbers = device.partition(":")
    if kind == "cpu":
        return Hardware(1, name_cpu(), measure_memory())
    gpus = find_gpus(device)
    names = sorted({gpu.name for gpu in gpus})
    memory = min((gpu.memory_gb for gpu in gpus if gpu.memory_gb), default=None)
    return Hardware(len(numbers.split(",")), ", ".join(names) or None, memory)


@cache
def find_gpus(device: str) -> list[Gpu]:
    """Those that a worker on `cuda:...` serves; none where the driver's program does not say."""
    kind, _, numbers = device.partition(":")
    if kind != "cuda":
        return []
    chosen = ",".join(visible_gpu(int(number)) for number in numbers.split(","))
    lines = ask_driver("-i", chosen).splitlines()
    return [read_gpu(line) for line in lines if line.count(",") == QUERY.count(",")]


def ask_driver(*arguments: str) -> str:
    """What the program that comes with every NVIDIA driver says; empty where it cannot."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    command = [program, f"--query-gpu={QUERY}", "--format=csv,noheader,nounits", *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=ASK_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def read_gpu(line: str) -> Gpu:
    name, mebibytes, driver = (part.strip() for part in line.split(","))
    known = mebibytes.isdecimal()  # some devices share the machine's memory, and answer [N/A]
    return Gpu(name, round(int(mebibytes) / MEBIBYTES_PER_GB, 1) if known else None, driver)


def visible_gpu(index: int) -> str:
    """The GPU that this machine's owner calls number `index` of those given to the worker."""
    given = [name for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name]
    return given[index] if index < len(given) else str(index)


def measure_memory() -> float:
    """Of the machine, or of the container that this is."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = CONTAINER_LIMIT.read_text().strip() if CONTAINER_LIMIT.exists() else "max"
    return round(min(total, int(limit)) / 1e9 if limit.isdigit() else total / 1e9, 1)


def name_cpu() -> str | None:
    if CPU_NAMES.exists():
        for line in CPU_NAMES.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or None
