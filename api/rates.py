"""How often one address and one key may ask, counted in this process alone."""

import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.settings import Settings
from domain.errors import TooOften


@dataclass(frozen=True)
class Allowance:
    """At most `item`, such as 30 per minute, for whoever is counted under `what`."""

    what: str
    item: RateLimitItem


class Rates:
    """The counts of one application. They are forgotten when it ends."""

    def __init__(self, settings: Settings) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.sign_in = Allowance("attempts to sign in", parse(settings.sign_in_rate))
        self.refusal = Allowance("requests with a wrong key", parse(settings.refusal_rate))
        self.key_writes = Allowance("changes with this key", parse(settings.key_write_rate))
        self.writes = Allowance("changes from this address", parse(settings.write_rate))

    def count(self, allowance: Allowance, who: str) -> None:
        """Raises TooOften, saying when to try again."""
        if self.limiter.hit(allowance.item, allowance.what, who):
            return
        reset = self.limiter.get_window_stats(allowance.item, allowance.what, who).reset_time
        seconds = max(1, math.ceil(reset - time.time()))
        raise TooOften(
            f"too many {allowance.what} (at most {allowance.item}); try again in {seconds} s",
            seconds,
        )
