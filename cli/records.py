"""`forkpoint run spec` and `run record`: what it takes to do a run again, by hand."""

import json
from typing import Annotated

import typer

from cli.client import DEFAULT_URL, Client
from cli.errors import BadInput
from cli.options import AsJson, Id, Url
from cli.output import clean, open_console, show_json
from cli.replies import AttemptRecord, RunDetail

Number = Annotated[int | None, typer.Option(min=1, help="Which attempt; the latest by default.")]


def spec(number: Id, url: Url = DEFAULT_URL) -> None:
    """Print a run's specification as JSON, as the trainer takes it on standard input."""
    with Client(url) as client:
        answer = client.get(f"/api/runs/{number}")
    typer.echo(json.dumps(json.loads(answer.text)["spec"], indent=2))


def record(
    number: Id, attempt: Number = None, as_json: AsJson = False, url: Url = DEFAULT_URL
) -> None:
    """Show which code, packages and device an attempt had, and the command that repeats it."""
    with Client(url) as client:
        latest = attempt or client.get(f"/api/runs/{number}").read(RunDetail).attempt
        if not latest:
            raise BadInput(f"run {number} has not been attempted yet")
        answer = client.get(f"/api/runs/{number}/attempts/{latest}/record")
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    found = answer.read(AttemptRecord)
    console.print(f"Run {number}, attempt {latest}", style="bold")
    for name, text in describe(found):
        console.print(f"{name:<12}{clean(text)}", soft_wrap=True)
    console.print(f"\n{clean(found.command)}", soft_wrap=True)


def describe(found: AttemptRecord) -> list[tuple[str, str]]:
    """Lines of a name and a value; packages are counted, since --json lists them."""
    record, code = found.record, found.record.code
    changed = ", with changes that are in the record's diff" if code.dirty else ""
    known = record.surroundings
    lines = [
        ("Forkpoint", code.version + (f" at {code.commit}{changed}" if code.commit else "")),
        ("model", f"{record.model} {record.model_version}"),
        ("task", f"{record.task} {record.task_version}"),
        ("seeds", f"{record.training_seed} to train, {record.eval_seed} to evaluate"),
        ("packages", f"{len(record.packages)}; --json lists them"),
        ("driver", record.driver or "none"),
    ]
    if known:
        lines += [
            ("device", " ".join(filter(None, (record.device, known.device_name, record.dtype)))),
            ("python", f"{known.python} on {known.platform}"),
            ("threads", str(known.threads)),
        ]
    return lines
