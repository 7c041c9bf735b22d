"""`python -m trainer`: one JSON RunSpec on standard input, events on standard output.

Standard error takes everything else. The exit code is domain.lifecycle.ExitCode; SIGTERM stops
the run between two steps. OMP_NUM_THREADS gives torch more threads than one.

`python -m trainer serve` forks such processes instead, with everything imported: trainer/forks.py.
`python -m trainer rank` is one process of a run on several devices: trainer/groups.py.
"""

import atexit
import gc
import os
import signal
import sys
from typing import NoReturn

from trainer import standins

stop_signals: list[int] = []


def main() -> int:
    gc.disable()  # imports leave next to no garbage, and looking for it would take a third as long
    arguments = sys.argv[1:]
    if arguments[:1] == ["rank"]:
        from trainer import groups

        return groups.join(arguments[1:])
    if arguments == ["serve"]:
        from trainer import forks

        arguments = forks.serve()  # returns in its children alone
    signal.signal(signal.SIGTERM, lambda number, _: stop_signals.append(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    connection = os.environ.pop(standins.SERVER, None)
    if connection:
        standins.stand_in(int(connection), arguments, asked_to_stop)
    # Imported here, where it is needed for certain: a stand-in is there at once.
    from trainer import attempts

    return attempts.main(arguments, asked_to_stop)


def asked_to_stop() -> bool:
    return bool(stop_signals)


def leave(code: int) -> NoReturn:
    """Ends the process; its memory goes as a whole, where Python would take a second to free it."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    leave(main())
