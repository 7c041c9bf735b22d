"""`python -m workers.health` ends with 0 while this worker is heard of: a container's check.

It asks the database, as the worker itself does, so that it needs no key of the API.
"""

import sys

from db import workers
from db.sessions import open_engine, transaction
from domain.environments import read
from workers.settings import Settings


def is_heard(settings: Settings) -> bool:
    engine = open_engine(settings.database_url, statement_seconds=5)
    with transaction(engine) as db:
        found = workers.list_workers(db, settings.alive_seconds)
    engine.dispose()
    return any(worker.name == settings.name and worker.alive for worker in found)


if __name__ == "__main__":
    sys.exit(not is_heard(read(Settings)))
