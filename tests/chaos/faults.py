"""What is done to an installation, each by a function that draws the details from a seed.

A fault answers what it did, and how and when that ends by itself. It answers None when there was
nothing to hit at that moment, and is tried again.
"""

import errno
import json
import pickle
import signal
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil
import psycopg
from celery import Celery
from kombu.exceptions import OperationalError
from valkey import Valkey
from valkey.exceptions import ValkeyError

from tests.chaos.programs import Program, children, is_shim, send, trainers_of, wait_until
from tests.chaos.worlds import ALIVE, SELF_FENCE, STALL, World
from workers.app import WAKE

QUEUE = "cpu"
BALLAST = "ballast"
BLOCK = b"x" * 65536


@dataclass(frozen=True)
class Done:
    """What was done; `undo` is to be called after `seconds`."""

    told: str
    seconds: float = 0.0
    undo: Callable[[], None] | None = None


Fault = Callable[[World, Random], Done | None]

# Trainers


def find_trainer(world: World, rng: Random, shim: bool) -> psutil.Process | None:
    found: list[psutil.Process] = []

    def look() -> bool:
        found[:] = [p for p in trainers_of(world.folder) if is_shim(p) is shim]
        return bool(found)

    wait_until(look, 1.0)
    return rng.choice(found) if found else None


def kill_trainer(world: World, rng: Random) -> Done | None:
    return kill_process(world, find_trainer(world, rng, shim=False))


def kill_shim(world: World, rng: Random) -> Done | None:
    return kill_process(world, find_trainer(world, rng, shim=True))


def kill_process(world: World, process: psutil.Process | None) -> Done | None:
    if process is None:
        return None
    send(process, signal.SIGKILL)
    return Done(f"process {process.pid}, {last_note(world, process.pid)}")


def last_note(world: World, pid: int) -> str:
    """What a trainer was doing; a shim does nothing that is noted."""
    notes = (line.split() for line in world.log.read_text().splitlines()[-200:])
    told = [what for _, _, _, number, what in notes if number == str(pid)]
    return told[-1] if told else "loading"


def hang_trainer(world: World, rng: Random) -> Done | None:
    """Longer than a trainer may say nothing."""
    process = find_trainer(world, rng, shim=False)
    if process is None:
        return None
    send(process, signal.SIGSTOP)
    return Done(f"process {process.pid}", STALL + 2, lambda: send(process, signal.SIGCONT))


# Programs


def kill(program: Program, rng: Random) -> Done | None:
    if not program.runs:
        return None
    program.due = time.monotonic() + rng.uniform(0, 1.5)
    program.kill()
    return Done(program.name)


def kill_worker(world: World, rng: Random) -> Done | None:
    return kill(rng.choice(world.workers), rng)


def kill_dispatcher(world: World, rng: Random) -> Done | None:
    return kill(rng.choice(world.dispatchers), rng)


def kill_api(world: World, rng: Random) -> Done | None:
    return kill(world.api, rng)


def freeze(program: Program, seconds: float) -> Done | None:
    if not program.runs:
        return None
    program.signal(signal.SIGSTOP)
    told = f"{program.name} for {seconds:.1f} s"
    return Done(told, seconds, lambda: program.signal(signal.SIGCONT))


def freeze_worker(world: World, rng: Random) -> Done | None:
    """Longer than a silent worker counts as alive: it wakes to find its run taken."""
    return freeze(rng.choice(world.workers), ALIVE * rng.uniform(1.2, 2.5))


def stop_worker(world: World, rng: Random) -> Done | None:
    program = rng.choice(world.workers)
    program.signal(signal.SIGTERM)
    return Done(program.name) if program.runs else None


def stop_and_kill_worker(world: World, rng: Random) -> Done | None:
    program = rng.choice(world.workers)
    if not program.runs:
        return None
    program.signal(signal.SIGTERM)
    seconds = rng.uniform(0, 0.6)
    return Done(f"{program.name} after {seconds:.1f} s", seconds, program.kill)


# The broker


def empty_broker(world: World, rng: Random) -> Done | None:
    try:
        call_broker(world).flushall()
    except ValkeyError:
        return None
    return Done("FLUSHALL")


def call_broker(world: World) -> Valkey:
    port, password = world.broker_port, world.password
    return Valkey(port=port, password=password, socket_timeout=0.5, socket_connect_timeout=0.5)


def restart_broker(world: World, rng: Random) -> Done | None:
    return kill(world.broker, rng)


def hang_broker(world: World, rng: Random) -> Done | None:
    return freeze(world.broker, rng.uniform(1, 3))


