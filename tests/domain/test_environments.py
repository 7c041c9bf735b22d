"""A program that is started wrongly says which variable, and repeats no value: some are secret."""

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.environments import PREFIX, read
from domain.logs import LogStyle


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX)

    database_url: str = Field(max_length=8)
    port: int = 8000
    log: LogStyle = LogStyle.TEXT


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORKPOINT_DATABASE_URL", "here")
    monkeypatch.setenv("FORKPOINT_PORT", "80")
    assert read(Settings) == Settings(database_url="here", port=80)


def test_each_variable_that_is_missing_or_wrong_has_a_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORKPOINT_DATABASE_URL", "a secret")
    monkeypatch.setenv("FORKPOINT_PORT", "eighty")
    monkeypatch.setenv("FORKPOINT_LOG", "loud")
    assert refusal() == [
        "FORKPOINT_PORT: must be a whole number",
        "FORKPOINT_LOG: must be text or json",
    ]
    monkeypatch.setenv("FORKPOINT_DATABASE_URL", "too long a secret")
    assert refusal()[0] == "FORKPOINT_DATABASE_URL: must have at most 8 characters"
    monkeypatch.delenv("FORKPOINT_DATABASE_URL")
    assert refusal()[0] == "FORKPOINT_DATABASE_URL: is required"


def refusal() -> list[str]:
    with pytest.raises(SystemExit) as ended:
        read(Settings)
    return str(ended.value).splitlines()
