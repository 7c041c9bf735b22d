"""`forkpoint key` and `forkpoint sign-in`: who may come in."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from cli import keyrings
from cli.client import DEFAULT_URL, Client
from cli.errors import BadInput
from cli.options import AsJson, Url
from cli.output import clean, grid, open_console, show_json
from cli.replies import Key, NewKey, SignInLink
from domain.access import Role

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")

UNITS = {"h": "hours", "d": "days", "w": "weeks"}
Lifetime = Annotated[
    str | None, typer.Option("--expires", help="How long it lasts, such as 12h, 30d or 8w.")
]
As = Annotated[Role, typer.Option("--role", help="What it lets its owner do.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who it is for, such as ada or ci.")],
    role: As = Role.VIEWER,
    expires: Lifetime = None,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Make a key and print it, this once: it is kept nowhere."""
    ends = datetime.now(UTC) + lifetime(expires) if expires else None
    answer = keyrings.create(url, name, role, ends)
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    made = answer.read(NewKey)
    open_console(stderr=True).print(
        f"Key {made.id} for {clean(made.name)}, {made.role}. It is shown this once; "
        "give it to commands as FORKPOINT_API_KEY."
    )
    console.print(made.key, soft_wrap=True)


@app.command(name="list")
def list_(as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """List keys, those in use first. Their secrets are kept nowhere."""
    answer = keyrings.list_all(url)
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    table = grid("id", "name", "role", "made by", "last used", "ends")
    for key in answer.read_list(Key):
        row = (key.name, key.role, key.created_by, moment(key.used_at), ending(key))
        table.add_row(key.id, *map(clean, row))
    console.print(table)


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="As `forkpoint key list` shows it.")],
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Refuse a key, and whoever signed in with it, from now on."""
    if not key.isalnum():
        raise BadInput(f"{clean(key)} is not the id of a key; `forkpoint key list` shows them")
    answer = keyrings.revoke(url, key)
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    revoked = answer.read(Key)
    console.print(f"Key {revoked.id} of {clean(revoked.name)} is revoked.")


def sign_in(url: Url = DEFAULT_URL) -> None:
    """Print a link that signs a browser in, once, within a day."""
    with Client(url) as client:
        open_console().print(make_link(client), soft_wrap=True)


def make_link(client: Client) -> str:
    return client.url + client.post("/api/session/links").read(SignInLink).path


def lifetime(text: str) -> timedelta:
    found = re.fullmatch(r"([1-9][0-9]{0,3})([hdw])", text)
    if found is None:
        raise BadInput(f"--expires {text}: give a number and a unit, such as 12h, 30d or 8w")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "never"


def ending(key: Key) -> str:
    if key.revoked_at:
        return f"revoked {moment(key.revoked_at)}"
    return moment(key.expires_at)


@app.callback()
def key_commands() -> None:
    """Make, list and revoke API keys."""