def take_broker_down(world: World, rng: Random) -> Done | None:
    return take_down(world.broker, signal.SIGKILL, rng.uniform(2, 4))


def take_down(program: Program, number: signal.Signals, seconds: float) -> Done | None:
    if not program.runs or not program.wanted:
        return None
    program.wanted = False
    program.signal(number)

    def allow() -> None:
        program.wanted = True

    return Done(f"{program.name} for {seconds:.1f} s", seconds, allow)


def forge_hints(world: World, rng: Random) -> Done | None:
    """What is no message at all, a message without what it needs, and one with a pickled body."""
    pickled = {
        "body": b64encode(pickle.dumps(Intruder(world.trace))).decode(),
        "content-type": "application/x-python-serialize",
        "content-encoding": "binary",
        "headers": {"task": WAKE, "id": "forged", "lang": "py"},
        "properties": {
            "delivery_tag": "forged",
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": QUEUE},
        },
    }
    forged = [rng.choice([json.dumps(pickled), "{}", "rubbish", json.dumps({"body": ""})])]
    return push(world, forged * rng.randint(1, 5))


@dataclass
class Intruder:
    """Whoever unpickles it leaves a trace."""

    trace: Path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.trace,)


def push(world: World, messages: list[str]) -> Done | None:
    try:
        call_broker(world).lpush(QUEUE, *messages)
    except ValkeyError:
        return None
    return Done(f"{len(messages)} of {messages[0][:20]}")


def double_hints(world: World, rng: Random) -> Done | None:
    try:
        with celery(world) as app:
            count = rng.randint(20, 100)
            for _ in range(count):
                app.send_task(WAKE, queue=QUEUE, retry=False)
    except OperationalError:
        return None
    return Done(f"{count} hints")


def broadcast_shutdown(world: World, rng: Random) -> Done | None:
    try:
        with celery(world) as app:
            app.control.broadcast("shutdown")
    except OperationalError:
        return None
    return Done("to every worker")


def celery(world: World) -> Celery:
    app = Celery(broker=world.broker_url(), set_as_current=False)
    app.conf.broker_transport_options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    return app


# The database


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


# Links


def lose_commit_answers(world: World, rng: Random) -> Done | None:
    """The commit happened, and whoever asked for it is never told."""
    name = rng.choice(sorted(world.links))
    link = world.links[name][0]
    link.lose += rng.randint(1, 3)

    def enough() -> None:
        link.lose = 0

    return Done(name, 3.0, enough)


def drop_commits(world: World, rng: Random) -> Done | None:
    """The commit never happened, and that looks the same."""
    name = rng.choice(sorted(world.links))
    link = world.links[name][0]
    link.drop += rng.randint(1, 3)

    def enough() -> None:
        link.drop = 0

    return Done(name, 3.0, enough)


def cut_off(world: World, rng: Random, seconds: float) -> Done:
    name = rng.choice([program.name for program in [*world.workers, *world.dispatchers]])
    links, reset = world.links[name], rng.random() < 0.5
    for link in links:
        link.cut()

    def mend() -> None:
        for link in links:
            link.mend(reset)

    return Done(f"{name} for {seconds:.1f} s", seconds, mend)


def cut_off_briefly(world: World, rng: Random) -> Done:
    """From shorter to longer than a silent run counts as alive."""
    return cut_off(world, rng, rng.uniform(0.3, 2 * ALIVE))


def cut_off_long(world: World, rng: Random) -> Done:
    """Longer than a worker goes on with a run that it cannot speak for."""
    return cut_off(world, rng, SELF_FENCE * rng.uniform(1.2, 1.6))


# The surroundings


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


FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        kill_trainer,
        kill_shim,
        hang_trainer,
        kill_worker,
        kill_dispatcher,
        kill_api,
        freeze_worker,
        stop_worker,
        stop_and_kill_worker,
        empty_broker,
        restart_broker,
        hang_broker,
        take_broker_down,
        forge_hints,
        double_hints,
        broadcast_shutdown,
        restart_database,
        take_database_down,
        end_backends,
        hang_backend,
        lose_commit_answers,
        drop_commits,
        cut_off_briefly,
        cut_off_long,
        fill_disk,
        jump_clock,
    )
}


def impossible_here(world: World) -> dict[str, str]:
    """Faults that this machine does not allow, and why."""
    lacking = {}
    if world.disk is None:
        lacking["fill_disk"] = "no small disk could be mounted; that takes root"
    if "FAKETIME_TIMESTAMP_FILE" not in world.workers[0].environment:
        lacking["jump_clock"] = "libfaketime is not installed"
    return lacking
