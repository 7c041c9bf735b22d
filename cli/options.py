"""The options that several commands share."""

from typing import Annotated

import typer

from cli.client import DEFAULT_URL
from cli.credentials import find_url


def local_first(context: typer.Context, parameter: typer.CallbackParam, url: str) -> str:
    """An address that nobody gave is that of the stack in the data folder, if one is up there."""
    source = context.get_parameter_source(parameter.name or "")
    given = source is not None and source.name != "DEFAULT"
    return url if given else find_url() or url


Url = Annotated[
    str,
    typer.Option(
        "--url",
        envvar="FORKPOINT_URL",
        callback=local_first,
        show_default=f"that of the stack in the data folder, else {DEFAULT_URL}",
        help="Address of the Forkpoint server.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the server's JSON instead of a table.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many to show, newest first.")]
Id = Annotated[int, typer.Argument(metavar="ID", min=1, show_default=False)]
Baseline = Annotated[
    str | None,
    typer.Option(help="The arm to set the others against; default: the sweep's own baseline."),
]
Reason = Annotated[str, typer.Option(help="Why, for whoever asks later.")]

__all__ = ["DEFAULT_URL", "AsJson", "Baseline", "Id", "Limit", "Reason", "Url"]
