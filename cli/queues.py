"""`forkpoint queue`: what waits, in which order and why; and the table of who did what."""

from collections.abc import Iterable

from rich.table import Table

from cli.client import DEFAULT_URL, Client
from cli.options import AsJson, Limit, Url
from cli.output import clean, grid, local_time, open_console, show_json
from cli.replies import Action, QueuedRun, QueuePage


def queue(limit: Limit = 50, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """List queued runs in the order in which they would start, and why each waits."""
    with Client(url) as client:
        answer = client.get("/api/queue", {"limit": limit})
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    page = answer.read(QueuePage)
    console.print(queue_table(page.runs) if page.runs else "Nothing is queued.")
    if page.total > len(page.runs):
        console.print(f"{len(page.runs)} of {page.total}; more with --limit")


def queue_table(runs: Iterable[QueuedRun]) -> Table:
    table = grid("id", "sweep", "arm", "seed", "priority", "waits")
    for run in runs:
        table.add_row(
            str(run.run_id),
            f"{run.sweep_id} {clean(run.sweep_name)}",
            clean(run.arm) + looked_at(run),
            str(run.seed),
            f"{run.sweep_priority}/{run.priority}",
            clean(run.waits),
        )
    return table


def looked_at(run: QueuedRun) -> str:
    """What tells an analysis from the training of the same arm and seed."""
    return "" if run.analysed_step is None else f", analysis after step {run.analysed_step}"


def actions_table(actions: Iterable[Action]) -> Table:
    table = grid("when", "who", "what", "why")
    for action in actions:
        table.add_row(
            local_time(action.at), clean(action.actor), action.action, clean(action.reason)
        )
    return table
