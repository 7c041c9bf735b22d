"""One attempt at a run, from the command's options and standard input to its exit code."""

import argparse
import ctypes
import gc
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from assets.cards import Roots
from domain.errors import DomainError, from_validation
from domain.events import Event, Failed
from domain.failures import tells_of_disk
from domain.lifecycle import ExitCode
from domain.methods import METHODS
from domain.runs import RunSpec
from trainer.failures import BadData, Drained, Ended
from trainer.specs import check

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT_BYTES = 1 << 30

Stop = Callable[[], bool]
Say = Callable[[Event], None]


class Option(NamedTuple):
    """`--name`, or FORKPOINT_NAME in the environment."""

    name: str
    kind: Callable[[str], object]
    meaning: str
    default: str | None = None


OPTIONS = (
    Option("artifacts", Path, "a folder for this attempt's files"),
    Option(
        "checkpoints",
        Path,
        "a folder for this run's checkpoints, the same at every attempt; unset, none are kept",
    ),
    Option("checkpoint-step", int, "go on from no later checkpoint than this step's"),
    Option("checkpoint-lineage", str, "go on from checkpoints that came of this one alone"),
    Option("checkpoint-seconds", float, "how often a checkpoint is published", "300"),
    Option("weights", Path, "the folder of the checkpoints of the run that is analysed"),
    Option("probes", Path, "a folder for traces of untrained models; unset, none are kept"),
    Option("models", Path, "the folder below which models are looked for", ".data/models"),
    Option("datasets", Path, "the folder below which datasets are looked for", ".data/datasets"),
)


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="trainer", description="See trainer/__main__.py.")
    for option in OPTIONS:
        variable = f"FORKPOINT_{option.name.replace('-', '_').upper()}"
        parser.add_argument(
            f"--{option.name}",
            type=option.kind,
            default=os.environ.get(variable, option.default),
            help=f"{option.meaning} ({variable})",
        )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str], asked_to_stop: Stop) -> int:
    options = read_options(arguments)
    # Libraries print: standard output is ours alone before any of them is imported.
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    prepare_environment()
    with tempfile.TemporaryDirectory(prefix="forkpoint-") as spare:
        own = places(options, Path(spare))

        def tell(line: str) -> None:
            events.write(line + "\n")
            events.flush()

        def say(event: Event) -> None:
            tell(event.model_dump_json())

        def work(spec: RunSpec) -> None:
            if spec.devices > 1:
                from trainer import groups  # loads torch

                groups.start(spec, arguments, tell, asked_to_stop)
            else:
                work_here(spec, own, say, asked_to_stop)

        return attempt(sys.stdin.read(), own["roots"], say, work)


def places(options: argparse.Namespace, spare: Path) -> dict[str, Any]:
    """The fields of trainer.runs.Place, which loads torch."""
    folder = options.artifacts or spare
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "folder": folder,
        "checkpoints": options.checkpoints,
        "checkpoint_step": options.checkpoint_step,
        "lineage": options.checkpoint_lineage,
        "checkpoint_seconds": options.checkpoint_seconds,
        "weights": options.weights,
        "probes": options.probes,
        "roots": Roots(options.models, options.datasets),
    }


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


def attempt(body: str, roots: Roots, say: Say, work: Callable[[RunSpec], None]) -> int:
    """The exit code of the `work` on a spec that can be carried out; `say` hears why not."""
    try:
        work(read_spec(body, roots))
    except Drained:
        return ExitCode.DRAINED
    except Exception as error:
        code, message = explain(error)
        if code is None:
            raise
        if message:
            with suppress(OSError):  # where the disk is full, the exit code has to do
                say(Failed(message=message))
        return code
    return ExitCode.DONE


def explain(error: Exception) -> tuple[int | None, str]:
    """The exit code of an error whose cause is known, and the cause in words."""
    if isinstance(error, Ended):
        return error.code, error.message
    if isinstance(error, DomainError):
        return ExitCode.BAD_SPEC, error.message
    if isinstance(error, BadData):
        return ExitCode.BAD_DATA, str(error)
    if is_out_of_memory(error):
        return ExitCode.OUT_OF_MEMORY, f"out of memory: {error}"
    if tells_of_disk(error):
        return ExitCode.DISK, f"a file could not be written: {error}"
    return None, ""


def read_spec(body: str, roots: Roots) -> RunSpec:
    """Raises Invalid or BadData."""
    try:
        spec = RunSpec.model_validate_json(body)
    except ValidationError as error:
        raise from_validation(error, tags=METHODS) from None
    check(spec, roots)
    return spec


def work_here(spec: RunSpec, places: dict[str, Any], say: Say, asked_to_stop: Stop) -> None:
    """Carries a run out in this process. `places` are those of the function of that name."""
    # Imported here, after the environment is set and a bad spec has been refused in no time.
    import torch

    from trainer import runs

    gc.freeze()  # else each training begins with a search through all of torch
    gc.enable()
    keep_freed_memory()
    # trl 1.16 calls transformers 5.23 by old names; a run's log is no place to say so.
    old_names = ".[a-z_]*gradient_checkpointing[a-z_]*. is deprecated"
    warnings.filterwarnings("ignore", old_names, FutureWarning)
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    runs.run(spec, runs.Place(**places), say, asked_to_stop)


def is_out_of_memory(error: Exception) -> bool:
    """By name and text: torch is not imported yet where a bad spec is refused."""
    words = ("out of memory", "can't allocate memory")
    return isinstance(error, MemoryError) or any(word in str(error) for word in words)
