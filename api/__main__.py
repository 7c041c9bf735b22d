"""Serves the API and the page: `python -m api`."""

import socket

import uvicorn

from api.main import create_app
from api.servers import Server
from api.settings import Settings
from domain.environments import read
from domain.logs import set_up

if __name__ == "__main__":
    settings = read(Settings)
    set_up(settings.log)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,  # ours has no query: api/observations.py
        forwarded_allow_ips=settings.trusted_proxies,
    )
    given = settings.listener
    Server(app, config).run(None if given is None else [socket.socket(fileno=given)])
