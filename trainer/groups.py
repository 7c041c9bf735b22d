"""A run on several devices: the trainer starts itself anew, a rank on each, and speaks for all.

`accelerate launch` starts the ranks, which meet their starter in a folder: there are the spec, a
pipe for the first rank's events, a file that asks them to stop, and how each of them ended. Where
that failed, the starter says so once. On Linux, ranks end with their starter, however that ends.
"""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from domain.events import Event, Failed
from domain.lifecycle import ExitCode
from domain.runs import RunSpec
from trainer import attempts, ranks
from trainer.equipment import check_equipment
from trainer.failures import Drained, Ended

SPEC, EVENTS, STOP, CONFIG = "spec.json", "events", "stop", "accelerate.json"
LAUNCH = [sys.executable, "-m", "accelerate.commands.launch"]
ENDED_WELL = (ExitCode.DONE, ExitCode.DRAINED)
CRASHED = 1
PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.1
CHUNK_BYTES = 1 << 16


def start(
    spec: RunSpec,
    arguments: Sequence[str],
    tell: Callable[[str], None],
    asked_to_stop: Callable[[], bool],
) -> None:
    """Returns when the run is done; `tell` gets the first rank's events as lines.

    Raises Invalid for what this machine lacks, Drained, and Ended for a rank that failed.
    """
    check_equipment(spec)
    with tempfile.TemporaryDirectory(prefix="forkpoint-ranks-") as made:
        folder, count = Path(made), spec.train.devices if spec.train else 1
        (folder / SPEC).write_text(spec.model_dump_json())
        (folder / CONFIG).write_text(json.dumps(accelerate_settings(count)))
        os.mkfifo(folder / EVENTS)
        process = launch(folder, arguments)
        try:
            relay(folder, process, tell, asked_to_stop)
        finally:
            process.kill()
            process.wait()
        conclude(folder, count)


def accelerate_settings(count: int) -> dict[str, object]:
    """Said in full, so that no file of the user's is asked.

    MULTI_GPU is its name for processes of one machine started by torchrun, on CPUs too: what it
    calls MULTI_CPU takes MPI. `main_process_port` 0 is any that is free.
    """
    return {
        "compute_environment": "LOCAL_MACHINE",
        "distributed_type": "MULTI_GPU",
        "num_machines": 1,
        "num_processes": count,
        "machine_rank": 0,
        "main_process_port": 0,
        "gpu_ids": "all",
        "rdzv_backend": "static",
        "same_network": True,
        "mixed_precision": "no",
        "use_cpu": False,
        "debug": False,
    }


def launch(folder: Path, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    own = ["--module", "trainer", "rank", str(folder), *arguments]
    return subprocess.Popen(
        [*LAUNCH, "--config_file", str(folder / CONFIG), *own],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one thread
    )


def relay(
    folder: Path,
    process: subprocess.Popen[bytes],
    tell: Callable[[str], None],
    asked_to_stop: Callable[[], bool],
) -> None:
    """Passes events up and the wish to stop down until all ranks ended. A torn line is lost."""
    pipe, rest = os.open(folder / EVENTS, os.O_RDWR | os.O_NONBLOCK), b""
    try:
        while True:
            over = process.poll() is not None
            if asked_to_stop():
                (folder / STOP).touch()
            ready, _, _ = select.select([pipe], [], [], 0 if over else POLL_SECONDS)
            if ready:
                *lines, rest = (rest + os.read(pipe, CHUNK_BYTES)).split(b"\n")
                for line in lines:
                    tell(line.decode())
            elif over:
                return
    finally:
        os.close(pipe)


def conclude(folder: Path, count: int) -> None:
    """Raises how the group ended, unless it is done: a rank that crashed has left nothing."""
    written = [path for path in (outcome(folder, rank) for rank in range(count)) if path.exists()]
    ends = [json.loads(path.read_text()) for path in written]
    for end in ends:
        if end["code"] not in ENDED_WELL:
            raise Ended(end["code"], end["message"])
    if len(ends) < count:
        raise Ended(CRASHED, "")
    if ends[0]["code"] == ExitCode.DRAINED:
        raise Drained


def outcome(folder: Path, rank: int) -> Path:
    return folder / f"rank-{rank}.json"


def join(arguments: Sequence[str]) -> int:
    """One rank, from its folder and the command's options to its exit code.

    A rank that others need not be ended for exits with 0, whatever the run's code is.
    """
    die_with_parent()
    folder, rank = Path(arguments[0]), int(os.environ["RANK"])
    places = attempts.places(attempts.read_options(arguments[1:]), folder)
    messages = list[str]()

    def asked_to_stop() -> bool:
        return (folder / STOP).exists()

    with open_pipe(folder) as pipe:

        def say(event: Event) -> None:
            if isinstance(event, Failed):
                messages.append(event.message)
            elif rank == 0:
                write(pipe, event)

        def work(spec: RunSpec) -> None:
            ranks.open_group()
            attempts.work_here(spec, places, say, asked_to_stop)
            ranks.close_group()

        code = attempts.attempt((folder / SPEC).read_text(), places["roots"], say, work)
    end = {"code": int(code), "message": "".join(messages)}
    draft = outcome(folder, rank).with_suffix(".draft")
    draft.write_text(json.dumps(end))
    draft.rename(outcome(folder, rank))
    return 0 if code in ENDED_WELL else code


def open_pipe(folder: Path) -> TextIO:
    """Raises OSError where nobody reads it: the starter was killed before this rank could know."""
    number = os.open(folder / EVENTS, os.O_WRONLY | os.O_NONBLOCK)
    os.set_blocking(number, True)
    return os.fdopen(number, "w", encoding="utf-8")


def write(pipe: TextIO, event: Event) -> None:
    pipe.write(event.model_dump_json() + "\n")
    pipe.flush()


def die_with_parent() -> None:
    """Where the kernel can see to it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
