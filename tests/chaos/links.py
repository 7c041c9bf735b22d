"""TCP links between a program and a server, which can be cut, reset, or lose a commit's answer."""

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

COMMIT = b"COMMIT\x00"
CHUNK = 65536


class Switchboard:
    """Runs every link in one thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.servers: list[asyncio.Server] = []
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def link(self, server_port: int) -> "Link":
        link = Link(self, server_port)
        self.do(link.open())
        return link

    def stop(self) -> None:
        self.do(self.end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def end(self) -> None:
        for server in self.servers:
            server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # transports close in the next turn of the loop


@dataclass(eq=False)
class Call:
    """One connection through a link. `deaf`: what the server says is not passed on any more."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    deaf: bool = False

    def reset(self) -> None:
        for side in (self.near, self.far):
            if side.transport:
                side.transport.abort()


@dataclass(eq=False)
class Link:
    """How many commits are to lose their answers (`lose`), or to be lost themselves (`drop`)."""

    board: Switchboard
    server_port: int
    port: int = 0
    lose: int = 0
    drop: int = 0
    lost: int = 0
    calls: set[Call] = field(default_factory=set)
    whole: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self) -> None:
        self.whole.set()
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.board.servers.append(server)
        self.port = server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Nothing gets through any more, and nobody is told."""
        self.board.loop.call_soon_threadsafe(self.whole.clear)

    def mend(self, reset: bool) -> None:
        """What was held back goes on its way, or is lost with its connections."""

        def act() -> None:
            if reset:
                for call in list(self.calls):
                    call.reset()
            self.whole.set()

        self.board.loop.call_soon_threadsafe(act)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.whole.wait()
        try:
            answers, far = await asyncio.open_connection("127.0.0.1", self.server_port)
        except OSError:
            writer.transport.abort()
            return
        call = Call(writer, far)
        self.calls.add(call)
        try:
            await asyncio.gather(self.ask(reader, call), self.answer(answers, call))
        except (OSError, asyncio.CancelledError):
            pass  # it was reset, or everything ends
        finally:
            call.reset()
            self.calls.discard(call)

    async def ask(self, reader: asyncio.StreamReader, call: Call) -> None:
        while data := await reader.read(CHUNK):
            await self.whole.wait()
            if COMMIT in data and self.drop:
                self.drop, self.lost = self.drop - 1, self.lost + 1
                raise ConnectionResetError
            if COMMIT in data and self.lose:
                self.lose, self.lost, call.deaf = self.lose - 1, self.lost + 1, True
            call.far.write(data)
            await call.far.drain()
        call.far.close()

    async def answer(self, answers: asyncio.StreamReader, call: Call) -> None:
        while data := await answers.read(CHUNK):
            await self.whole.wait()
            if call.deaf:
                raise ConnectionResetError
            call.near.write(data)
            await call.near.drain()
        call.near.close()
