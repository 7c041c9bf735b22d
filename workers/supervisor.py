"""Watches over one attempt: ships its events, beats for it, stops it, says how it ended."""

import logging
import math
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from subprocess import TimeoutExpired

from sqlalchemy import Engine

from db import attempts
from db.attempts import Claim, Outcome
from db.parking import park_failing
from db.sessions import OUTAGES, transaction
from domain.errors import Fenced
from domain.failures import tells_of_disk
from domain.lifecycle import TELLING, ExitCode, FailureClass, RunStatus, classify_exit
from workers import folders, trainers
from workers.checkpoints import forget_grades, forget_notebooks, prune
from workers.orders import Orders
from workers.origins import record_of
from workers.outages import Outage
from workers.recorder import Recorder
from workers.servers import TrainerServer
from workers.settings import Settings

logger = logging.getLogger(__name__)

MESSAGE_LINES = 3
EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception)\b")
CANCEL_GRACE_SECONDS = 10.0


@dataclass
class Supervisor:
    """One attempt; times are monotonic.

    `heard` is when the database last answered, `quiet_since` when the trainer had last said
    anything: `said` is how many bytes that were.
    """

    settings: Settings
    engine: Engine
    recorder: Recorder
    orders: Orders
    heard: float = 0.0
    beaten: float = 0.0
    quiet_since: float = 0.0
    said: int = 0
    stop_before: float | None = None
    stalled: bool = False
    outage: Outage = field(default_factory=lambda: Outage("the database"))

    def watch(self) -> None:
        """Returns when the trainer has ended. Raises Fenced when the run was taken away."""
        trainer = self.recorder.trainer
        while trainer.process.poll() is None:
            self.turn()
            self.listen(time.monotonic())
            if self.stalled or (self.stop_before and time.monotonic() > self.stop_before):
                trainer.kill()
            with suppress(TimeoutExpired):
                trainer.process.wait(self.settings.ship_seconds)

    def turn(self) -> None:
        """One look at everything. A database that is away is waited for, up to the self-fence.

        Not by a worker that shall stop: what its trainer saves is safe, whoever hears of it.
        """
        now = time.monotonic()
        try:
            status = self.speak(now)
        except OUTAGES as error:
            self.outage.tell(error.orig)
            if self.orders.hand_back or now - self.heard > self.settings.self_fence_seconds:
                self.ask_to_stop(now, self.settings.drain_seconds)
            return
        self.outage.end()
        self.heard = now
        if status is RunStatus.CANCELLING:
            self.ask_to_stop(now, CANCEL_GRACE_SECONDS)
        elif self.orders.hand_back:
            self.ask_to_stop(now, self.settings.drain_seconds)

    def listen(self, now: float) -> None:
        """A trainer that says nothing, neither an event nor a line of its log, may hang."""
        said = self.recorder.trainer.count_said()
        if said != self.said:
            self.said, self.quiet_since = said, now
        elif now - self.quiet_since > self.settings.stall_seconds:
            self.stalled = self.stop_before is None

    def speak(self, now: float) -> RunStatus | None:
        due = now - self.beaten >= self.settings.beat_seconds
        status = self.recorder.ship(keep_log=due)
        if due or status:
            status = self.recorder.beat()
            self.beaten = now
        return status

    def ask_to_stop(self, now: float, grace: float) -> None:
        """Of several reasons to stop the most urgent counts: a cancel does not wait for a drain."""
        if self.stop_before is None:
            self.recorder.trainer.ask_to_stop()
        self.stop_before = min(self.stop_before or math.inf, now + grace)

    def outcome(self) -> Outcome:
        """What the exit, with what was said before it, means."""
        code = self.recorder.trainer.process.returncode
        if code == ExitCode.DRAINED:
            return Outcome(code, drained=True)
        failure = classify_exit(code)
        if failure is None and not self.recorder.finished:
            message = "the trainer ended without saying that it had finished"
            return Outcome(code, FailureClass.CRASHED, message)
        if failure is FailureClass.KILLED and self.stalled:
            return Outcome(code, FailureClass.STALLED, self.silence())
        if failure is FailureClass.KILLED and self.stop_before is not None:
            return Outcome(code, drained=True)  # it was asked to stop, and was too slow
        return Outcome(code, failure, self.message(code) if failure else "")

    def silence(self) -> str:
        seconds, recorder = self.settings.stall_seconds, self.recorder
        return f"no word for {seconds:g} s at step {recorder.step}, {recorder.phase}"

    def message(self, code: int) -> str:
        lines = cause_of(self.recorder.trainer.read_log().strip().splitlines())
        ended = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
        return trainers.clean(self.recorder.failure) or "\n".join([*lines, ended])

    def report(self) -> None:
        """Ships what is left and ends the attempt, however long the database is away.

        Without that, what the trainer saved would not count. A worker that shall stop gives up.
        """
        deadline = time.monotonic() + self.settings.self_fence_seconds
        while True:
            try:
                self.recorder.ship(keep_log=True)
                while not self.recorder.all_shipped():
                    self.recorder.ship(keep_log=False)
                return self.finish()
            except OUTAGES:
                if self.orders.stop.is_set() and time.monotonic() > deadline:
                    raise
                time.sleep(self.settings.tick_seconds)

    def finish(self) -> None:
        claim = self.recorder.claim
        outcome = self.outcome()
        status = end(self.settings, self.engine, claim, outcome)
        logger.info("run %d attempt %d ended: %s", claim.run_id, claim.attempt, status)
        if status is RunStatus.SUCCEEDED:
            forget_notebooks(self.recorder.checkpoints)
            prune(self.recorder.checkpoints, recorded=claim.spec.total_steps, kept=1)
            forget_grades(self.recorder.checkpoints, claim.spec.total_steps)
        folders.tidy(self.settings, self.recorder.trainer.events.parent, outcome.failure)


