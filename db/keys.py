"""API keys: made, listed, revoked, and checked at every request. Only their SHA-256 is kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db import actions
from db.outsiders import ApiKey
from db.sessions import RELOAD
from domain.access import (
    ID_LENGTH,
    SECRET_BITS,
    Caller,
    KeyRequest,
    Role,
    read_key,
    write_key,
)
from domain.errors import Conflict, NotFound, Unknown, invalid

USE_NOTED_EVERY = timedelta(minutes=1)
STALE = or_(ApiKey.used_at.is_(None), ApiKey.used_at < func.now() - USE_NOTED_EVERY)
REMEDY = "ask an admin for another, or make one on the server's machine: forkpoint key create"


@dataclass(frozen=True)
class Key:
    """What may be shown of a key: everything but its secret."""

    id: str
    name: str
    role: Role
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True)
class NewKey(Key):
    """`key` is shown this once; nobody can read it again."""

    key: str


def create(db: Session, request: KeyRequest, actor: str) -> NewKey:
    """Raises Conflict when a key of that name is in use, Invalid when it would have ended."""
    if request.expires_at and db.scalar(select(func.now() >= request.expires_at)):
        raise invalid("expires_at", "lies in the past")
    made = add(db, request.name, request.role, actor, request.expires_at)
    actions.record(db, actor, "create", "key", made.id, f"{request.name} as {request.role}")
    return made


def add(
    db: Session, name: str, role: Role, actor: str, expires_at: datetime | None = None
) -> NewKey:
    key_id = secrets.token_hex(ID_LENGTH // 2)
    text = new_text(key_id)
    row = db.scalar(
        insert(ApiKey)
        .values(
            id=key_id,
            digest=digest(text),
            name=name,
            role=role,
            created_by=actor,
            expires_at=expires_at,
        )
        .on_conflict_do_nothing(index_elements=["name"], index_where=ApiKey.revoked_at.is_(None))
        .returning(ApiKey)
    )
    if row is None:
        raise Conflict(f"a key named {name} is in use; revoke it first, or choose another name")
    return NewKey(**vars(as_key(row)), key=text)


def renew(db: Session, name: str) -> str:
    """The machine's own admin key, made anew: the last one is good no more.

    Whoever is signed in to the page with it stays so, since it is the same key by its id.
    """
    key_id = db.scalar(
        select(ApiKey.id).where(ApiKey.name == name, ApiKey.revoked_at.is_(None)).with_for_update()
    )
    if key_id is None:
        return add(db, name, Role.ADMIN, name).key
    text = new_text(key_id)
    db.execute(update(ApiKey).where(ApiKey.id == key_id).values(digest=digest(text)))
    return text


def list_keys(db: Session) -> list[Key]:
    """Those in use first, each by name; then those that were revoked, the latest first."""
    rows = db.scalars(
        select(ApiKey).order_by(ApiKey.revoked_at.desc().nulls_first(), ApiKey.name, ApiKey.id)
    )
    return [as_key(row) for row in rows]


def revoke(db: Session, key_id: str, actor: str) -> Key:
    """From the next request on the key, and every session begun with it, is refused."""
    revoked = db.scalar(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(ApiKey),
        execution_options=RELOAD,
    )
    if revoked is not None:
        actions.record(db, actor, "revoke", "key", key_id, revoked.name)
    return as_key(revoked or find(db, key_id))


def find(db: Session, key_id: str) -> ApiKey:
    row = db.get(ApiKey, key_id)
    if row is None:
        raise NotFound(f"there is no key {key_id}")
    return row


def check(db: Session, text: str) -> Caller:
    """Who sends this key. Raises Unknown when it is none of ours, has ended or was revoked."""
    key_id = read_key(text)
    if key_id is None:
        raise Unknown(f"that is not an API key, or not the whole of one; {REMEDY}")
    found = look(db, key_id)
    if found is None or not hmac.compare_digest(found.key.digest, digest(text)):
        raise Unknown(f"the API key is not known here; {REMEDY}")
    return welcome(db, found)


def enter(db: Session, key_id: str) -> Caller:
    """Who acts with a key that is known to be theirs. Raises Unknown when it is good no more."""
    found = look(db, key_id)
    if found is None:
        raise Unknown(f"the API key is gone; {REMEDY}")
    return welcome(db, found)


class Found(NamedTuple):
    key: ApiKey
    ended: bool | None
    stale: bool


def look(db: Session, key_id: str) -> Found | None:
    """One query, by the database's clock."""
    row = db.execute(
        select(ApiKey, ApiKey.expires_at <= func.now(), STALE).where(ApiKey.id == key_id)
    ).one_or_none()
    return row and Found(*row)


def welcome(db: Session, found: Found) -> Caller:
    """Notes the use at most once a minute, so that reading does not write."""
    key = found.key
    if key.revoked_at:
        raise Unknown(f"the API key {key.name} was revoked; {REMEDY}")
    if found.ended:
        raise Unknown(f"the API key {key.name} has expired; {REMEDY}")
    if found.stale:
        db.execute(update(ApiKey).where(ApiKey.id == key.id, STALE).values(used_at=func.now()))
    return Caller(key.name, Role(key.role), key.id)


def new_text(key_id: str) -> str:
    return write_key(key_id, secrets.randbits(SECRET_BITS))


def digest(text: str) -> bytes:
    """Unsalted and quick, which is right for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(text.encode()).digest()


def as_key(row: ApiKey) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
