"""One campaign: a plan from a seed, carried out while the rows are watched, then the verdict."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from queue import Empty, PriorityQueue
from random import Random

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.chaos import verdicts
from tests.chaos.deaths import Done
from tests.chaos.faults import FAULTS, impossible_here
from tests.chaos.observers import Observer, seat_referee
from tests.chaos.programs import trainers_of, wait_until
from tests.chaos.trainer import EVERY, POISON
from tests.chaos.users import QUIET, Users
from tests.chaos.worlds import World

STEERING = ("cancel_run", "retry_run", "pause_sweep", "limit_sweep", "drain_worker")
KINDS = (*FAULTS, *STEERING)
SWEEP_RUNS = 6
SHARED = 2
SUBMITTED_BY = 0.9
TRIES = 12
AGAIN_SECONDS = 0.4
SETTLE_SECONDS = 600.0
HANDS = 6
TICK = 0.02


@dataclass(frozen=True)
class Order:
    """What is asked of a campaign; `faults` are kinds to choose from, all of them if empty."""

    seed: int
    seconds: float
    runs: int
    workers: int = 4
    every: float = 1.2
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planned:
    at: float
    kind: str
    number: int


def plan(order: Order, possible: list[str]) -> list[Planned]:
    """Every kind once in any order, then any of them; evenly over the time, with some jitter."""
    rng = Random(order.seed)
    total = max(len(possible), int(order.seconds / order.every))
    kinds = rng.sample(possible, len(possible))
    kinds += rng.choices(possible, k=total - len(possible))
    pace = order.seconds / total
    return [
        Planned((number + rng.random()) * pace, kind, number) for number, kind in enumerate(kinds)
    ]


def plan_sweeps(order: Order) -> list[tuple[float, list[int]]]:
    """Seeds of sweeps, and when each is submitted; neighbours share some of their runs."""
    firsts = range(0, order.runs, SWEEP_RUNS)
    pace = order.seconds * SUBMITTED_BY / len(firsts)
    return [
        (number * pace, list(range(max(0, first - SHARED), min(first + SWEEP_RUNS, order.runs))))
        for number, first in enumerate(firsts)
    ]


@dataclass
class Campaign:
    order: Order
    world: World
    engine: Engine
    users: Users
    observer: Observer
    began: float = field(default_factory=time.monotonic)
    agenda: "PriorityQueue[tuple[float, int, Callable[[], None]]]" = field(
        default_factory=PriorityQueue
    )
    numbers: Iterator[int] = field(default_factory=count)
    told: list[str] = field(default_factory=list)
    hit: Counter[str] = field(default_factory=Counter)
    retried: int = 0

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.agenda.put((time.monotonic() + seconds, next(self.numbers), act))

    def tell(self, words: str) -> None:
        self.told.append(f"{time.monotonic() - self.began:8.2f} {words}")

    def inject(self, planned: Planned, tries: int = 0) -> None:
        rng = Random(f"{self.order.seed}-{planned.number}-{tries}")
        done = self.do(planned.kind, rng)
        if done is None:
            if tries < TRIES:
                self.later(AGAIN_SECONDS, lambda: self.inject(planned, tries + 1))
            return
        self.hit[planned.kind] += 1
        self.tell(f"{planned.kind}: {done.told}")
        if done.undo:
            self.later(done.seconds, done.undo)

    def do(self, kind: str, rng: Random) -> Done | None:
        if kind in STEERING:
            steered: Done | None = getattr(self.users, kind)(rng)
            return steered
        return FAULTS[kind](self.world, rng)

    def carry_out(self) -> None:
        """Until everything that was planned is done and undone."""
        possible = [kind for kind in self.kinds() if kind not in impossible_here(self.world)]
        for planned in plan(self.order, possible):
            self.later(planned.at, lambda planned=planned: self.inject(planned))  # type: ignore[misc]
        for at, seeds in plan_sweeps(self.order):
            self.later(at, lambda seeds=seeds: self.users.submit(seeds))  # type: ignore[misc]
        with ThreadPoolExecutor(HANDS) as hands:
            self.work_off(hands)

    def work_off(self, hands: ThreadPoolExecutor) -> None:
        """What is slow, since a server hangs, holds up nothing else."""
        under_way: list[Future[None]] = []
        while under_way or not self.agenda.empty():
            with suppress(Empty):
                at, number, act = self.agenda.get(timeout=TICK)
                if at <= time.monotonic():
                    under_way.append(hands.submit(act))
                else:
                    self.agenda.put((at, number, act))
                    time.sleep(TICK)
            for future in [future for future in under_way if future.done()]:
                under_way.remove(future)
                future.result()

    def kinds(self) -> tuple[str, ...]:
        return self.order.faults or KINDS

    def settle(self) -> bool:
        """Nobody disturbs any more: true when every run has come to its end."""
        self.users.wait_for_submits()
        self.world.clock.write_text("+0")
        if not wait_until(self.users.calm, SETTLE_SECONDS) or not self.all_end():
            return False
        self.retried = self.users.retry_given_up() or 0
        return self.all_end()

    def all_end(self) -> bool:
        return wait_until(self.all_final, SETTLE_SECONDS)

    def all_final(self) -> bool:
        unfinished = "SELECT count(*) FROM runs WHERE status IN ('queued','running','cancelling')"
        try:
            with self.engine.connect() as connection:
                return not connection.scalar(text(unfinished))
        except DBAPIError:
            return False

    def run_twins(self) -> bool:
        """The same seeds once more, with nobody to disturb them."""
        self.world.pace.write_text("0")
        seeds = [seed for seed in range(self.order.runs) if seed % EVERY != POISON]
        self.users.submit(seeds, QUIET)
        self.users.wait_for_submits()
        return self.all_end()

    def no_trainer_left(self) -> bool:
        return wait_until(lambda: not trainers_of(self.world.folder), SETTLE_SECONDS)


@dataclass
class Result:
    """`wrong` is empty after a campaign that found nothing."""

    figures: dict[str, object]
    wrong: list[str]
    told: list[str]


def conduct(order: Order, world: World) -> Result:
    engine = world.engine
    seat_referee(engine)
    observer = Observer(engine)
    aside = [threading.Thread(target=work) for work in (observer.watch, world.keep)]
    for thread in aside:
        thread.start()
    campaign = Campaign(order, world, engine, Users(engine), observer)
    try:
        campaign.carry_out()
        ended = campaign.settle()
        rested = ended and campaign.run_twins()
        idle = campaign.no_trainer_left()
    finally:
        observer.done.set()
        world.kept.set()
        for thread in aside:
            thread.join()
    result = judge(campaign, ended, rested)
    if not idle:
        result.wrong.append("trainers are left that nobody supervises")
    left = world.stop()
    result.figures["processes left"] = len(left)
    result.wrong += [f"left over: {process}" for process in left]
    return result


def judge(campaign: Campaign, ended: bool, rested: bool) -> Result:
    users, world = campaign.users, campaign.world
    wrong = [*users.wrong, *campaign.observer.wrong]
    with world.patient_engine.connect() as connection:
        answers = verdicts.ask_all(connection)
        pairs, unlike = verdicts.compare_twins(connection)
        broken = verdicts.broken_cancels(connection, users.cancels)
        figures = dict(connection.execute(text(COUNTS)).mappings().one())
    wrong += [f"{name}: {what}" for name, found in answers.items() for what in found]
    wrong += [f"unlike an undisturbed run: {what}" for what in unlike]
    wrong += broken
    wrong += ["a forged message was unpickled"] if world.trace.exists() else []
    wrong += [] if ended and rested else ["some runs never came to an end"]
    wrong += [f"never hit: {kind}" for kind in campaign.kinds() if never(campaign, kind)]
    return Result(
        {
            "seed": campaign.order.seed,
            "faults": campaign.hit.total(),
            "by kind": dict(sorted(campaign.hit.items())),
            "not possible here": impossible_here(world),
            "trainers killed while": dict(kill_phases(campaign.told)),
            **figures,
            "given up and retried": campaign.retried,
            "commits cut": sum(link.lost for pair in world.links.values() for link in pair),
            "executions that overlapped": verdicts.count_overlaps(world.log),
            "rows of a stale attempt": len(answers.get(STALE, [])),
            "runs with points missing or doubled": sum(len(answers.get(q, [])) for q in POINTS),
            "cancels honoured": f"{len(users.cancels) - len(broken)} of {len(users.cancels)}",
            "equal to undisturbed": f"{pairs - len(unlike)} of {pairs}",
            "refusals": dict(users.refusals.most_common(12)),
            "looks": campaign.observer.looks,
        },
        wrong,
        campaign.told,
    )


def kill_phases(told: list[str]) -> Counter[str]:
    """What trainers did at the moment they were killed."""
    killed = (words for words in told if " kill_trainer: " in words)
    return Counter(words.rpartition(", ")[2] for words in killed)


def never(campaign: Campaign, kind: str) -> bool:
    return not campaign.hit[kind] and kind not in impossible_here(campaign.world)


STALE = "a row accepted from an attempt that did not own its run"
POINTS = (
    "a success that lacks points, or has too many",
    "a success that lacks grades, or has too many",
)
COUNTS = """
SELECT count(*) AS runs,
    count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
    count(*) FILTER (WHERE status = 'failed') AS failed,
    count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
    count(*) FILTER (WHERE status IN ('queued', 'running', 'cancelling')) AS lost,
    (SELECT count(*) FROM attempts) AS attempts,
    (SELECT count(*) FROM referee.moves) AS transitions
FROM runs
"""
