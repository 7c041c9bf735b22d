"""Stands between a worker and its trainer, so that no trainer outlives its worker.

    python -m workers.shim LIFELINE_FD COMMAND...

The worker keeps the write end of a pipe whose read end is LIFELINE_FD. End of file there means
that the worker is gone, however it went: everything below the shim is then killed. SIGTERM is
passed on. The shim ends as its trainer ended, by the same exit code or the same signal.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
POLL_SECONDS = 0.1


def main() -> None:
    lifeline, command = int(sys.argv[1]), sys.argv[2:]
    set_process_option(PR_SET_CHILD_SUBREAPER, 1)
    os.set_inheritable(lifeline, False)  # what else the worker passed is the trainer's
    trainer = subprocess.Popen(
        command,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one thread
        close_fds=False,
    )

    def pass_on(number: int, _: FrameType | None) -> None:
        trainer.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while trainer.poll() is None:
        ready, _, _ = select.select([lifeline], [], [], POLL_SECONDS)
        if ready:
            trainer.kill()
            trainer.wait()
    kill_descendants()
    end_like(trainer.returncode)


def set_process_option(option: int, value: int) -> None:
    """prctl(2) where there is one; elsewhere the trainer alone is watched, not its children."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def die_with_parent() -> None:
    set_process_option(PR_SET_PDEATHSIG, signal.SIGKILL)


def kill_descendants() -> None:
    """Kills children until none is left: orphans become children of the shim, a subreaper."""
    while True:
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children() -> list[int]:
    listing = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(pid) for pid in listing.read_text().split()] if listing.exists() else []


def end_like(code: int) -> None:
    if code >= 0:
        sys.exit(code)
    if -code != signal.SIGKILL:
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)


if __name__ == "__main__":
    main()
