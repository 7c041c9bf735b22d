"""What a worker was told to do, heard by the thread that supervises its run."""

import logging
from dataclasses import dataclass, field
from threading import Event

logger = logging.getLogger(__name__)


@dataclass
class Orders:
    """`stop` ends the worker; `drain` lets it live on without work, until it is resumed."""

    stop: Event = field(default_factory=Event)
    drain: Event = field(default_factory=Event)

    @property
    def hand_back(self) -> bool:
        """Whether a run under way shall be saved and given back."""
        return self.stop.is_set() or self.drain.is_set()

    def hear(self, draining: bool) -> None:
        """Takes the database's word on whether this worker drains."""
        if draining != self.drain.is_set():
            logger.info("this worker %s", "drains" if draining else "is resumed")
        if draining:
            self.drain.set()
        else:
            self.drain.clear()
