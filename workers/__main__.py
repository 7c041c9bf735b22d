"""`python -m workers worker` serves one device; `python -m workers dispatcher` wakes and reaps."""

import signal
import sys
from threading import Event

from domain.environments import read
from domain.logs import set_up
from workers.app import serve
from workers.dispatcher import dispatch
from workers.settings import Settings


def main(program: str) -> None:
    settings = read(Settings)
    set_up(settings.log)
    if program == "worker":
        serve(settings)
        return
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    dispatch(settings, stop)


if __name__ == "__main__":
    if sys.argv[1:] not in (["worker"], ["dispatcher"]):
        sys.exit(__doc__)
    main(sys.argv[1])
