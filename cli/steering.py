"""`forkpoint sweep pause`, `forkpoint run cancel` and the other verbs that steer."""

from typing import Annotated

import typer

from cli.client import DEFAULT_URL, Answer, Client
from cli.errors import BadInput
from cli.options import AsJson, Id, Limit, Reason, Url
from cli.output import open_console, progress_words, show_json, show_run
from cli.queues import actions_table
from cli.replies import ActionPage, RunDetail, SweepSummary

sweeps = typer.Typer()
runs = typer.Typer()
NEGATIVE_TOO = {"ignore_unknown_options": True}  # else -5 would be taken for an option

Shared = Annotated[
    bool, typer.Option("--include-shared", help="Also cancel runs that other sweeps wait for.")
]
Priority = Annotated[
    int, typer.Argument(min=-100, max=100, help="Higher starts first; 0 at first.")
]
Place = Annotated[str, typer.Argument(help="-100 to 100, or first, or last.")]
MaxRunning = Annotated[
    str, typer.Argument(metavar="N", help="How many may run at once; none lifts the limit.")
]
Name = Annotated[str | None, typer.Option(help="Its name; by default the old one's, as a copy.")]


@sweeps.command()
def pause(number: Id, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Start no further run of a sweep; what runs goes on."""
    steer_sweep(url, number, "pause", {"reason": reason}, as_json)


@sweeps.command()
def resume(
    number: Id, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """Let a paused sweep start runs again."""
    steer_sweep(url, number, "resume", {"reason": reason}, as_json)


@sweeps.command()
def drain(number: Id, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Cancel what is queued of a sweep, and let what runs finish."""
    steer_sweep(url, number, "drain", {"reason": reason}, as_json)


@sweeps.command()
def cancel(
    number: Id,
    include_shared: Shared = False,
    reason: Reason = "",
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Cancel a sweep's unfinished runs."""
    query = {"include_shared": "true" if include_shared else "false", "reason": reason}
    steer_sweep(url, number, "cancel", query, as_json)


@sweeps.command()
def retry(number: Id, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Queue a sweep's failed and cancelled runs again."""
    steer_sweep(url, number, "retry", {"reason": reason}, as_json)


@sweeps.command()
def archive(
    number: Id, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """Take a finished sweep off the list; nothing of it is deleted."""
    steer_sweep(url, number, "archive", {"reason": reason}, as_json)


@sweeps.command()
def unarchive(
    number: Id, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """Put an archived sweep on the list again."""
    steer_sweep(url, number, "unarchive", {"reason": reason}, as_json)


@sweeps.command(name="priority", context_settings=NEGATIVE_TOO)
def prioritise(
    number: Id,
    priority: Priority,
    reason: Reason = "",
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Say how urgent a sweep is."""
    with Client(url) as client:
        path, query = f"/api/sweeps/{number}/priority", {"reason": reason}
        show_sweep_state(client.post_json(path, {"priority": priority}, query), as_json)


@sweeps.command()
def limit(
    number: Id,
    most: MaxRunning,
    reason: Reason = "",
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Let at most so many runs of a sweep run at once."""
    if most != "none" and not most.isdecimal():
        raise BadInput(f"N: {most!r} is neither a number nor none")
    body = {"max_running": None if most == "none" else int(most)}
    with Client(url) as client:
        path, query = f"/api/sweeps/{number}/limit", {"reason": reason}
        show_sweep_state(client.post_json(path, body, query), as_json)


@sweeps.command()
def clone(
    number: Id,
    name: Name = None,
    reason: Reason = "",
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Make a new sweep of the same specification; it shares every run that there is."""
    with Client(url) as client:
        path, query = f"/api/sweeps/{number}/clone", {"reason": reason}
        show_sweep_state(client.post_json(path, {"name": name}, query), as_json)


@sweeps.command()
def actions(number: Id, limit: Limit = 50, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """List who did what to a sweep and why, newest first."""
    with Client(url) as client:
        answer = client.get(f"/api/sweeps/{number}/actions", {"limit": limit})
    if as_json:
        show_json(open_console(), answer)
    else:
        open_console().print(actions_table(answer.read(ActionPage).actions))


@runs.command(name="cancel")
def cancel_run(
    number: Id, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """Cancel a run, for every sweep that shares it."""
    steer_run(url, number, "cancel", reason, as_json)


@runs.command(name="retry")
def retry_run(
    number: Id, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """Queue a failed or cancelled run again."""
    steer_run(url, number, "retry", reason, as_json)


@runs.command()
def restart(
    number: Id, reason: Reason = "", as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """Queue a failed, cancelled or queued run to train from zero."""
    steer_run(url, number, "restart", reason, as_json)


@runs.command(name="priority", context_settings=NEGATIVE_TOO)
def reorder(
    number: Id,
    place: Place,
    reason: Reason = "",
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Move a queued run within the queue of its sweeps."""
    wanted = int(place) if place.lstrip("-").isdecimal() else place
    with Client(url) as client:
        path, query = f"/api/runs/{number}/priority", {"reason": reason}
        show_run_state(client.post_json(path, {"priority": wanted}, query), as_json)


def steer_sweep(url: str, number: int, verb: str, query: dict[str, str], as_json: bool) -> None:
    with Client(url) as client:
        show_sweep_state(client.post(f"/api/sweeps/{number}/{verb}", query), as_json)


def steer_run(url: str, number: int, verb: str, reason: str, as_json: bool) -> None:
    with Client(url) as client:
        show_run_state(client.post(f"/api/runs/{number}/{verb}", {"reason": reason}), as_json)


def show_sweep_state(answer: Answer, as_json: bool) -> None:
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    sweep = answer.read(SweepSummary)
    archived = ", archived" if sweep.archived_at else ""
    console.print(f"Sweep {sweep.id} is {sweep.status}{archived}: {progress_words(sweep.progress)}")


def show_run_state(answer: Answer, as_json: bool) -> None:
    if as_json:
        show_json(open_console(), answer)
    else:
        show_run(open_console(), answer.read(RunDetail))
