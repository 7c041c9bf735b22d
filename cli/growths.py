"""`forkpoint sweep extend`: more seeds, values and arms for a sweep that is there."""

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from cli.client import DEFAULT_URL, Client
from cli.errors import BadInput
from cli.files import load_plain, read_yaml
from cli.options import AsJson, Id, Reason, Url
from cli.output import open_console, show_json, show_preview
from cli.replies import Extension

More = Annotated[
    list[str],
    typer.Argument(
        metavar="WHAT...",
        help="seeds=3,4, or ARM:PARAMETER=V,V, or @FILE with seeds, values and arms in YAML.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would add; queue nothing.")]


def extend(
    number: Id,
    more: More,
    dry_run: DryRun = False,
    reason: Reason = "",
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Add seeds, values and arms to a sweep; only what it lacks is trained."""
    body = read_request(more)
    path = f"/api/sweeps/{number}/extensions" + ("/preview" if dry_run else "")
    with Client(url) as client:
        answer = client.post_json(path, body, {} if dry_run else {"reason": reason})
    console = open_console()
    if as_json:
        show_json(console, answer)
        return
    extension = answer.read(Extension)
    if extension.runs:
        show_preview(console, extension)
    console.print(extension.note + ("; nothing was queued yet" if dry_run else ""))


def read_request(more: list[str]) -> dict[str, Any]:
    """`seeds=3,4` and `shaped:alpha=0.4` as the API takes them, on top of what files say."""
    body: dict[str, Any] = {}
    for text in more:
        if text.startswith("@"):
            body |= read_file(Path(text[1:]))
    for text in more:
        if not text.startswith("@"):
            add_values(body, text)
    return body


def add_values(body: dict[str, Any], text: str) -> None:
    name, _, written = text.partition("=")
    template, _, parameter = name.partition(":")
    if not written or not (parameter or name == "seeds"):
        raise BadInput(f"{text!r} is neither seeds=N,N nor ARM:PARAMETER=V,V nor @FILE")
    try:
        values = [load_plain(value) for value in written.split(",")]
    except yaml.YAMLError as error:
        raise BadInput(f"{text!r} has a value that is neither a number nor a word") from error
    if name == "seeds":
        body["seeds"] = [*body.get("seeds", []), *values]
    else:
        body.setdefault("values", {}).setdefault(template, {})[parameter] = values


def read_file(file: Path) -> dict[str, Any]:
    body: object = read_yaml(file, load_plain)
    if not isinstance(body, dict):
        raise BadInput(f"{file} must have some of seeds, values and arms")
    return body
