"""Who may come in: roles, and API keys as text that a program can check without asking anybody."""

import re
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from domain.errors import Forbidden
from domain.inputs import parse
from domain.schemas import Strict

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_LENGTH, SECRET_LENGTH, SUM_LENGTH = 12, 43, 6
SECRET_BITS = 256
LOCAL = "local"
KEY = re.compile(
    rf"fp_(?P<id>[0-9a-f]{{{ID_LENGTH}}})_"
    rf"(?P<secret>[0-9A-Za-z]{{{SECRET_LENGTH}}})(?P<sum>[0-9A-Za-z]{{{SUM_LENGTH}}})"
)
Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._@:/+-]*$",
        description="Who it is for; what is done with it is recorded under this name.",
    ),
]


class Role(StrEnum):
    """Viewers read, editors steer as well, admins give out keys. Workers are machines' own."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"
    WORKER = "worker"


VIEWERS = frozenset({Role.VIEWER, Role.EDITOR, Role.ADMIN})
EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class Caller:
    """Who is asking, and since which key says so, that key."""

    name: str
    role: Role
    key_id: str


class KeyRequest(Strict):
    """A key to make; without `expires_at` it lasts until it is revoked."""

    name: Name
    role: Role
    expires_at: AwareDatetime | None = None

    @field_validator("name")
    @classmethod
    def is_free(cls, name: str) -> str:
        if name == LOCAL or name.startswith(f"{LOCAL}@"):
            raise ValueError(f"names that begin with {LOCAL} are kept for the machines' own keys")
        return name


class SignIn(Strict):
    """What a browser is signed in with: the token of a link, or a key."""

    token: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    key: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def has_one(self) -> Self:
        if (self.token is None) == (self.key is None):
            raise ValueError("give either the token of a sign-in link or a key")
        return self


def parse_key_request(data: object) -> KeyRequest:
    """From decoded JSON or YAML. Raises Invalid naming every wrong field."""
    return parse(KeyRequest, data)


def parse_sign_in(data: object) -> SignIn:
    """From decoded JSON or YAML. Raises Invalid naming every wrong field."""
    return parse(SignIn, data)


def require_role(caller: Caller, roles: Collection[Role]) -> None:
    """Raises Forbidden naming the least role that would do, and the one that asks."""
    if caller.role not in roles:
        needed = next(role for role in Role if role in roles)
        raise Forbidden(
            f"this needs the role {needed}, and {caller.name} has the role {caller.role}; "
            "ask an admin for another key"
        )


def write_key(key_id: str, secret: int) -> str:
    """`fp_<id>_<secret><checksum>`: a prefix and a checksum, so that scanners know it for a key."""
    text = base62(secret, SECRET_LENGTH)
    return f"fp_{key_id}_{text}{checksum(key_id, text)}"


def read_key(text: str) -> str | None:
    """The id in a key that was copied whole, or None."""
    found = KEY.fullmatch(text)
    if found is None or found["sum"] != checksum(found["id"], found["secret"]):
        return None
    return found["id"]


def checksum(key_id: str, secret: str) -> str:
    return base62(zlib.crc32(f"{key_id}_{secret}".encode()), SUM_LENGTH)


def base62(number: int, length: int) -> str:
    text = ""
    for _ in range(length):
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text
