"""What a worker takes from the broker: whatever is no message at all is passed over."""

import logging
from queue import Empty

from kombu.transport import redis

logger = logging.getLogger(__name__)


class Channel(redis.Channel):
    def _brpop_read(self, **options: object) -> bool:
        """Anybody who reaches the broker can put anything there, which would end the worker."""
        try:
            return bool(super()._brpop_read(**options))  # type: ignore[misc]
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            logger.warning("something on the broker is no message: %r", error)
            raise Empty from error


class Transport(redis.Transport):
    Channel = Channel
