"""`python -m trainer serve`: forks trainers that have everything imported, one at a time.

Standard input is a socket to the worker. Each message on it brings two descriptors: a connection
to one stand-in (trainer/standins.py) and the write end of a pipe. The stand-in sends its arguments,
environment and standard streams; the child is from then on what `python -m trainer` would be.

What holds: a child shares no file, signal or later memory with the server or another child. It is
killed, with everything below it, when its stand-in goes away, and by the kernel when the server
dies; what is below it then is the server's parent's to kill. The stand-in hears of the end, and the
pipe is closed, only when nothing of the attempt is left. Nothing here starts a thread or touches a
device, which no fork would survive; where a library did, the server ends and says so.
"""

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from trainer.standins import ACCEPTED, READY, REFUSED, REQUEST_BYTES, STOP, WORD_BYTES, hear

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
STREAMS = 3
CLOSED_BY_EXEC = socket.MSG_CMSG_CLOEXEC
PATIENCE_SECONDS = 10.0

WHILE_LOADING = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
}
"""Keeps pyarrow and numpy from starting threads, and torch from asking CUDA how many GPUs it has.

The last is of no use to children, who shall know for certain.
"""


class Request(NamedTuple):
    """What a stand-in was started with; `streams` are copies of its three standard ones."""

    streams: list[int]
    arguments: list[str]
    environment: dict[str, str]
    folder: str


def serve() -> list[str]:
    """Returns in each child, with the arguments it is to work on; never in the server."""
    given, server = dict(os.environ), os.getpid()
    worker = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    set_process_option(PR_SET_CHILD_SUBREAPER, 1)
    load(given)
    if reason := unfit():
        sys.exit(f"no trainer can be forked here: {reason}")
    gc.collect()
    gc.freeze()  # a collection in a child must not write to, and so copy, all of these pages
    gc.enable()
    request = wait_for_child(worker, given)
    worker.close()
    begin(request, server)
    return request.arguments


def wait_for_child(worker: socket.socket, given: Mapping[str, str]) -> Request:
    """Serves attempts until the worker is gone. Returns in each child."""
    while True:
        message, numbers, _, _ = socket.recv_fds(worker, WORD_BYTES, 2, CLOSED_BY_EXEC)
        if not message:
            sys.exit(0)
        connection, held = numbers
        with socket.socket(fileno=connection) as stand_in:
            request = attend(stand_in, held, given)
        if request:
            return request  # with the pipe: it closes last, also where the server is killed first


def load(given: Mapping[str, str]) -> None:
    """Everything that a run's first step would import or work out anew."""
    from trainer.attempts import prepare_environment

    prepare_environment()
    os.environ.update(WHILE_LOADING)
    from transformers import LlamaForCausalLM  # noqa: F401 - transformers loads a class on demand
    from transformers.conversion_mapping import get_checkpoint_conversion_mapping

    from domain.catalogue import TASKS
    from trainer import runs  # noqa: F401
    from trainer.tasks import countdown

    get_checkpoint_conversion_mapping("llama")
    card = TASKS["countdown"]
    countdown.problems("train", card.train_problems)
    countdown.problems("eval", card.eval_problems)
    for name in WHILE_LOADING:
        del os.environ[name]
        if name in given:
            os.environ[name] = given[name]


def unfit() -> str | None:
    """Why a child could hang or fail where a process of its own would not, if anything."""
    import torch

    names = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    if len(names) > 1:
        return f"an import started threads: {', '.join(names)}"
    pid = os.fork()
    if not pid:
        os._exit(torch.cuda._is_in_bad_fork())
    _, status = os.waitpid(pid, 0)
    return "an import initialised CUDA" if status else None


def attend(stand_in: socket.socket, held: int, given: Mapping[str, str]) -> Request | None:
    """One attempt, from the stand-in's request to the end. The request is returned in the child."""
    try:
        request = receive(stand_in)
    except OSError as error:
        sys.stderr.write(f"no trainer was asked for: {error}\n")
        os.close(held)
        return None
    pid = fork() if without_ours(request.environment) == without_ours(given) else None
    if pid == 0:
        return request
    for number in request.streams:
        os.close(number)
    last_word = REFUSED
    if pid:
        tell(stand_in, ACCEPTED)
        last_word = str(watch(pid, stand_in)).encode()
        kill_descendants()
    os.close(held)
    tell(stand_in, last_word)
    return None


def receive(stand_in: socket.socket) -> Request:
    """Raises OSError when the stand-in is gone or says nothing."""
    stand_in.settimeout(PATIENCE_SECONDS)
    stand_in.send(READY)
    message, streams, _, _ = socket.recv_fds(stand_in, REQUEST_BYTES, STREAMS, CLOSED_BY_EXEC)
    if not message:
        raise ConnectionResetError("the stand-in is gone")
    return Request(streams, **json.loads(message))


def tell(stand_in: socket.socket, word: bytes) -> None:
    with suppress(OSError):  # it may be gone, which watch() has seen or will see
        stand_in.send(word)


def fork() -> int | None:
    """None where the system has no room for another process.

    SIGTERM waits until the child can hear it, which `trainer/__main__.py` sees to.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pid = None
    try:
        pid = os.fork()
    except OSError as error:
        sys.stderr.write(f"no trainer can be forked now: {error}\n")
    if pid != 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    return pid


def begin(request: Request, server: int) -> None:
    """Makes the child what the stand-in is: its session, environment, folder and streams."""
    set_process_option(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it died before the kernel knew
        sys.exit(1)
    os.setsid()
    os.environ.update(request.environment)
    os.chdir(request.folder)
    for target, number in enumerate(request.streams):
        os.dup2(number, target)
        os.close(number)
    import numpy

    numpy.random.seed()  # Python's own random is seeded anew at each fork


def watch(pid: int, stand_in: socket.socket) -> int:
    """The child's exit code, or its signal as a negative number.

    Kills the child when the stand-in is gone.
    """
    ended = os.pidfd_open(pid)
    poller = select.poll()
    poller.register(ended, select.POLLIN)
    poller.register(stand_in, select.POLLIN)
    while ended not in (ready := {number for number, _ in poller.poll()}):
        if stand_in.fileno() in ready and hear(stand_in) == STOP:
            os.kill(pid, signal.SIGTERM)
        else:
            poller.unregister(stand_in)
            os.kill(pid, signal.SIGKILL)
    os.close(ended)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def kill_descendants() -> None:
    """Kills children until none is left: orphans become children of the server, a subreaper."""
    listing = Path(f"/proc/self/task/{os.getpid()}/children")
    while True:
        for pid in listing.read_text().split():
            os.kill(int(pid), signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def set_process_option(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in environment.items() if not name.startswith("FORKPOINT_")}
