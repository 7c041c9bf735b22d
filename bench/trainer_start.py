"""How long it takes from starting a trainer to the end of its first step, forked and from nothing.

    python -m bench.trainer_start [--pairs 5]

Starts countdown-tiny as a worker does, behind its shim, at the settings of a sweep, in interleaved
pairs: one trainer that imports everything, and one forked by a server that another has used before.
Seconds until the first step's metrics are in the file, by the clock and of processor time, which
other programs stretch less. Prints JSON.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psutil

from bench.trainer_step import make_spec
from db.attempts import Claim
from workers import trainers
from workers.servers import TrainerServer
from workers.settings import Settings

LOOK_SECONDS = 0.005


class Start(NamedTuple):
    clock: float
    processor: float


def time_start(settings: Settings, folder: Path, server: TrainerServer | None) -> Start:
    claim = Claim(1, 1, make_spec(steps=100), 0, None)
    began = time.monotonic()
    trainer = trainers.start(settings, claim, folder, server)
    while '"metrics"' not in trainer.events.read_text():
        assert trainer.process.poll() is None, trainer.read_log()
        time.sleep(LOOK_SECONDS)
    clock = time.monotonic() - began
    shim = psutil.Process(trainer.process.pid)
    started = [shim, *shim.children()]
    if server:
        started += serving(server).children()
    processor = sum(sum(process.cpu_times()[:2]) for process in started)
    trainer.kill()
    return Start(clock, processor)


def serving(server: TrainerServer) -> psutil.Process:
    assert server.process
    (found,) = psutil.Process(server.process.pid).children()
    return found


def idle_megabytes(server: TrainerServer) -> dict[str, int]:
    """Of the server without a child: its proportional set size, and what it shares with nobody."""
    memory = serving(server).memory_full_info()
    return {"pss": memory.pss >> 20, "uss": memory.uss >> 20}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        settings = Settings(database_url="", redis_url="", data=root)
        server = trainers.open_server(settings)
        assert server, "trainers are forked on Linux alone"
        first = time_start(settings, root / "first", server)
        pairs = []
        for pair in range(options.pairs):
            # The order alternates, so that a drifting clock speed favours neither.
            ways = [None, server] if pair % 2 else [server, None]
            found = [time_start(settings, root / "run", way) for way in ways]
            pairs.append((found[ways.index(server)], found[ways.index(None)]))
        memory = idle_megabytes(server)
        server.stop()
    report = {
        "forked": {name: median(getattr(one, name) for one, _ in pairs) for name in Start._fields},
        "own": {name: median(getattr(one, name) for _, one in pairs) for name in Start._fields},
        "median_ratio": median(forked.clock / own.clock for forked, own in pairs),
        "pairs": pairs,
        "first_seconds": first,
        "idle_server_megabytes": memory,
        "load_before": load,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
