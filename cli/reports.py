"""`forkpoint report`: a sweep's report as one file, HTML or Markdown by the file's name."""

from pathlib import Path
from typing import Annotated

import typer

from cli.client import DEFAULT_URL, Client
from cli.errors import BadInput
from cli.options import Baseline, Id, Url
from cli.output import open_console

FORMATS = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md"}
DRAWING_SECONDS = 120.0

Output = Annotated[
    Path, typer.Option("--output", "-o", help="The file to write: its name ends in .html or .md.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]
K = Annotated[
    int | None, typer.Option("--k", min=1, help="The k its words speak of; default: the largest.")
]


def report(
    sweep: Id,
    output: Output,
    k: K = None,
    baseline: Baseline = None,
    force: Force = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Write a sweep's report: figures, caveats, and how to repeat it, on one page."""
    kind = FORMATS.get(output.suffix.lower())
    if kind is None:
        raise BadInput(f"--output: {output} ends in neither .html nor .md")
    if output.exists() and not force:
        raise BadInput(f"--output: {output} exists; --force replaces it")
    with Client(url, seconds=DRAWING_SECONDS) as client:
        answer = client.get(f"/api/sweeps/{sweep}/report.{kind}", {"k": k, "baseline": baseline})
    write(output, answer.text.encode(), force)
    open_console().print(f"{output}: {len(answer.text.encode()) / 1000:.0f} kB", soft_wrap=True)


def write(output: Path, content: bytes, force: bool) -> None:
    """Never over a file that came to be while the report was made, unless that is wanted."""
    try:
        with output.open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise BadInput(f"--output: {output} exists; --force replaces it") from error
    except OSError as error:
        raise BadInput(f"--output: {output} cannot be written: {error.strerror}") from error
