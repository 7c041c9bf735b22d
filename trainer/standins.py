"""Stands in for a trainer that trainer/forks.py forks: passes SIGTERM on, ends as it ended.

It imports next to nothing, so that it is there at once. Where no server answers, the caller does
the work itself: a run never fails for want of one. Once the server has the request, its end is the
trainer's end, as if that had been killed.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence

SERVER = "FORKPOINT_TRAINER_SERVER"
"""In the environment: the number of an open descriptor, a connection to the server."""

READY, ACCEPTED, REFUSED, STOP = b"ready", b"accepted", b"refused", b"stop"
REQUEST_BYTES = 1 << 18
WORD_BYTES = 64
READY_SECONDS = 60.0


def stand_in(number: int, arguments: Sequence[str], asked_to_stop: Callable[[], bool]) -> None:
    """Returns only if this process has to do the work itself."""
    with socket.socket(fileno=number) as server:
        os.set_inheritable(number, False)
        if not hand_over(server, arguments):
            return
        signal.signal(signal.SIGTERM, lambda *_: pass_on(server))
        if asked_to_stop():
            pass_on(server)
        end_like(wait(server))


def hand_over(server: socket.socket, arguments: Sequence[str]) -> bool:
    """Gives the server our streams, once it has imported what it needs. False if it does not."""
    asked = {"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109
    try:
        server.settimeout(READY_SECONDS)
        if server.recv(WORD_BYTES) != READY:
            return False
        server.settimeout(None)
        socket.send_fds(server, [json.dumps(asked).encode()], [0, 1, 2])
    except OSError:
        return False
    return hear(server) != REFUSED


def pass_on(server: socket.socket) -> None:
    try:
        server.send(STOP)
    except OSError:
        return  # it has ended; wait() says how


def wait(server: socket.socket) -> int:
    """The trainer's exit code, or its signal as a negative number."""
    return int(hear(server) or -signal.SIGKILL)


def hear(server: socket.socket) -> bytes:
    """The server's next word; empty when it has died."""
    try:
        return server.recv(WORD_BYTES)
    except OSError:
        return b""


def end_like(code: int) -> None:
    if code >= 0:
        sys.exit(code)
    if -code != signal.SIGKILL:
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
