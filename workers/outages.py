"""What is away for a while: said when it goes and when it is back, not at every try between."""

import logging
import time
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass
class Outage:
    """Of one thing, as one thread sees it. `since` is monotonic, None while it answers."""

    of: str
    since: float | None = None

    def tell(self, error: object) -> None:
        if self.since is None:
            self.since = time.monotonic()
            logger.warning("%s is away: %s", self.of, error)

    def end(self) -> None:
        if self.since is not None:
            logger.info("%s is back after %.0f s", self.of, time.monotonic() - self.since)
            self.since = None
