"""What the API needs to know, read once from the environment by its entry point."""

from pathlib import Path
from typing import Annotated

from limits import parse
from pydantic import AfterValidator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

from domain.environments import PREFIX
from domain.logs import LogStyle

DEFAULT_PASSWORDS = frozenset(
    {"change-me", "changeme", "password", "secret", "postgres", "forkpoint", "admin"}
)
ROOT = Path(__file__).resolve().parents[1]


def readable_rate(text: str) -> str:
    """Raises ValueError unless it is a rate, such as 30/minute."""
    parse(text)
    return text


def with_a_secret(url: str) -> str:
    """Raises ValueError for a password that everybody tries first; a socket needs none."""
    if make_url(url).password in DEFAULT_PASSWORDS:
        raise ValueError("its password is one that everybody tries first; choose another")
    return url


Rate = Annotated[str, AfterValidator(readable_rate)]


class Settings(BaseSettings):
    """Every field is read from FORKPOINT_<NAME>; a worker silent for `alive_seconds` is gone.

    `listener` is the descriptor of a socket that listens already, instead of `host` and `port`.
    Models and datasets are looked for below `models` and `datasets`, by default folders of `data`.
    `allowed_hosts` are the names, separated by commas, under which the server may be called;
    `trusted_proxies` the addresses whose word is taken for a request's scheme and address. Rates
    are per address, but for `key_write_rate`. A page listens for `stream_seconds` and asks again;
    at most `most_streams` do at once.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    database_url: Annotated[str, AfterValidator(with_a_secret)]
    log: LogStyle = LogStyle.TEXT
    host: str = "127.0.0.1"
    port: int = 8000
    listener: int | None = None
    frontend_dist: Path = ROOT / "frontend" / "dist"
    examples: Path = ROOT / "examples"
    data: Path = Path(".data")
    models: Path | None = None
    datasets: Path | None = None
    alive_seconds: float = 60.0
    pool_size: int = 20
    stream_seconds: float = 300.0
    most_streams: int = 500
    allowed_hosts: str = ""
    trusted_proxies: str = "127.0.0.1"
    sign_in_rate: Rate = "30/minute"
    refusal_rate: Rate = "120/minute"
    key_write_rate: Rate = "1200/minute"
    write_rate: Rate = "2400/minute"