def cause_of(lines: list[str]) -> list[str]:
    """The exception that a log ends in; of a log that ends otherwise its last lines."""
    raised = [number for number, line in enumerate(lines) if EXCEPTION.match(line)]
    first = raised[-1] if raised else max(0, len(lines) - MESSAGE_LINES)
    return lines[first : first + MESSAGE_LINES]


def supervise(
    settings: Settings,
    engine: Engine,
    claim: Claim,
    orders: Orders,
    server: TrainerServer | None = None,
) -> None:
    """Runs one claimed attempt to its end. When fenced, stops the trainer and says no more."""
    try:
        trainer = trainers.start(settings, claim, folders.find_folder(settings, claim), server)
        try:
            kept, record = settings.checkpoints_of(claim.spec), record_of(settings, claim)
            recorder = Recorder(engine, claim, trainer, kept, record)
            attend(settings, engine, recorder, orders)
        finally:
            trainer.kill()
    except Fenced as error:
        logger.warning("%s; its trainer is stopped", error)
    except Exception as error:
        logger.exception("run %d attempt %d broke its worker", claim.run_id, claim.attempt)
        give_up(settings, engine, claim, error)


def attend(settings: Settings, engine: Engine, recorder: Recorder, orders: Orders) -> None:
    now = time.monotonic()
    supervisor = Supervisor(
        settings, engine, recorder, orders, heard=now, beaten=now, quiet_since=now
    )
    supervisor.watch()
    recorder.trainer.kill()  # an attempt has ended only when nothing of it is left
    supervisor.report()


def give_up(settings: Settings, engine: Engine, claim: Claim, error: Exception) -> None:
    """Ends the attempt with the worker's own error, where silence would hide the cause."""
    failure = FailureClass.DISK if tells_of_disk(error) else FailureClass.CRASHED
    message = f"the worker could not go on: {trainers.clean(str(error))[:1000]}"
    with suppress(Fenced):
        end(settings, engine, claim, Outcome(failure=failure, message=message))


def end(settings: Settings, engine: Engine, claim: Claim, outcome: Outcome) -> RunStatus:
    """Ends the attempt, and with it this worker's work if too many in a row failed here."""
    name = settings.name
    with transaction(engine) as db:
        status = attempts.finish(db, claim.run_id, claim.attempt, outcome, settings.retries)
        failed = outcome.failure in TELLING
        reason = park_failing(db, name, settings.park_after) if failed else None
    if reason:
        logger.error("this worker is parked: %s", reason)
    return status
