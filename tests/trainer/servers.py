"""A trainer server as a worker starts it, and the stand-ins that it serves."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from select import select

from domain.events import EVENTS, Event
from domain.runs import RunSpec
from tests.conftest import ROOT
from trainer import runs
from trainer.standins import SERVER

TRAINER = [sys.executable, "-m", "trainer"]


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    control: socket.socket
    environment: dict[str, str]
    log: int = subprocess.PIPE

    def start(
        self, *arguments: str, body: str = "", **environment: str
    ) -> tuple[subprocess.Popen[str], int]:
        """A stand-in, and what reads end of file once nothing of its attempt is left."""
        ended, held = os.pipe()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with suppress(OSError):  # it may have died
            socket.send_fds(self.control, [b"attempt"], [theirs.fileno(), held])
        os.close(held)
        with theirs, ours:
            process = subprocess.Popen(
                [*TRAINER, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.log,
                text=True,
                cwd=ROOT,
                env=self.environment | environment | {SERVER: str(ours.fileno())},
                pass_fds=[ours.fileno()],
            )
        assert process.stdin
        with suppress(BrokenPipeError):
            process.stdin.write(body)
            process.stdin.close()
        process.stdin = None
        return process, ended

    def run(
        self, *arguments: str, body: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        process, ended = self.start(*arguments, body=body, **environment)
        with process:
            output, errors = process.communicate(timeout=120)
        assert closes(ended, 0), "everything is over when the stand-in ends"
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.control.close()


def closes(descriptor: int, seconds: float) -> bool:
    ready, _, _ = select([descriptor], [], [], seconds)
    return bool(ready)


def serve(command: list[str], **changes: str) -> Server:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("FORKPOINT_")}
    environment = kept | {"OMP_NUM_THREADS": "1"} | changes
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(command, stdin=theirs.fileno(), cwd=ROOT, env=environment)
    return Server(process, control, environment)


def begin(server: Server, spec: RunSpec, place: runs.Place) -> tuple["subprocess.Popen[str]", int]:
    """As `start`, with this place for its checkpoints, each of which it publishes."""
    return replace(server, log=subprocess.DEVNULL).start(
        body=spec.model_dump_json(),
        FORKPOINT_CHECKPOINTS=str(place.checkpoints),
        FORKPOINT_CHECKPOINT_SECONDS="0",
    )


def read_until(process: subprocess.Popen[str], kind: str, number: int) -> list[Event]:
    events: list[Event] = []
    assert process.stdout
    for line in process.stdout:
        events.append(EVENTS.validate_json(line))
        if sum(event.kind == kind for event in events if hasattr(event, "kind")) >= number:
            break
    return events
