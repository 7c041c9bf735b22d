"""The database stopped, hung, or rid of its clients."""

import signal
from contextlib import suppress
from random import Random

import psutil
import psycopg

from tests.chaos.deaths import Done, take_down
from tests.chaos.programs import children, send
from tests.chaos.worlds import ALIVE, World


def restart_database(world: World, rng: Random) -> Done | None:
    """An immediate stop: nothing is said to clients, and the next start recovers."""
    if not world.database.runs or not world.database.wanted:
        return None
    world.database.signal(signal.SIGQUIT)
    return Done("immediate")


def take_database_down(world: World, rng: Random) -> Done | None:
    """Longer than a silent run counts as alive: nobody may be taken for dead because of it."""
    return take_down(world.database, signal.SIGQUIT, ALIVE * rng.uniform(1.3, 2.5))


def end_backends(world: World, rng: Random) -> Done | None:
    share = rng.uniform(0.3, 1)
    statement = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE random() < %s"
        " AND pid <> pg_backend_pid() AND application_name = 'forkpoint'"
    )
    url = world.database_url().replace("+psycopg", "")
    try:
        with psycopg.connect(url, connect_timeout=1, options="-c statement_timeout=1000") as found:
            row = found.execute(statement, [share]).fetchone()
    except psycopg.Error:
        return None
    return Done(f"{row[0]} connections") if row and row[0] else None


def hang_backend(world: World, rng: Random) -> Done | None:
    """It keeps its locks, and its client hears nothing; the host still acknowledges."""
    postmaster = world.database.process
    serving = [p for p in children(postmaster.pid) if serves(p)] if postmaster else []
    if not serving:
        return None
    chosen, seconds = rng.choice(serving), rng.uniform(1, 4)
    send(chosen, signal.SIGSTOP)
    return Done(f"{chosen.pid} for {seconds:.1f} s", seconds, lambda: send(chosen, signal.SIGCONT))


def serves(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "127.0.0.1(" in " ".join(process.cmdline())
    return False
