"""`forkpoint`: the entry point, which turns errors into words and exit codes."""

import os
import sys
from typing import Annotated

import typer

from cli import (
    backups,
    behaviours,
    data,
    doctor,
    growths,
    keys,
    local,
    queues,
    records,
    reports,
    runs,
    steering,
    sweeps,
    webhooks,
    workers,
)
from cli.errors import CliError
from cli.output import clean, open_console

app = typer.Typer(
    name="forkpoint",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Compare entropy-shaped GRPO with its baselines.",
)


@app.callback()
def main_options(
    key: Annotated[
        str,
        typer.Option(
            envvar=None, help="The API key to send. FORKPOINT_API_KEY shows it to nobody else."
        ),
    ] = "",
) -> None:
    """Compare entropy-shaped GRPO with its baselines."""
    if key:  # wherever a client is opened, it looks there
        os.environ["FORKPOINT_API_KEY"] = key


app.command()(local.up)
app.command()(local.demo)
app.command()(doctor.doctor)
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(reports.report)
app.command()(queues.queue)
app.command()(behaviours.analyse)
app.command()(behaviours.behaviour)
sweeps.app.command(name="analyse")(behaviours.analyse_sweep)
sweeps.app.command()(growths.extend)
sweeps.app.add_typer(steering.sweeps)
runs.app.add_typer(steering.runs)
app.add_typer(sweeps.app, name="sweep")
runs.app.command()(records.spec)
runs.app.command()(records.record)
app.add_typer(runs.app, name="run")
app.add_typer(workers.app, name="worker")
app.add_typer(data.app, name="data")
app.add_typer(keys.app, name="key")
app.add_typer(webhooks.app, name="webhook")
app.command()(keys.sign_in)


def main() -> None:
    try:
        app()
    except CliError as error:
        open_console(stderr=True).print(clean(error.message), style="red", soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
