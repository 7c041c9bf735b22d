"""Where the key commands work: over HTTP with a key, or on the database of one's own server.

The second is how a server without the bundled database gets its first key.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cli.client import Answer, Client
from cli.credentials import find_key
from cli.errors import BadInput, CliError
from db import keys
from db.sessions import open_engine, transaction
from domain.access import LOCAL, Role, parse_key_request
from domain.environments import PREFIX, read
from domain.errors import DomainError

T = TypeVar("T")


class Server(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX)

    database_url: str | None = None


def create(url: str, name: str, role: Role, expires_at: datetime | None) -> Answer:
    body = {
        "name": name,
        "role": role.value,
        "expires_at": expires_at.isoformat() if expires_at else None,
    }
    if database := own_database(url):
        request = parse_key_request(body)
        return directly(database, keys.NewKey, lambda db: keys.create(db, request, LOCAL))
    with Client(url) as client:
        return client.post_json("/api/keys", body)


def list_all(url: str) -> Answer:
    if database := own_database(url):
        return directly(database, list[keys.Key], keys.list_keys)
    with Client(url) as client:
        return client.get("/api/keys")


def revoke(url: str, key_id: str) -> Answer:
    if database := own_database(url):
        return directly(database, keys.Key, lambda db: keys.revoke(db, key_id, LOCAL))
    with Client(url) as client:
        return client.post(f"/api/keys/{key_id}/revoke")


def own_database(url: str) -> str | None:
    """Whoever may write to the database needs no key; but a key that was given is used."""
    return None if find_key(url) else read(Server).database_url


def directly(url: str, kind: type[T], act: Callable[[Session], T]) -> Answer:
    with said_plainly():
        engine = open_engine(url)
        try:
            with transaction(engine) as db:
                return Answer(TypeAdapter(kind).dump_json(act(db)).decode())
        finally:
            engine.dispose()


@contextmanager
def said_plainly() -> Iterator[None]:
    try:
        yield
    except DomainError as error:
        raise BadInput(error.message) from error
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip()
        raise CliError(
            f"the database of FORKPOINT_DATABASE_URL cannot be used: {reason}"
        ) from error
