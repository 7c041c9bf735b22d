"""`python -m trainer`: one JSON RunSpec on standard input, events on standard output.

Standard error takes everything else. The exit code is domain.lifecycle.ExitCode; SIGTERM stops
the run between two steps. OMP_NUM_THREADS gives torch more threads than one.
"""

import argparse
import ctypes
import os
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError

from domain.errors import DomainError, from_validation
from domain.events import Event, Failed
from domain.lifecycle import ExitCode
from domain.methods import METHODS
from domain.runs import RunSpec
from trainer.failures import BadData, Drained
from trainer.specs import check

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT_BYTES = 1 << 30

stop_signals: list[int] = []


def main() -> int:
    signal.signal(signal.SIGTERM, lambda number, _: stop_signals.append(number))
    parser = argparse.ArgumentParser(prog="trainer", description=__doc__)
    parser.add_argument(
        "--artifacts",
        type=Path,
        default=os.environ.get("FORKPOINT_ARTIFACTS"),
        help="a folder for this attempt's files (FORKPOINT_ARTIFACTS)",
    )
    parser.add_argument(
        "--checkpoints",
        type=Path,
        default=os.environ.get("FORKPOINT_CHECKPOINTS"),
        help="a folder for this run's checkpoints, the same at every attempt; without one there "
        "are none (FORKPOINT_CHECKPOINTS)",
    )
    parser.add_argument(
        "--checkpoint-step",
        type=int,
        default=os.environ.get("FORKPOINT_CHECKPOINT_STEP"),
        help="go on from no later checkpoint than this step's (FORKPOINT_CHECKPOINT_STEP)",
    )
    parser.add_argument(
        "--checkpoint-lineage",
        default=os.environ.get("FORKPOINT_CHECKPOINT_LINEAGE"),
        help="go on from checkpoints that came of this one alone (FORKPOINT_CHECKPOINT_LINEAGE)",
    )
    parser.add_argument(
        "--checkpoint-seconds",
        type=float,
        default=os.environ.get("FORKPOINT_CHECKPOINT_SECONDS", "300"),
        help="how often a checkpoint is published (FORKPOINT_CHECKPOINT_SECONDS)",
    )
    options = parser.parse_args()
    # Libraries print: standard output is ours alone before any of them is imported.
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    prepare_environment()
    with tempfile.TemporaryDirectory(prefix="forkpoint-") as spare:
        folder = options.artifacts or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        places = {
            "folder": folder,
            "checkpoints": options.checkpoints,
            "checkpoint_step": options.checkpoint_step,
            "lineage": options.checkpoint_lineage,
            "checkpoint_seconds": options.checkpoint_seconds,
        }
        return attempt(sys.stdin.read(), places, events)


def prepare_environment() -> None:
    """More than one thread a process makes several trainers on one machine far slower than one."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def keep_freed_memory() -> None:
    """Giving freed tensors back and faulting them in again would take 8 % of a step."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)
        libc.mallopt(M_MMAP_THRESHOLD, KEPT_BYTES)


def attempt(body: str, places: dict[str, Any], events: TextIO) -> int:
    def say(event: Event) -> None:
        events.write(event.model_dump_json() + "\n")
        events.flush()

    try:
        execute(body, places, say)
    except Drained:
        return ExitCode.DRAINED
    except DomainError as error:
        say(Failed(message=error.message))
        return ExitCode.BAD_SPEC
    except BadData as error:
        say(Failed(message=str(error)))
        return ExitCode.BAD_DATA
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        say(Failed(message=f"out of memory: {error}"))
        return ExitCode.OUT_OF_MEMORY
    return ExitCode.DONE


def execute(body: str, places: dict[str, Any], say: Callable[[Event], None]) -> None:
    """`places` are the fields of trainer.runs.Place, which loads torch."""
    try:
        spec = RunSpec.model_validate_json(body)
    except ValidationError as error:
        raise from_validation(error, tags=METHODS) from None
    check(spec)
    # Imported here, after the environment is set and a bad spec has been refused in no time.
    import torch

    from trainer import runs

    keep_freed_memory()
    # trl 1.16 calls transformers 5.23 by an old name; a run's log is no place to say so.
    warnings.filterwarnings("ignore", ".is_gradient_checkpointing. is deprecated", FutureWarning)
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    runs.run(spec, runs.Place(**places), say, asked_to_stop=lambda: bool(stop_signals))


def is_out_of_memory(error: Exception) -> bool:
    """By name and text: torch is not imported yet where a bad spec is refused."""
    words = ("out of memory", "can't allocate memory")
    return isinstance(error, MemoryError) or any(word in str(error) for word in words)


if __name__ == "__main__":
    sys.exit(main())
