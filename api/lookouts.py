"""Looks for news about once a second while anybody listens, once for all of them."""

import logging
from collections.abc import Mapping
from threading import Condition, Thread
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.events import AWAY, BEAT, Listening, Look, encode, tell
from api.listeners import Listener
from api.settings import Settings
from db.changes import ChangedRun, News, read_news
from db.progress import Progress, read_progress
from db.sessions import OUTAGES, transaction
from domain.errors import TooOften
from domain.lifecycle import LIVE

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
QUIET_LOOKS = 5
RETRY_SECONDS = 60
State = tuple[object, ...]
V = TypeVar("V")


class Lookout:
    """One thread for each process of the API, there while it has listeners."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self.alive_seconds = settings.alive_seconds
        self.most = settings.most_streams
        self.listeners: set[Listener] = set()
        self.changed = Condition()
        self.newcomers = False
        self.thread: Thread | None = None
        self.states: dict[int, State] = {}
        self.pulses: dict[int, str] = {}
        self.workers = ""

    def join(self, sweep: int | None, since: int | None) -> Listener:
        """Raises TooOften while as many listen as may."""
        listener = Listener(sweep, since)
        with self.changed:
            if len(self.listeners) >= self.most:
                text = f"{self.most} pages listen already; ask again, or poll what is shown"
                raise TooOften(text, RETRY_SECONDS)
            self.listeners.add(listener)
            self.newcomers = True
            if self.thread is None:
                self.thread = Thread(target=self.run, name="lookout", daemon=True)
                self.thread.start()
            self.changed.notify()
        return listener

    def leave(self, listener: Listener) -> None:
        with self.changed:
            self.listeners.discard(listener)
            self.changed.notify()

    def close(self) -> None:
        """Ends every stream, so that the server can stop."""
        with self.changed:
            for listener in self.listeners:
                listener.say(None)

    def run(self) -> None:
        try:
            while self.has_listeners():
                self.look()
                with self.changed:
                    self.changed.wait_for(self.is_wanted, LOOK_SECONDS)
        except BaseException:
            self.thread = None
            self.close()  # the pages come back, and with them another thread
            raise

    def has_listeners(self) -> bool:
        """Decides, with nobody coming in between, whether the thread goes on."""
        with self.changed:
            if not self.listeners:
                self.thread = None
            return bool(self.listeners)

    def is_wanted(self) -> bool:
        return self.newcomers or not self.listeners

    def look(self) -> None:
        with self.changed:
            listeners, self.newcomers = list(self.listeners), False
        try:
            look = self.read(listeners)
        except (*OUTAGES, PoolTimeout) as error:
            log.warning("%d pages are told that nothing is known: %s", len(listeners), error)
            for listener in listeners:
                listener.say(encode("away", AWAY))
            return
        for listener in listeners:
            inform(listener, look)

    def read(self, listeners: list[Listener]) -> Look:
        known = [listener.since for listener in listeners if listener.since is not None]
        with transaction(self.engine) as db:
            news = read_news(db, min(known, default=None), self.alive_seconds)
            touched = {run.sweep_id for run in news.runs} | set(news.sweeps)
            asked = [one.sweep for one in listeners if one.sweep in touched]
            progress = read_progress(db, sorted(set(filter(None, asked))), self.alive_seconds)
        return self.compare(news, progress)

    def compare(self, news: News, progress: dict[int, Progress]) -> Look:
        """With what the look before found."""
        states = {run.id: describe(run) for run in news.runs if run.status in LIVE}
        pulses = {run.id: run.pulse for run in news.runs if run.status in LIVE}
        look = Look(
            news=news,
            moved=differing(states, self.states),
            pulsed=differing(pulses, self.pulses),
            workers=news.workers != self.workers,
            progress=progress,
        )
        self.states, self.pulses, self.workers = states, pulses, news.workers
        return look


def describe(run: ChangedRun) -> State:
    """What of a live run changes without being written to its history."""
    return (run.status, run.attempt, run.step, run.phase, run.worker)


def differing(now: Mapping[int, V], before: Mapping[int, V]) -> set[int]:
    return {key for key, value in now.items() if before.get(key) != value}


def inform(listener: Listener, look: Look) -> None:
    since = look.news.since if listener.since is None else listener.since
    resumed = listener.new and listener.since is not None
    messages = list(tell(look, Listening(listener.sweep, since, resumed)))
    listener.quiet = 0 if messages else listener.quiet + 1
    if listener.quiet >= QUIET_LOOKS or (listener.new and not messages):
        messages, listener.quiet = [encode("beat", BEAT, look.cursor)], 0
    listener.since, listener.new = look.news.moment.oldest, False
    for message in messages:
        listener.say(message)
