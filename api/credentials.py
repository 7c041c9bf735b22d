"""What the API answers about keys and sessions."""

from datetime import datetime

from api.schemas import Reply
from domain.access import Role


class Key(Reply):
    """An API key, but for its secret, which is kept nowhere."""

    id: str
    name: str
    role: Role
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


class NewKey(Key):
    """`key` is what to send; it is shown this once."""

    key: str


class Session(Reply):
    """Who is asking: the name and role of their key. `by_cookie` for a page's session."""

    name: str
    role: Role
    key_id: str
    by_cookie: bool


class SignInLink(Reply):
    """The path of a page that signs one browser in, once, within a day."""

    path: str
