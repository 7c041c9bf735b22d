"""`forkpoint`: the entry point, which turns errors into words and exit codes."""

import sys

import typer

from cli import data, local, reports, runs, sweeps
from cli.errors import CliError
from cli.output import clean, open_console

app = typer.Typer(
    name="forkpoint",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Compare entropy-shaped GRPO with its baselines.",
)
app.command()(local.up)
app.command()(local.demo)
app.command()(reports.report)
app.add_typer(sweeps.app, name="sweep")
app.add_typer(runs.app, name="run")
app.add_typer(runs.workers, name="worker")
app.add_typer(data.app, name="data")


def main() -> None:
    try:
        app()
    except CliError as error:
        open_console(stderr=True).print(clean(error.message), style="red", soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
