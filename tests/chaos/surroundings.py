"""A disk without room, and a wall clock that jumps."""

import errno
from pathlib import Path
from random import Random

from tests.chaos.deaths import Done
from tests.chaos.worlds import World

BALLAST = "ballast"
BLOCK = b"x" * 65536


def fill_disk(world: World, rng: Random) -> Done | None:
    """Worker 0's spool and checkpoints are on it."""
    if world.disk is None:
        return None
    ballast, seconds = world.disk / BALLAST, rng.uniform(1, 2.5)
    fill(ballast)
    return Done(f"for {seconds:.1f} s", seconds, lambda: ballast.unlink(missing_ok=True))


def fill(path: Path) -> None:
    try:
        with path.open("ab", buffering=0) as file:
            while True:
                file.write(BLOCK)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def jump_clock(world: World, rng: Random) -> Done | None:
    """The wall clock of worker 0 and dispatcher 0, an hour to either side."""
    if "FAKETIME_TIMESTAMP_FILE" not in world.workers[0].environment:
        return None
    jump = rng.choice(["+3600", "-3600", "+0"])
    world.clock.write_text(jump)
    return Done(f"to {jump} s")
