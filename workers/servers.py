"""The trainer server of a worker: a process that forks its trainers with everything imported.

It is started with the first attempt, behind a shim like a trainer's own, so it goes with its worker
and takes along what it forked. One that was killed is started anew; one that ended by itself cannot
work here and is not. Without it, a trainer does its imports itself.
"""

import logging
import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

logger = logging.getLogger(__name__)

ATTEMPT = b"attempt"
STDERR = 2


@dataclass
class Seat:
    """One attempt's place at a server. `connection` is for its trainer.

    `ended` reads end of file once nothing of the attempt is left on the server's side.
    """

    connection: socket.socket
    ended: int


@dataclass
class TrainerServer:
    """`command` is the trainer's."""

    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    control: socket.socket | None = None
    lifeline: int = -1

    def take_seat(self, environment: Mapping[str, str]) -> Seat | None:
        """None where trainers have to go without. `environment` is theirs, less our settings."""
        control = self.reach(environment)
        if control is None:
            return None
        ended, held = os.pipe()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            socket.send_fds(control, [ATTEMPT], [theirs.fileno(), held])
        except OSError as error:  # it has just died, and is started with the next attempt
            logger.warning("the trainer server takes no attempt: %s", error)
            ours.close()
            os.close(ended)
            return None
        finally:
            theirs.close()
            os.close(held)
        return Seat(ours, ended)

    def reach(self, environment: Mapping[str, str]) -> socket.socket | None:
        """A socket to the server, which is started where that makes sense."""
        if self.process and self.control and select.select([self.control], [], [], 0)[0]:
            self.process.wait()  # the server, which says nothing, has hung up: its shim follows
        code = self.process.poll() if self.process else -1
        if code is not None and code >= 0:
            return None
        if code is not None:
            self.stop()
            self.start(environment)
        return self.control

    def start(self, environment: Mapping[str, str]) -> None:
        with ExitStack() as ours, ExitStack() as passed_on:
            read_end, lifeline = os.pipe()
            ours.callback(os.close, lifeline)
            passed_on.callback(os.close, read_end)
            control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            ours.enter_context(control)
            passed_on.enter_context(theirs)
            control.setblocking(False)
            process = subprocess.Popen(
                [sys.executable, "-m", "workers.shim", str(read_end), *self.command, "serve"],
                stdin=theirs.fileno(),
                stdout=STDERR,
                pass_fds=[read_end],
                start_new_session=True,
                env=environment,
            )
            ours.pop_all()
        self.process, self.control, self.lifeline = process, control, lifeline
        logger.info("the trainer server is process %d", process.pid)

    def stop(self) -> None:
        """Ends it and everything it forked; returns when they are gone."""
        if self.process and self.control:
            os.close(self.lifeline)
            self.process.wait()
            self.control.close()
            self.process = self.control = None
