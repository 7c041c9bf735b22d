"""`forkpoint worker`: see who works, and take a machine out of work and back."""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import quote

import typer
from rich.table import Table
from rich.text import Text

from cli.client import DEFAULT_URL, Answer, Client
from cli.options import AsJson, Url
from cli.output import clean, grid, local_time, open_console, show_json
from cli.replies import Worker
from domain.workers import WorkerStatus

app = typer.Typer(no_args_is_help=True, help="See who works, drain and resume workers.")

COLOURS = {
    WorkerStatus.WORKING: "cyan",
    WorkerStatus.IDLE: "green",
    WorkerStatus.DRAINING: "yellow",
    WorkerStatus.DRAINED: "yellow",
    WorkerStatus.PARKED: "red",
    WorkerStatus.SILENT: "dim",
}

Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False, help="As `list` says.")]
Reason = Annotated[str, typer.Option(help="Why; kept with who did it.", show_default=False)]


@app.command(name="list")
def list_(as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """List workers, living ones first, and why a parked one takes no runs."""
    with Client(url) as client:
        answer = client.get("/api/workers")
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    found = answer.read_list(Worker)
    console.print(workers_table(found) if found else "No worker has registered yet.")
    for worker in found:
        if worker.parked_reason:
            console.print(f"\n{clean(worker.name)} is parked: {clean(worker.parked_reason)}")
            console.print(f"Mend its host, then: forkpoint worker resume {clean(worker.name)}")


@app.command()
def drain(name: Name, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Give no further run to a worker, and let it hand back the one it holds."""
    steer("drain", name, reason, as_json, url)


@app.command()
def resume(
    name: Name, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """Let a drained or parked worker take runs again."""
    steer("resume", name, reason, as_json, url)


@app.command()
def forget(
    name: Name, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """Take a worker that is gone off the list."""
    steer("forget", name, reason, as_json, url)


def steer(verb: str, name: str, reason: str, as_json: bool, url: str) -> None:
    query = {"reason": reason} if reason else {}
    with Client(url) as client:
        answer = client.post(f"/api/workers/{quote(name, safe='')}/{verb}", query)
    present(answer, as_json, "forgotten" if verb == "forget" else "")


def present(answer: Answer, as_json: bool, said: str) -> None:
    """The worker's state in a sentence; or what else is to be `said` of it."""
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    worker = answer.read(Worker)
    still = f", still with run {worker.run_id}" if worker.run_id else ""
    console.print(f"{clean(worker.name)} is {said or worker.status}{still}")


def workers_table(workers: Iterable[Worker]) -> Table:
    table = grid("name", "device", "memory", "status", "run", "version", "last seen")
    for worker in workers:
        device = f"{worker.device} {clean(worker.device_name or '')}".strip()
        table.add_row(
            clean(worker.name),
            device,
            f"{worker.memory_gb:g} GB" if worker.memory_gb else "",
            Text(worker.status.value, style=COLOURS[worker.status]),
            str(worker.run_id or ""),
            clean(worker.version or ""),
            local_time(worker.seen_at),
        )
    return table
