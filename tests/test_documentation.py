"""What the documentation promises about operations: every setting, every metric, every command."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from pydantic_settings import BaseSettings
from typer.main import get_command

import api.settings
import cli.credentials
import cli.doctor
import cli.local
import workers.settings
from api.metrics import Measures
from cli.main import app
from domain.webhooks import WAITS, WebhookEvent
from tests.conftest import ROOT

DOCS = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
OPERATIONS = DOCS["operations.md"]
SETTINGS: list[type[BaseSettings]] = [
    api.settings.Settings,
    workers.settings.Settings,
    cli.local.Servers,
    cli.credentials.Surroundings,
    cli.doctor.Surroundings,
]
FIELDS = sorted({name for kind in SETTINGS for name in kind.model_fields})
NAMED = re.compile(r"(?:^|`)(?:\.venv/bin/)?forkpoint ((?:[a-z][a-z-]+ ?)+)", re.MULTILINE)
COMMANDS = [
    (page, command)
    for page, text in {**DOCS, "README.md": (ROOT / "README.md").read_text()}.items()
    for command in sorted(set(re.findall(NAMED, text)))
]


@pytest.mark.parametrize("field", FIELDS)
def test_every_setting_is_documented(field: str) -> None:
    assert f"`FORKPOINT_{field.upper()}`" in OPERATIONS + DOCS["access.md"]


def exposed(url: str, tmp_path: Path) -> set[str]:
    measures = Measures(api.settings.Settings(database_url=url, data=tmp_path))
    measures.requests.labels("GET", "/api/health", "200").observe(0.1)
    text = bytes(measures.render().body).decode()
    measures.close()
    families = text_string_to_metric_families(text)
    return {sample.name for family in families for sample in family.samples}


def test_the_alert_rules_and_the_table_name_metrics_that_exist_and_all_of_them(
    database_url: str, tmp_path: Path
) -> None:
    known = exposed(database_url, tmp_path) | {"forkpoint_workers"}  # nobody works here
    said = set(re.findall(r"\bforkpoint_[a-z_]+\b", OPERATIONS))
    histogram = {f"forkpoint_request_seconds{end}" for end in ("", "_bucket", "_count", "_sum")}
    assert said - known - histogram == set()
    ours = {name for name in known if name.startswith("forkpoint_")}
    assert ours - said - histogram - {"forkpoint_request_seconds_created"} == set()


def test_the_alert_rules_are_rules() -> None:
    (block,) = re.findall(r"```yaml\n(groups:.*?)```", OPERATIONS, re.DOTALL)
    rules: list[dict[str, Any]] = yaml.safe_load(block)["groups"][0]["rules"]
    assert all(re.fullmatch(r"Forkpoint[A-Za-z]+", rule["alert"]) for rule in rules)
    assert all(rule["expr"].count("(") == rule["expr"].count(")") for rule in rules)


def test_every_event_of_a_webhook_is_documented() -> None:
    missing = [event for event in WebhookEvent if f"`{event}`" not in DOCS["webhooks.md"]]
    assert missing == []
    assert len(WAITS) == 9, "the page lists the waits"


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_every_command_that_is_named_exists(page: str, command: str) -> None:
    """As far as its words are commands; what follows are arguments, or the rest of a sentence."""
    here: Any = get_command(app)
    for word in command.split():
        commands = getattr(here, "commands", None)
        if commands is None:
            return
        assert word in commands, f"{page}: forkpoint {command}"
        here = commands[word]
