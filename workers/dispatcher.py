"""Wakes idle workers while runs are due, takes back runs whose worker fell silent, tells webhooks.

Two dispatchers do no harm: hints are only hints, and the reaper's writes are guarded.
"""

import logging
import time
from dataclasses import dataclass, field
from threading import Event, Thread

from celery import Celery
from kombu.exceptions import OperationalError
from sqlalchemy import Engine

from db import workers
from db.sessions import OUTAGES, open_engine, transaction
from workers import couriers
from workers.app import WAKE, configured
from workers.outages import Outage
from workers.reaper import Reaper
from workers.settings import Settings

logger = logging.getLogger(__name__)


@dataclass
class Dispatcher:
    """What was hinted last: (runs due, idle workers, when), by kind of device."""

    app: Celery
    engine: Engine
    settings: Settings
    hinted: dict[str, tuple[int, int, float]] = field(default_factory=dict)

    def hint(self) -> None:
        """Wakes the idle workers of each kind when something changed, or when nobody came."""
        with transaction(self.engine) as db:
            due = workers.count_due(db)
            idle = workers.count_idle(db, self.settings.alive_seconds)
        now = time.monotonic()
        # A kind that nothing was due for or that had nobody idle is news when that changes.
        self.hinted = {kind: last for kind, last in self.hinted.items() if kind in idle}
        for kind, number in idle.items():
            last_due, last_idle, at = self.hinted.get(kind, (0, 0, 0.0))
            news = due > last_due or number > last_idle or now - at > self.settings.hint_seconds
            if due and news:
                for _ in range(min(due, number)):
                    self.app.send_task(WAKE, queue=kind, retry=False)
                at = now
            self.hinted[kind] = (due, number, at)


def dispatch(settings: Settings, stop: Event) -> None:
    """Hints and reaps until told to stop; an outage of the database or the broker is waited out."""
    engine = open_engine(settings.database_url, settings.statement_seconds)
    dispatcher = Dispatcher(configured(settings), engine, settings)
    reaper = Reaper(engine, settings.alive_seconds, settings.retries)
    courier = couriers.Courier(
        open_engine(settings.database_url, settings.statement_seconds), settings.public_url
    )
    carrying = (courier, settings.tick_seconds, stop)
    Thread(target=couriers.run, args=carrying, name="courier", daemon=True).start()
    outage = Outage("the database or the broker")
    while not stop.wait(settings.tick_seconds):
        try:
            for run_id in reaper.look():
                logger.warning("run %d was taken back from a silent worker", run_id)
            dispatcher.hint()
            outage.end()
        except (*OUTAGES, OperationalError) as error:
            outage.tell(error)
