"""Serves the API and the page: `python -m api`."""

import uvicorn

from api.main import create_app
from api.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        forwarded_allow_ips=settings.trusted_proxies,
    )
