"""What people do meanwhile: submit, cancel, retry, pause, drain; and what they were told.

Whoever gets no answer submits again with the same key, and does not count as having cancelled.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TypeVar

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db import runs, steering, workers
from db.models import Arm, ArmRun, Run, Sweep, Worker
from db.sessions import transaction
from domain.errors import DomainError
from domain.lifecycle import REPEATABLE, UNFINISHED, RunStatus
from tests.chaos.deaths import Done
from tests.chaos.trainer import EVERY, POISON
from tests.factories import submit_sweep

AT_ONCE = 20
PATIENCE = 60.0
STEPS = 14
DISTURBED, QUIET = 3e-4, 2e-4
"""Learning rates, which this trainer ignores: they make the twin of a run another run."""

T = TypeVar("T")


@dataclass
class Users:
    """`cancels` are the acknowledged ones: the run, and when it was still to be stopped."""

    engine: Engine
    sweeps: list[int] = field(default_factory=list)
    cancels: list[tuple[int, datetime]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    submitting: list[threading.Thread] = field(default_factory=list)

    def attempt(self, act: Callable[[Session], T]) -> T | None:
        """None when it was refused or nobody answered."""
        try:
            with transaction(self.engine) as db:
                return act(db)
        except (DomainError, DBAPIError) as error:
            self.refusals[f"{type(error).__name__}: {str(error).splitlines()[0][:120]}"] += 1
            return None

    def submit(self, seeds: list[int], rate: float = DISTURBED) -> None:
        """The same sweep twenty times at once, each until it is answered; does not wait."""
        thread = threading.Thread(target=self.submit_at_once, args=(seeds, rate), daemon=True)
        self.submitting.append(thread)
        thread.start()

    def submit_at_once(self, seeds: list[int], rate: float) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = pool.map(lambda _: self.submit_once(seeds, rate), range(AT_ONCE))
            ids = {sweep_id for sweep_id in answers if sweep_id}
        if len(ids) != 1:
            self.wrong.append(f"the same submit made sweeps {sorted(ids)}")
        self.sweeps.extend(ids)

    def submit_once(self, seeds: list[int], rate: float) -> int | None:
        key, deadline = f"{rate}-{seeds}", time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if sweep_id := self.attempt(lambda db: submit(db, key, seeds, rate)):
                return sweep_id
            time.sleep(0.2)
        return None

    def wait_for_submits(self) -> None:
        for thread in self.submitting:
            thread.join()

    def cancel_run(self, rng: Random) -> Done | None:
        found = self.attempt(lambda db: cancel_one(db, rng))
        if found is None:
            return None
        self.cancels.append(found)
        return Done(f"run {found[0]}")

    def retry_run(self, rng: Random) -> Done | None:
        def act(db: Session) -> int | None:
            run_id = choose(db, rng, REPEATABLE)
            if run_id:
                runs.retry(db, run_id, "user", "again")
            return run_id

        run_id = self.attempt(act)
        return Done(f"run {run_id}") if run_id else None

    def pause_sweep(self, rng: Random) -> Done | None:
        sweep_id = self.attempt(lambda db: pause_one(db, rng))
        if sweep_id is None:
            return None
        return Done(f"sweep {sweep_id}", rng.uniform(0.5, 2), lambda: self.resume(sweep_id))

    def resume(self, sweep_id: int) -> None:
        self.attempt(lambda db: steering.resume(db, sweep_id, "user"))

    def limit_sweep(self, rng: Random) -> Done | None:
        sweep_id = self.attempt(lambda db: limit_one(db, rng))
        if sweep_id is None:
            return None
        return Done(f"sweep {sweep_id}", rng.uniform(1, 3), lambda: self.allow(sweep_id))

    def allow(self, sweep_id: int) -> None:
        self.attempt(lambda db: steering.limit(db, sweep_id, None, "user"))

    def drain_worker(self, rng: Random) -> Done | None:
        name = self.attempt(lambda db: drain_one(db, rng))
        if name is None:
            return None
        return Done(name, rng.uniform(0.5, 2), lambda: self.resume_worker(name))

    def resume_worker(self, name: str) -> None:
        self.attempt(lambda db: workers.resume(db, name, "user", ""))

    def retry_given_up(self) -> int | None:
        return self.attempt(retry_given_up)

    def calm(self) -> bool:
        """Lets everything run again; True when that was heard."""
        return self.attempt(let_go) is not None


def submit(db: Session, key: str, seeds: list[int], rate: float) -> int:
    return submit_sweep(
        db,
        key,
        seeds=seeds,
        train={"steps": STEPS, "learning_rate": rate},
        arms=[{"name": "grpo", "method": "grpo"}],
    )


def choose(db: Session, rng: Random, statuses: Sequence[RunStatus]) -> int | None:
    ids = list(db.scalars(select(Run.id).where(Run.status.in_(statuses)).order_by(Run.id)))
    return rng.choice(ids) if ids else None


def cancel_one(db: Session, rng: Random) -> tuple[int, datetime] | None:
    """The row is held from before the time is read, so that no earlier end can be meant."""
    run_id = choose(db, rng, UNFINISHED)
    if run_id is None:
        return None
    runs.lock(db, [run_id])
    if runs.find(db, run_id).status not in UNFINISHED:
        return None
    at = db.scalars(select(func.clock_timestamp())).one()
    runs.cancel(db, run_id, "user", "enough")
    return run_id, at


def choose_sweep(db: Session, rng: Random) -> int | None:
    busy = (
        select(Arm.sweep_id)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(Run.status.in_(UNFINISHED))
        .distinct()
    )
    ids = sorted(db.scalars(busy))
    return rng.choice(ids) if ids else None


def pause_one(db: Session, rng: Random) -> int | None:
    sweep_id = choose_sweep(db, rng)
    if sweep_id is not None:
        steering.pause(db, sweep_id, "user")
    return sweep_id


def limit_one(db: Session, rng: Random) -> int | None:
    sweep_id = choose_sweep(db, rng)
    if sweep_id is not None:
        steering.limit(db, sweep_id, 1, "user")
    return sweep_id


def drain_one(db: Session, rng: Random) -> str | None:
    names = sorted(db.scalars(select(Worker.name)))
    name = rng.choice(names) if names else None
    if name is not None:
        workers.drain(db, name, "user", "")
    return name


def retry_given_up(db: Session) -> int:
    """Queues what was given up for reasons that were not its own; answers how many."""
    given_up = select(Run.id).where(Run.status == RunStatus.FAILED, Run.seed % EVERY != POISON)
    return runs.retry_all(db, list(db.scalars(given_up)), "user", "again")


def let_go(db: Session) -> bool:
    for sweep_id in db.scalars(select(Sweep.id).where(Sweep.paused_at.is_not(None))):
        steering.resume(db, sweep_id, "user")
    db.query(Sweep).update({"max_running": None})
    for worker in db.scalars(select(Worker)):
        workers.resume(db, worker.name, "user", "")
    return True
