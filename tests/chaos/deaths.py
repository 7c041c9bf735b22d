"""Killing, freezing and stopping trainers and programs."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import psutil

from tests.chaos.programs import Program, is_shim, send, trainers_of, wait_until
from tests.chaos.worlds import ALIVE, STALL, World


@dataclass(frozen=True)
class Done:
    """What was done; `undo` is to be called after `seconds`."""

    told: str
    seconds: float = 0.0
    undo: Callable[[], None] | None = None


Fault = Callable[[World, Random], Done | None]


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


def take_down(program: Program, number: signal.Signals, seconds: float) -> Done | None:
    if not program.runs or not program.wanted:
        return None
    program.wanted = False
    program.signal(number)

    def allow() -> None:
        program.wanted = True

    return Done(f"{program.name} for {seconds:.1f} s", seconds, allow)
