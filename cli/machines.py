"""The machine, as `forkpoint doctor` finds it: devices, disks, limits, and what is installed."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

from cli.devices import count_cores, list_gpus
from cli.findings import Finding, error, ok, warning
from cli.stack import ROOT

GB = 1e9
TORCH_SECONDS = 120
ASK_TORCH = (
    "import json, torch;"
    "print(json.dumps([torch.__version__, torch.cuda.device_count(), torch.version.cuda]))"
)
SHARED = Path("/dev/shm")  # noqa: S108
SHARED_BYTES = 64 * 2**20
FILES, PROCESSES = 1024, 512
SHOWN = 6


def examine_devices() -> Iterator[Finding]:
    gpus = list_gpus()
    if not gpus:
        cores = count_cores()
        yield ok("devices", f"no NVIDIA GPU; workers serve {cores} CPU cores")
    else:
        yield ok("devices", f"{len(gpus)} NVIDIA GPUs, as nvidia-smi lists them")
    if find_spec("torch") is None:
        yield ok("torch", "is not installed here; only workers need it")
        return
    yield examine_torch(len(gpus))


def examine_torch(gpus: int) -> Finding:
    """In a process of its own: torch takes seconds to load, and memory of a GPU."""
    command = [sys.executable, "-c", ASK_TORCH]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TORCH_SECONDS, check=True
        )
        version, seen, cuda = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as problem:
        said = str(getattr(problem, "stderr", "") or problem).strip().splitlines()
        return error("torch", f"cannot be loaded: {said[-1]}", "install anew: make install")
    if seen < gpus:
        built = f"for CUDA {cuda}" if cuda else "without CUDA"
        message = f"torch {version}, built {built}, sees {seen} of {gpus} GPUs"
        return error("torch", message, "install a build for your driver: make install TORCH_INDEX=")
    return ok("torch", f"{version} sees {seen} GPUs")


def examine_disks(folders: dict[str, Path]) -> Iterator[Finding]:
    """Space and inodes of each folder, or of where it would be made."""
    for name, folder in {**folders, "temporary files": Path(tempfile.gettempdir())}.items():
        place = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        yield judge_space(name, place)
        yield from judge_inodes(name, place)


def judge_space(name: str, place: Path) -> Finding:
    usage = shutil.disk_usage(place)
    subject, message = f"disk of {name}", f"{usage.free / GB:.1f} GB free at {place}"
    remedy = f"free some: `du -xh --max-depth 2 {place} | sort -h`; checkpoints may be deleted"
    if usage.free < GB:
        return error(subject, message, remedy)
    if usage.free < 5 * GB:
        return warning(subject, message, remedy)
    return ok(subject, message)


def judge_inodes(name: str, place: Path) -> Iterator[Finding]:
    """Some file systems have no fixed number of them, and say 0."""
    found = os.statvfs(place)
    if found.f_files and found.f_favail < 0.02 * found.f_files:
        message = f"{found.f_favail:,} of {found.f_files:,} inodes are left at {place}"
        yield error(f"inodes of {name}", message, "delete folders of many small files")


def examine_limits() -> Iterator[Finding]:
    if SHARED.exists() and (size := shutil.disk_usage(SHARED).total) <= SHARED_BYTES:
        message = f"{size / 2**20:.0f} MB: too little for runs on several GPUs"
        yield warning("shared memory", message, "in a container: --shm-size 8g, or shm_size: 8gb")
    elif SHARED.exists():
        yield ok("shared memory", f"{size / GB:.1f} GB")
    yield judge_limit("open files", resource.RLIMIT_NOFILE, FILES, "n")
    yield judge_limit("processes", resource.RLIMIT_NPROC, PROCESSES, "u")


def judge_limit(name: str, kind: int, least: int, option: str) -> Finding:
    soft, _ = resource.getrlimit(kind)
    if soft == resource.RLIM_INFINITY or soft >= least:
        limit = "no limit" if soft == resource.RLIM_INFINITY else f"up to {soft:,}"
        return ok(name, limit)
    return warning(name, f"no more than {soft} are allowed", f"ulimit -{option} {least * 4}")


def examine_installation() -> Iterator[Finding]:
    if (ROOT / "frontend" / "dist" / "index.html").exists():
        yield ok("page", "is built")
    else:
        yield warning("page", "is not built; the API works without it", "make install")
    constraints = ROOT / "constraints.txt"
    if constraints.exists():
        yield judge_packages(constraints.read_text())


def judge_packages(constraints: str) -> Finding:
    """Installed packages against those this version was tested with; local builds are the same."""
    tested = dict(line.strip().split("==") for line in constraints.splitlines() if "==" in line)
    wanted = {normal(name): version for name, version in tested.items()}
    found = {normal(one.name): one.version.partition("+")[0] for one in distributions()}
    other = [
        f"{name} {found[name]} (tested with {version})"
        for name, version in wanted.items()
        if name in found and found[name] != version
    ]
    if not other:
        return ok("packages", "have the versions this was tested with")
    more = f" and {len(other) - SHOWN} more" if len(other) > SHOWN else ""
    message = f"others than tested: {', '.join(other[:SHOWN])}{more}"
    return warning("packages", message, "pip install -c constraints.txt -e '.[all]'")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
