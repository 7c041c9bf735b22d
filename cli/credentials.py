"""Which server a command asks and which key it sends: as given, else a stack's on this machine."""

import os
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from cli.errors import BadInput
from domain.environments import PREFIX, read

FILE = Path("run", "access.json")


class Access(BaseModel):
    """What a running stack leaves in its data folder, for its owner's eyes alone."""

    url: str
    key: str


class Surroundings(BaseSettings):
    """FORKPOINT_API_KEY, and FORKPOINT_DATA: the folder of a stack on this machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    api_key: str | None = Field(default=None, min_length=1)
    data: Path = Path(".data")


def find_key(url: str) -> str | None:
    """The key for the server at `url`. That of a local stack goes to no other address than its."""
    surroundings = read(Surroundings)
    if surroundings.api_key:
        return checked(surroundings.api_key)
    access = read_access(surroundings.data)
    return access.key if access and access.url == url else None


def find_url() -> str | None:
    """The address of the stack in the data folder, None while none is up."""
    access = read_access(read(Surroundings).data)
    return access.url if access else None


def find_data(url: str) -> Path | None:
    """The data folder whose stack has that address, or had it when it was killed."""
    data = read(Surroundings).data
    access = read_access(data)
    return data if access and access.url == url else None


def checked(key: str) -> str:
    """Raises BadInput for what could not travel in a header, without repeating it."""
    if not key.isascii() or not key.isprintable():
        raise BadInput("the API key holds characters that no key has; was it copied whole?")
    return key.strip()


def read_access(data: Path) -> Access | None:
    try:
        return Access.model_validate_json((data / FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def write_access(data: Path, access: Access) -> None:
    """In one step, and never readable by anybody else, not even for a moment."""
    target = data / FILE
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(access.model_dump_json())
    part.rename(target)


def forget_access(data: Path) -> None:
    (data / FILE).unlink(missing_ok=True)
