"""`forkpoint run` and `forkpoint worker`: look at single runs, steer them, see who works."""

from typing import Annotated

import typer

from cli.client import DEFAULT_URL, Answer, Client
from cli.options import AsJson, Id, Limit, Url
from cli.output import clean, open_console, runs_table, show_json, show_run, workers_table
from cli.replies import LogTail, RunDetail, RunPage, Worker
from domain.lifecycle import RunStatus

app = typer.Typer(no_args_is_help=True, help="Look at single runs and steer them.")
workers = typer.Typer(no_args_is_help=True, help="See who works.")

Status = Annotated[RunStatus | None, typer.Option(help="Only runs in this state.")]
Sweep = Annotated[int | None, typer.Option(min=1, help="Only runs of this sweep.")]


@app.command(name="list")
def list_(
    status: Status = None,
    sweep: Sweep = None,
    limit: Limit = 50,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """List runs, newest first."""
    query: dict[str, str | int] = {"limit": limit}
    if status:
        query["status"] = status.value
    if sweep:
        query["sweep"] = sweep
    with Client(url) as client:
        answer = client.get("/api/runs", query)
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    page = answer.read(RunPage)
    console.print(runs_table(page.runs))
    if page.total > len(page.runs):
        console.print(f"{len(page.runs)} of {page.total}; more with --limit")


@app.command()
def show(number: Id, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Show one run: its state, what happened to it, why it failed."""
    with Client(url) as client:
        present(client.get(f"/api/runs/{number}"), as_json)


@app.command()
def logs(number: Id, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Print the last lines its latest attempt wrote."""
    with Client(url) as client:
        answer = client.get(f"/api/runs/{number}/log")
    console = open_console()
    if as_json:
        show_json(console, answer)
    else:
        console.print(clean(answer.read(LogTail).text), soft_wrap=True, end="")


@app.command()
def cancel(number: Id, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Cancel a run, for every sweep that shares it."""
    with Client(url) as client:
        present(client.post(f"/api/runs/{number}/cancel"), as_json)


@app.command()
def retry(number: Id, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Queue a failed or cancelled run again."""
    with Client(url) as client:
        present(client.post(f"/api/runs/{number}/retry"), as_json)


@workers.command(name="list")
def list_workers(as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """List workers, living ones first."""
    with Client(url) as client:
        answer = client.get("/api/workers")
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    found = answer.read_list(Worker)
    console.print(workers_table(found) if found else "No worker has registered yet.")


@workers.callback()
def worker_commands() -> None:
    """See who works."""


def present(answer: Answer, as_json: bool) -> None:
    if as_json:
        show_json(open_console(), answer)
    else:
        show_run(open_console(), answer.read(RunDetail))
