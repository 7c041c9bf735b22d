"""`forkpoint doctor`: look at everything that a run needs, and say what to do about it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console

from cli import machines
from cli.client import DEFAULT_URL
from cli.credentials import read_access
from cli.findings import Finding, Level, worst
from cli.output import clean, open_console
from domain.environments import PREFIX, read

COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.ERROR: "red"}
SUBJECT_WIDTH = 24

Url = Annotated[
    str,
    typer.Option(
        "--url",
        envvar="FORKPOINT_URL",
        help="Address of the Forkpoint server; default: that of the stack in the data folder.",
    ),
]


class Surroundings(BaseSettings):
    """The settings that say where things are, of all programs together."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    database_url: str | None = None
    redis_url: str | None = None
    checkpoints: Path | None = None


Data = Annotated[
    Path, typer.Option(envvar="FORKPOINT_DATA", file_okay=False, help="The stack's data folder.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of lines.")]


def doctor(data: Data = Path(".data"), url: Url = "", as_json: AsJson = False) -> None:
    """Examine servers, workers, devices, disks and versions; exit code 1 if anything is broken.

    It changes nothing, and works while nothing runs.
    """
    console, findings = open_console(), []
    for finding in examine(data.resolve(), url):
        findings.append(finding)
        if not as_json:
            show(console, finding)
    if as_json:
        console.print_json(json.dumps([asdict(finding) for finding in findings]))
    if worst(findings) is Level.ERROR:
        raise typer.Exit(1)


def examine(data: Path, url: str) -> Iterator[Finding]:
    from cli import services  # the clients of every server: no other command shall load them

    given = read(Surroundings)
    servers = services.find_servers(data, given.database_url, given.redis_url)
    access = read_access(data)
    yield from services.examine_database(servers.database_url)
    yield from services.examine_broker(servers.redis_url)
    if access and url in ("", access.url):
        yield from services.examine_api(access.url, access.key)
    else:
        yield from services.examine_api(url or DEFAULT_URL)
    yield from machines.examine_devices()
    kept = {"data": data, "checkpoints": given.checkpoints or data / "checkpoints"}
    yield from machines.examine_disks(kept)
    yield from machines.examine_limits()
    yield from machines.examine_installation()


def show(console: Console, finding: Finding) -> None:
    console.print(f"{finding.level.value:8}", style=COLOURS[finding.level], end="")
    subject = clean(finding.subject).ljust(SUBJECT_WIDTH)
    console.print(f"{subject}  {clean(finding.message)}", soft_wrap=True)
    if finding.remedy:
        console.print(f"{'':8}{'':{SUBJECT_WIDTH}}  -> {clean(finding.remedy)}", soft_wrap=True)
