"""A link to PostgreSQL's socket that can hang, or swallow the answer to a commit."""

import select
import socket
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import URL, make_url

NAME = ".s.PGSQL.5432"
COMMIT = b"COMMIT\x00"
CHUNK = 65536


@dataclass
class Link:
    """`server` is the folder of the real socket. The next `swallow` commits lose their answers."""

    server: Path
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="forkpoint-link-")))
    passing: Event = field(default_factory=Event)
    swallow: int = 0
    swallowed: int = 0

    def open(self) -> None:
        self.passing.set()
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.folder / NAME))
        listener.listen(64)
        Thread(target=self.serve, args=[listener], daemon=True).start()

    def serve(self, listener: socket.socket) -> None:
        while True:
            near, _ = listener.accept()
            far = socket.socket(socket.AF_UNIX)
            far.connect(str(self.server / NAME))
            Thread(target=self.carry, args=[near, far], daemon=True).start()

    def carry(self, near: socket.socket, far: socket.socket) -> None:
        """From either side to the other, until one hangs up or an answer is to be lost."""
        deaf = False
        with near, far, suppress(OSError):
            while True:
                for side in select.select([near, far], [], [])[0]:
                    self.passing.wait()
                    data = side.recv(CHUNK)
                    if not data or (deaf and side is far):
                        return
                    deaf = deaf or (side is near and self.swallows(data))
                    (far if side is near else near).sendall(data)

    def swallows(self, data: bytes) -> bool:
        if COMMIT not in data or not self.swallow:
            return False
        self.swallow, self.swallowed = self.swallow - 1, self.swallowed + 1
        return True


def linked(url: str) -> tuple[Link, str]:
    """An open link to the server of that address, and the address through it."""
    address: URL = make_url(url)
    link = Link(Path(str(address.query["host"])))
    link.open()
    through = address.set(query={"host": str(link.folder)})
    return link, through.render_as_string(hide_password=False)
