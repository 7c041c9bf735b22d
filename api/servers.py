"""The server: it ends what would never end by itself before it waits for requests to end."""

from socket import socket

import uvicorn
from fastapi import FastAPI

from api.lookouts import Lookout


class Server(uvicorn.Server):
    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.lookout: Lookout = app.state.lookout

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self.lookout.close()
        await super().shutdown(sockets)
