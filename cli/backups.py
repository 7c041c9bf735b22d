"""`forkpoint backup` and `forkpoint restore`: the database of a stack's data folder as one file.

The file holds everything that must not be lost: sweeps, runs, results, keys and webhooks. What else
is in the folder comes back by itself, or is trained again.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url

from cli import postgres
from cli.errors import BadInput, StackError
from cli.files import unreadable
from cli.local import Data, Servers
from cli.locks import locked
from cli.output import open_console
from cli.stack import Plan, Stack
from db import databases
from domain.environments import read

MAGIC = b"PGDMP"
RESTORING = "forkpoint_restoring"
OWN_SERVER = (
    "FORKPOINT_DATABASE_URL names a server of yours: use its own pg_dump and pg_restore, as "
    "docs/operations.md says"
)

File = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]


def backup(file: File, data: Data = Path(".data"), force: Force = False) -> None:
    """Write the stack's database to a file, while it runs or not.

    Whoever has the file has all results, and the secrets of webhooks; of keys only their digests.
    """
    refuse_own_server()
    if file.exists() and not force:
        raise BadInput(f"{file} exists; name another file, or replace it with --force")
    if not (data / "postgres").exists():
        raise BadInput(f"{data} is no data folder of a stack; name one with --data")
    with reachable(data.resolve()) as url:
        dump(url, file)
    size = file.stat().st_size / 1e6
    open_console().print(f"{file}: {size:.1f} MB. It holds secrets; keep it as safe as the stack.")


def restore(file: File, data: Data = Path(".data"), force: Force = False) -> None:
    """Load a backup into the data folder of a stack that is stopped, or into a new one.

    What is there is replaced once the file was read whole, and only with --force.
    """
    refuse_own_server()
    check_file(file)
    data.mkdir(parents=True, exist_ok=True)
    with started(data.resolve()) as url:
        if not force and not databases.is_empty(url):
            raise StackError(f"{data} holds runs already; replace them with --force")
        load(url, file)
    open_console().print(f"{file} is restored into {data}. Start it: forkpoint up --data {data}")


def refuse_own_server() -> None:
    if read(Servers).database_url:
        raise BadInput(OWN_SERVER)


def check_file(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            beginning = opened.read(len(MAGIC))
    except OSError as error:
        raise unreadable(file, error) from error
    if beginning != MAGIC:
        raise BadInput(f"{file} is not a backup: `forkpoint backup` or `pg_dump -Fc` makes one")


@contextmanager
def reachable(data: Path) -> Iterator[str]:
    """The database's URL: that of the stack which runs, else of a server started for this alone."""
    if url := postgres.find(data / "postgres"):
        yield url
    else:
        with started(data) as url:
            yield url


@contextmanager
def started(data: Path) -> Iterator[str]:
    """Raises StackError while a stack uses the folder."""
    with locked(data):
        console = open_console(stderr=True)
        plan = Plan(data, "127.0.0.1", None, [], None, None)
        stack = Stack(plan, lambda message: console.print(message, style="yellow"))
        try:
            yield stack.start_database()
        finally:
            stack.stop()


def dump(url: str, file: Path) -> None:
    """The file gets its name once it is whole, and is for its owner's eyes alone."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as output:
            run("pg_dump", url, "--format=custom", stdout=output.fileno())
            os.fsync(output.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def load(url: str, file: Path) -> None:
    """Into a database of its own first: a file that breaks off costs nothing that was there."""
    fresh = make_url(url).set(database=RESTORING).render_as_string(hide_password=False)
    databases.create(url, RESTORING)
    try:
        run("pg_restore", fresh, "--single-transaction", "--no-owner", str(file.absolute()))
        if not databases.is_readable(fresh):
            raise StackError(f"{file} was made by a newer version; install that one here first")
        databases.put_in_place(url, RESTORING)
    except BaseException:
        databases.discard(url, RESTORING)
        raise


def run(program: str, url: str, *arguments: str, stdout: int = subprocess.DEVNULL) -> None:
    place = make_url(url)
    where = [f"--host={place.query['host']}", "--username=forkpoint", f"--dbname={place.database}"]
    done = subprocess.run(
        [postgres.binary(program), *where, *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env=postgres.without_postgres_settings(os.environ),
    )
    if done.returncode:
        raise StackError(f"{program} failed:\n{done.stderr.strip()}")
