"""`forkpoint up` and `forkpoint demo`: run everything on this machine."""

import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console

from cli.client import Client
from cli.devices import choose_devices
from cli.errors import BadInput, StopAsked
from cli.figures import Comparison
from cli.keys import make_link
from cli.locks import locked
from cli.output import open_console, plural, show_comparison
from cli.ports import FIRST_PORT
from cli.replies import SweepDetail, SweepSummary
from cli.stack import ROOT, Plan, Stack
from cli.watching import watch
from domain.environments import PREFIX, read

QUICKSTART = ROOT / "examples" / "quickstart.yaml"
FOREVER = 3600.0


class Servers(BaseSettings):
    """Servers to use instead of the bundled ones, from FORKPOINT_DATABASE_URL, FORKPOINT_REDIS_URL.

    Read from the environment only: a command line would show their passwords to every user.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    database_url: str | None = Field(default=None, min_length=1)
    redis_url: str | None = Field(default=None, min_length=1)


Data = Annotated[
    Path, typer.Option(envvar="FORKPOINT_DATA", file_okay=False, help="Folder for everything kept.")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[
    int | None,
    typer.Option(min=1, max=65535, help=f"Port to listen on; default: free from {FIRST_PORT}."),
]
Workers = Annotated[
    int | None,
    typer.Option(min=0, help="How many workers; default: one for each GPU, else for each core."),
]
NoWorkers = Annotated[bool, typer.Option("--no-workers", help="Start no worker.")]
Exit = Annotated[bool, typer.Option("--exit", help="Stop once the sweep is finished.")]


def up(
    data: Data = Path(".data"),
    host: Host = "127.0.0.1",
    port: Port = None,
    workers: Workers = None,
    no_workers: NoWorkers = False,
) -> None:
    """Run everything on this machine until Ctrl-C: database, broker, API with the page, workers."""
    console = open_console()
    with running(make_plan(data, host, port, 0 if no_workers else workers), console) as stack:
        console.print("Ctrl-C stops everything.")
        while True:
            stack.wait(FOREVER)


def demo(
    data: Data = Path(".data"),
    host: Host = "127.0.0.1",
    port: Port = None,
    workers: Workers = None,
    exit_: Exit = False,
) -> None:
    """Run everything, train the example sweep and compare its arms."""
    if workers == 0:
        raise BadInput("--workers: the demo trains, so it needs at least one")
    console = open_console()
    succeeded = False
    with running(make_plan(data, host, port, workers), console) as stack:
        succeeded = compare_example(stack, console)
        if not exit_:
            console.print("Everything stays up; Ctrl-C stops it.")
            while True:
                stack.wait(FOREVER)
    if exit_ and not succeeded:
        raise typer.Exit(1)


def compare_example(stack: Stack, console: Console) -> bool:
    """Submits the example unless this folder has it already; True if all its runs succeeded."""
    text = QUICKSTART.read_text()
    with Client(stack.url, key=stack.key) as client:
        known = client.get("/api/catalogue").text  # names the versions of models and tasks
        key = f"demo-{hashlib.sha256((text + known).encode()).hexdigest()[:16]}"
        sweep = client.submit(text, key).read(SweepSummary)
        page = f"{stack.url}/sweeps/{sweep.id}"
        announce(sweep, page, console)
        if sweep.progress.failed or sweep.progress.cancelled:
            client.post(f"/api/sweeps/{sweep.id}/retry")
        done: SweepDetail = watch(client, sweep.id, console, stack.wait)
        comparison = client.get(f"/api/sweeps/{sweep.id}/comparison").read(Comparison)
    console.print()
    show_comparison(console, comparison)
    console.print(f"\nCurves and the comparison: {page}")
    return done.progress.succeeded == done.progress.total


def announce(sweep: SweepSummary, page: str, console: Console) -> None:
    progress = sweep.progress
    runs = plural(progress.total, "run")
    console.print(f"\nSweep {sweep.id}, {sweep.name}: {sweep.arms} arms, {runs}. Follow it: {page}")
    trained, lost = progress.succeeded, progress.failed + progress.cancelled
    if trained == progress.total:
        console.print("All of them were trained before; none is repeated.")
    elif trained:
        console.print(f"{trained} of them were trained before; they are not repeated.")
    if lost:
        console.print(f"{plural(lost, 'run')} ended early; trying again.")


def make_plan(data: Path, host: str, port: int | None, workers: int | None) -> Plan:
    servers = read(Servers)
    devices = choose_devices(workers)
    return Plan(data.resolve(), host, port, devices, servers.database_url, servers.redis_url)


@contextmanager
def running(plan: Plan, console: Console) -> Iterator[Stack]:
    """A started stack, stopped in order at the end; being asked to stop is a good end."""
    plan.data.mkdir(parents=True, exist_ok=True)
    with locked(plan.data):
        stack = Stack(plan, lambda message: console.print(message, style="yellow"))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                signal.signal(number, lambda *_: stack.ask_stop())
        try:
            console.print("Starting ...")
            stack.start()
            welcome(stack, console)
            yield stack
        except StopAsked:
            pass
        finally:
            with suppress(OSError):  # the terminal may be gone
                console.print("Stopping ... (Ctrl-C again to hurry)")
            stack.stop()
            with suppress(OSError):
                console.print("Stopped.")


def welcome(stack: Stack, console: Console) -> None:
    plan = stack.plan
    workers = ", ".join(plan.devices) or "none"
    console.print("\nForkpoint is up", style="bold green", end=": ")
    console.print(stack.url, style="bold")
    with Client(stack.url, key=stack.key) as client:
        console.print(f"  sign in  {make_link(client)}", soft_wrap=True)
    console.print("           once, within a day; `forkpoint sign-in` prints another link")
    console.print(f"  data     {plan.data}")
    console.print(f"  logs     {stack.logs}")
    console.print(f"  workers  {workers}")
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        console.print("The page is not built yet (`make install` does it); the API works.")
    if plan.data != Path(".data").resolve():
        console.print(f"For other commands: export FORKPOINT_DATA={plan.data}")
