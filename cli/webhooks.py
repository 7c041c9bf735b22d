"""`forkpoint webhook`: who is told when a sweep finishes, a run fails or a worker parks itself."""

from typing import Annotated

import typer
from rich.console import Console

from cli.client import DEFAULT_URL, Answer, Client
from cli.options import AsJson, Id, Limit, Url
from cli.output import clean, grid, local_time, open_console, show_json
from cli.replies import Delivery, DeliveryPage, NewWebhook, Webhook
from domain.webhooks import SUBSCRIBABLE

app = typer.Typer(no_args_is_help=True, help="Tell other programs what happens.")

Events = Annotated[
    list[str] | None,
    typer.Option("--event", help=f"One of {', '.join(SUBSCRIBABLE)}; again for more. Default: all"),
]


@app.command()
def add(
    address: Annotated[str, typer.Argument(metavar="URL", help="Where messages are posted to.")],
    event: Events = None,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Add a webhook and print the secret that its messages are signed with, this once."""
    body: dict[str, object] = {"url": address, **({"events": event} if event else {})}
    with Client(url) as client:
        answer = client.post_json("/api/webhooks", body)
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    made = answer.read(NewWebhook)
    open_console(stderr=True).print(
        f"Webhook {made.id} hears of {', '.join(made.events)}. Its secret is shown this once; "
        f"try it: forkpoint webhook test {made.id}"
    )
    console.print(made.secret, soft_wrap=True)


@app.command(name="list")
def list_(as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """List webhooks, and how their deliveries of the last 30 days stand."""
    with Client(url) as client:
        answer = client.get("/api/webhooks")
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    table = grid("id", "url", "events", "under way", "given up", "last delivered")
    for hook in answer.read_list(Webhook):
        last = local_time(hook.delivered_at) if hook.delivered_at else "never"
        numbers = (str(hook.pending), str(hook.failed))
        table.add_row(str(hook.id), clean(hook.url), ", ".join(hook.events), *numbers, last)
    console.print(table)


@app.command(name="test")
def send_test(number: Id, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Send a test message; `forkpoint webhook deliveries` shows what came of it."""
    with Client(url) as client:
        present(client.post(f"/api/webhooks/{number}/test"), as_json)


@app.command()
def remove(number: Id, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Remove a webhook, with what was still to be delivered to it."""
    with Client(url) as client:
        answer = client.send(client.http.build_request("DELETE", f"/api/webhooks/{number}"))
    console = open_console()
    if as_json:
        show_json(console, answer)
    else:
        console.print(f"{clean(answer.read(Webhook).url)} is told no more.", soft_wrap=True)


@app.command()
def deliveries(
    number: Id, limit: Limit = 50, as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """List what was or is to be sent to a webhook, newest first."""
    with Client(url) as client:
        answer = client.get(f"/api/webhooks/{number}/deliveries", {"limit": limit})
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    page = answer.read(DeliveryPage)
    show_deliveries(console, page.deliveries)
    if page.total > len(page.deliveries):
        console.print(f"{len(page.deliveries)} of {page.total}; more with --limit")


@app.command()
def redeliver(
    number: Id,
    delivery: Annotated[int, typer.Argument(min=1, help="As `deliveries` shows it.")],
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Send a message that was delivered or given up once more."""
    with Client(url) as client:
        path = f"/api/webhooks/{number}/deliveries/{delivery}/redeliver"
        present(client.post(path), as_json)


@app.callback()
def webhook_commands() -> None:
    """Tell other programs what happens."""


def present(answer: Answer, as_json: bool) -> None:
    if as_json:
        show_json(open_console(), answer)
    else:
        show_deliveries(open_console(), [answer.read(Delivery)])


def show_deliveries(console: Console, found: list[Delivery]) -> None:
    table = grid("id", "event", "made", "tries", "state")
    for one in found:
        made = local_time(one.created_at)
        table.add_row(str(one.id), one.event, made, str(one.tries), clean(state_words(one)))
    console.print(table)


def state_words(delivery: Delivery) -> str:
    if delivery.delivered_at:
        return f"delivered {local_time(delivery.delivered_at)}"
    if delivery.due_at is None:
        return f"given up: {delivery.error or 'no answer'}"
    if delivery.tries == 0:
        return "to be sent"
    return f"next try {local_time(delivery.due_at)}: {delivery.error or 'under way'}"
