"""Pages that listen: what they are told comes from a thread, and leaves by the event loop."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from fastapi.sse import EventSourceResponse
from starlette.types import Message, Receive, Scope, Send

from api.events import PING, RETRY

log = logging.getLogger(__name__)

PING_SECONDS = 15.0
SEND_SECONDS = 30.0
MOST_WAITING = 16
HEADERS = {"Cache-Control": "private, no-cache, no-transform", "X-Accel-Buffering": "no"}


@dataclass(eq=False)
class Listener:
    """Made within the event loop. `since` is the first transaction it may not have heard of."""

    sweep: int | None
    since: int | None
    new: bool = True  # has not heard anything yet
    quiet: int = 0  # looks that it heard nothing of
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    waiting: asyncio.Queue[bytes | None] = field(
        default_factory=lambda: asyncio.Queue(MOST_WAITING)
    )

    def say(self, message: bytes | None) -> None:
        """From any thread; None ends the stream."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.keep, message)

    def keep(self, message: bytes | None) -> None:
        """A reader that does not take what it is told is let go: nothing piles up for it."""
        if message is None or self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            message = None
        self.waiting.put_nowait(message)

    async def messages(self, seconds: float) -> AsyncIterator[bytes]:
        ends = self.loop.time() + seconds
        yield RETRY
        while (left := ends - self.loop.time()) > 0:
            try:
                async with asyncio.timeout(min(left, PING_SECONDS)):
                    message = await self.waiting.get()
            except TimeoutError:
                message = PING
            if message is None:
                return
            yield message


class Stream(EventSourceResponse):
    """Everything a listener hears. A connection that takes nothing for SEND_SECONDS is closed."""

    def __init__(self, listener: Listener, seconds: float, leave: Callable[[], None]) -> None:
        super().__init__(listener.messages(seconds), headers=HEADERS)
        self.leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)

        try:
            await super().__call__(scope, receive, send_in_time)
        except TimeoutError:
            log.warning("a page that listens has read nothing for %g s; it is let go", SEND_SECONDS)
        finally:
            self.leave()
