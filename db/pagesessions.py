"""Browsers that are signed in: links that work once, and sessions that end on the server."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db import keys
from db.outsiders import PageSession, SignInLink
from domain.access import Caller
from domain.errors import Unknown

LINK_LASTS = timedelta(hours=24)
SESSION_LASTS = timedelta(days=30)
TOKEN_BYTES = 32


def issue_link(db: Session, key_id: str) -> str:
    """A token that signs one browser in as the key's owner, once."""
    db.execute(delete(SignInLink).where(SignInLink.expires_at < func.now()))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ends = func.now() + LINK_LASTS
    values = {"digest": keys.digest(token), "key_id": key_id, "expires_at": ends}
    db.execute(insert(SignInLink).values(values))
    return token


def redeem(db: Session, token: str) -> Caller:
    """Who the link is for. Of two that redeem it at once, one is refused, as every later one is."""
    key_id = db.scalar(
        update(SignInLink)
        .where(
            SignInLink.digest == keys.digest(token),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > func.now(),
        )
        .values(used_at=func.now())
        .returning(SignInLink.key_id)
    )
    if key_id is None:
        raise Unknown(
            "this sign-in link was used before, is older than a day, or was not copied whole; "
            "`forkpoint sign-in` on the server's machine prints a new one"
        )
    return keys.enter(db, key_id)


def begin(db: Session, key_id: str) -> str:
    """The token of a new session, for the browser's cookie."""
    over = or_(PageSession.expires_at < func.now(), PageSession.ended_at.is_not(None))
    db.execute(delete(PageSession).where(over))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ends = func.now() + SESSION_LASTS
    values = {"digest": keys.digest(token), "key_id": key_id, "expires_at": ends}
    db.execute(insert(PageSession).values(values))
    return token


def find(db: Session, token: str) -> Caller:
    """Whose session it is. Raises Unknown when it has ended, or its key has."""
    key_id = db.scalar(
        select(PageSession.key_id).where(
            PageSession.digest == keys.digest(token),
            PageSession.ended_at.is_(None),
            PageSession.expires_at > func.now(),
        )
    )
    if key_id is None:
        raise Unknown("the session has ended; sign in again")
    return keys.enter(db, key_id)


def end(db: Session, token: str) -> None:
    """Ends a session for good, whatever a copy of its cookie says; ending it twice is the same."""
    db.execute(
        update(PageSession)
        .where(PageSession.digest == keys.digest(token), PageSession.ended_at.is_(None))
        .values(ended_at=func.now())
    )
