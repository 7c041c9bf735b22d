"""`forkpoint sweep`: submit, list, follow, compare and confirm sweeps; its verbs steer them."""

import json
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from cli.client import DEFAULT_URL, Answer, Client
from cli.figures import Comparison
from cli.files import read_text
from cli.options import AsJson, Baseline, Id, Limit, Url
from cli.output import (
    open_console,
    plural,
    progress_words,
    show_comparison,
    show_confirmation,
    show_json,
    show_preview,
    show_sweep,
    sweeps_table,
)
from cli.replies import (
    ConfirmationPreview,
    Preview,
    SweepDetail,
    SweepPage,
    SweepRuns,
    SweepSummary,
)
from cli.watching import watch

app = typer.Typer(
    no_args_is_help=True, help="Submit, list, follow, compare, confirm and steer sweeps."
)

File = Annotated[
    Path, typer.Option("--file", "-f", allow_dash=True, help="The sweep, YAML or JSON; - reads it.")
]
Watch = Annotated[bool, typer.Option("--watch", help="Follow it until its runs are finished.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would do; queue nothing.")]
K = Annotated[int | None, typer.Option("--k", help="The k of deltas and words; default: largest.")]
ArmName = Annotated[str, typer.Option("--arm", help="The arm, as the table names it.")]
Seeds = Annotated[
    list[int] | None,
    typer.Option("--seed", help="A new seed; may be given again. Default: those that follow."),
]


@app.command()
def create(
    file: File,
    follow: Watch = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Submit a sweep. Cells that were run before are not run again."""
    text, console = read_text(file), open_console()
    with Client(url) as client:
        if dry_run:
            answer = client.preview(text)
            if as_json:
                show_json(console, answer)
            else:
                show_preview(console, answer.read(Preview))
            return
        show_submitted(client, client.submit(text, key=str(uuid4())), follow, as_json)


@app.command()
def confirm(  # noqa: PLR0913, PLR0917 - its options
    number: Id,
    arm: ArmName,
    seed: Seeds = None,
    follow: Watch = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Train an arm and the baseline again: new seeds, held-out problems, a sweep of its own."""
    with Client(url) as client:
        if dry_run:
            answer = client.preview_confirmation(number, arm, seed or None)
            if as_json:
                show_json(open_console(), answer)
            else:
                show_confirmation(open_console(), answer.read(ConfirmationPreview))
            return
        show_submitted(client, client.confirm(number, arm, seed or None), follow, as_json)


@app.command(name="list")
def list_(
    search: Annotated[str, typer.Option(help="Part of the name.")] = "",
    archived: Annotated[bool, typer.Option("--archived", help="Those that are archived.")] = False,
    limit: Limit = 20,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """List sweeps, newest first."""
    with Client(url) as client:
        chosen = {"search": search, "archived": str(archived).lower()}
        answer = client.get("/api/sweeps", {**chosen, "limit": limit})
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    page = answer.read(SweepPage)
    if not page.sweeps:
        console.print("No sweeps. Submit one: forkpoint sweep create -f examples/quickstart.yaml")
        return
    console.print(sweeps_table(page.sweeps))
    if page.total > len(page.sweeps):
        console.print(f"{len(page.sweeps)} of {page.total}; more with --limit")


@app.command()
def show(number: Id, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Show one sweep with its runs."""
    with Client(url) as client:
        sweep, runs = read_whole(client, number)
    if as_json:
        show_json(open_console(), joined(sweep, runs))
    else:
        show_sweep(open_console(), sweep.read(SweepDetail), runs.read(SweepRuns).runs)


@app.command(name="watch")
def watch_(number: Id, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Follow a sweep until its runs are finished; exit 0 if all succeeded, 1 otherwise."""
    with Client(url) as client:
        follow_to_exit(client, number, quiet=as_json)


@app.command()
def table(
    number: Id,
    k: K = None,
    baseline: Baseline = None,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Compare a sweep's arms with its baseline, or with another arm."""
    with Client(url) as client:
        answer = client.get(f"/api/sweeps/{number}/comparison", {"k": k, "baseline": baseline})
    if as_json:
        show_json(open_console(), answer)
    else:
        show_comparison(open_console(), answer.read(Comparison))


def show_submitted(client: Client, answer: Answer, follow: bool, as_json: bool) -> None:
    console, sweep = open_console(), answer.read(SweepSummary)
    if as_json and not follow:
        show_json(console, answer)
    elif not as_json:
        runs = plural(sweep.progress.total, "run")
        console.print(f"Sweep {sweep.id}: {runs}, {progress_words(sweep.progress)}")
        console.print(f"{client.url}/sweeps/{sweep.id}")
    if follow:
        follow_to_exit(client, sweep.id, quiet=as_json)


def follow_to_exit(client: Client, sweep_id: int, quiet: bool) -> None:
    """Watches, with the display on standard error when standard output carries JSON."""
    console = open_console(stderr=quiet)
    try:
        sweep = watch(client, sweep_id, console)
    except KeyboardInterrupt:
        open_console(stderr=True).print(
            f"Stopped watching; sweep {sweep_id} goes on. Watch it again: "
            f"forkpoint sweep watch {sweep_id}"
        )
        raise typer.Exit(130) from None
    if quiet:
        show_json(open_console(), joined(*read_whole(client, sweep_id)))
    raise typer.Exit(0 if sweep.progress.succeeded == sweep.progress.total else 1)


def read_whole(client: Client, sweep_id: int) -> tuple[Answer, Answer]:
    """The sweep, and its runs."""
    path = f"/api/sweeps/{sweep_id}"
    return client.get(path), client.get(f"{path}/runs")


def joined(sweep: Answer, runs: Answer) -> Answer:
    """One object for programs: the sweep with its runs."""
    return Answer(json.dumps(json.loads(sweep.text) | {"runs": json.loads(runs.text)["runs"]}))
