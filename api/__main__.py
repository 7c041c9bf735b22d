"""Serves the API and the page: `python -m api`."""

import logging

import uvicorn

from api.main import create_app
from api.settings import Settings
from domain.logs import FORMATTERS

if __name__ == "__main__":
    settings = Settings()
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATTERS[settings.log]())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,  # ours has no query: api/observations.py
        forwarded_allow_ips=settings.trusted_proxies,
    )
