"""`forkpoint data`: bring published data sets to this machine."""

from pathlib import Path
from typing import Annotated

import typer

from assets.fetch import Order
from assets.fetch import fetch as fetch_data
from assets.folders import NAMES
from cli.errors import BadInput, CliError
from cli.output import open_console
from domain.errors import DomainError

app = typer.Typer(no_args_is_help=True, help="Bring published data sets to this machine.")

Datasets = Annotated[
    Path, typer.Option(envvar="FORKPOINT_DATASETS", help="The folder that data sets are kept in.")
]
Splits = Annotated[
    list[str],
    typer.Option("--split", help="Ours and theirs, such as eval=test; may be given again."),
]


@app.callback()
def main() -> None:
    """Bring published data sets to this machine."""


@app.command()
def fetch(
    source: Annotated[str, typer.Argument(help="owner/name@commit of a data set on the hub.")],
    into: Annotated[str, typer.Option(help="The folder, which a sweep then names as ./folder.")],
    split: Splits,
    config: Annotated[str, typer.Option(help="The data set's configuration.")] = "",
    datasets: Datasets = Path(".data/datasets"),
) -> None:
    """Fetch a data set once, at one commit. Runs read what is kept and never the network."""
    try:
        fetched = fetch_data(Order(source, parse_splits(split), into, config), datasets)
    except DomainError as error:
        raise CliError(error.message) from None
    for path, rows, repeated in fetched:
        left_out = f", {repeated:,} repeated questions left out" if repeated else ""
        open_console().print(f"{path}: {rows:,} rows{left_out}", soft_wrap=True)


def parse_splits(given: list[str]) -> dict[str, str]:
    splits = {}
    for text in given:
        ours, _, theirs = text.partition("=")
        if ours not in NAMES or not theirs:
            raise BadInput(f"--split {text}: must be one of {', '.join(NAMES)}, =, and theirs")
        splits[ours] = theirs
    return splits
