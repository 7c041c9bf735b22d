"""Signs of life of what takes long: a trainer that says nothing for long is ended as stalled."""

import time
from dataclasses import dataclass, field

SECONDS = 60.0


@dataclass
class Reminder:
    """Due once a minute, the first time a minute after `since`."""

    since: float = field(default_factory=time.monotonic)

    def is_due(self) -> bool:
        now = time.monotonic()
        if now - self.since < SECONDS:
            return False
        self.since = now
        return True
