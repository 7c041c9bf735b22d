"""One trainer process: started behind its shim, its words kept in files, stopped for certain."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from db.attempts import Claim
from workers.hardware import visible_gpu
from workers.servers import Seat, TrainerServer
from workers.settings import Settings

SERVER = "FORKPOINT_TRAINER_SERVER"
"""Names to a trainer the descriptor of its connection to the trainer server."""
END_SECONDS = 10.0
LOG_BYTES = 64 * 1024
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass
class Trainer:
    """A running trainer. `events` is its standard output, a file that doubles as the spool.

    `process` is its shim; `seat` is its place at `server`, if it was to be forked there.
    """

    process: subprocess.Popen[bytes]
    lifeline: int
    events: Path
    log: Path
    server: TrainerServer | None = None
    seat: Seat | None = None

    def ask_to_stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the trainer and everything it started; returns when they are gone."""
        if self.lifeline >= 0:
            os.close(self.lifeline)
            self.lifeline = -1
        self.process.wait()
        if self.server and self.seat:
            ended, self.seat = self.seat.ended, None
            ready, _, _ = select.select([ended], [], [], END_SECONDS)
            os.close(ended)
            if not ready:
                self.server.stop()

    def count_said(self) -> int:
        """Bytes of its events and its log."""
        return self.events.stat().st_size + self.log.stat().st_size

    def read_log(self) -> str:
        """The log's last part as plain text: no escape sequences, no control characters."""
        size = self.log.stat().st_size
        with self.log.open("rb") as file:
            file.seek(max(0, size - LOG_BYTES))
            raw = file.read().decode(errors="replace")
        return clean(raw)


def clean(text: str) -> str:
    """Plain text from untrusted output; of a line redrawn with carriage returns, its last state."""
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return CONTROLS.sub("", ESCAPES.sub("", "\n".join(lines)))


def open_server(settings: Settings) -> TrainerServer | None:
    """What trainers are forked from; it starts with the first of them."""
    return TrainerServer(settings.trainer) if settings.forks else None


def start(
    settings: Settings, claim: Claim, folder: Path, server: TrainerServer | None = None
) -> Trainer:
    """Starts the trainer on a run, with its files in `folder` and its own devices to see.

    It is forked from `server` where that is possible.
    """
    # A folder of that name is another database's: its events must not become this run's.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spec_file, events, log = folder / "spec.json", folder / "events.jsonl", folder / "log.txt"
    spec_file.write_text(claim.spec.model_dump_json(indent=2))
    environment = trainer_environment(settings, claim, folder)
    with ExitStack() as ours, ExitStack() as passed_on:
        read_end, lifeline = os.pipe()
        ours.callback(os.close, lifeline)
        passed_on.callback(os.close, read_end)
        seat = server.take_seat(shared_environment(settings)) if server else None
        if seat:
            ours.callback(os.close, seat.ended)
            passed_on.enter_context(seat.connection)
            environment[SERVER] = str(seat.connection.fileno())
        process = subprocess.Popen(
            [sys.executable, "-m", "workers.shim", str(read_end), *settings.trainer],
            stdin=passed_on.enter_context(spec_file.open("rb")),
            stdout=passed_on.enter_context(events.open("ab")),
            stderr=passed_on.enter_context(log.open("ab")),
            pass_fds=[read_end, *([seat.connection.fileno()] if seat else [])],
            start_new_session=True,
            env=environment,
        )
        ours.pop_all()  # with the process there is somebody to close them
    return Trainer(process, lifeline, events, log, server, seat)


def trainer_environment(settings: Settings, claim: Claim, folder: Path) -> dict[str, str]:
    """What a trainer sees: the worker's environment, and where its files are."""
    return {
        **shared_environment(settings),
        **places_to_look(settings, claim),
        "FORKPOINT_ARTIFACTS": str(folder),
        "FORKPOINT_CHECKPOINTS": str(settings.checkpoints_of(claim.spec)),
        "FORKPOINT_CHECKPOINT_STEP": str(claim.checkpoint_step),
        **({"FORKPOINT_CHECKPOINT_LINEAGE": claim.lineage} if claim.lineage else {}),
        "FORKPOINT_CHECKPOINT_SECONDS": str(settings.checkpoint_seconds),
        "FORKPOINT_MODELS": str(settings.roots.models),
        "FORKPOINT_DATASETS": str(settings.roots.datasets),
    }


def places_to_look(settings: Settings, claim: Claim) -> dict[str, str]:
    """Of an analysis: the weights that it looks at, and traces of untrained models."""
    if claim.spec.analysis is None:
        return {}
    return {
        "FORKPOINT_WEIGHTS": str(settings.checkpoints_of(claim.spec.subject)),
        "FORKPOINT_PROBES": str(settings.traces),
    }


def shared_environment(settings: Settings) -> dict[str, str]:
    """The worker's environment less our settings, whose credentials a trainer never sees."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FORKPOINT_")}
    kind, _, numbers = settings.device.partition(":")
    gpus = [visible_gpu(int(number)) for number in numbers.split(",")] if kind == "cuda" else []
    return {
        "OMP_NUM_THREADS": "1",
        **kept,
        "CUDA_VISIBLE_DEVICES": ",".join(gpus),
    }
