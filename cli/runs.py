"""`forkpoint run`: look at single runs and steer them."""

from typing import Annotated

import typer

from cli.client import DEFAULT_URL, Answer, Client
from cli.options import AsJson, Id, Limit, Url
from cli.output import clean, open_console, runs_table, show_json, show_run
from cli.replies import LogTail, RunDetail, RunPage
from domain.lifecycle import RunStatus

app = typer.Typer(no_args_is_help=True, help="Look at single runs and steer them.")

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


def present(answer: Answer, as_json: bool) -> None:
    if as_json:
        show_json(open_console(), answer)
    else:
        show_run(open_console(), answer.read(RunDetail))
