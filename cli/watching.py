"""Follows a sweep until it is finished: a live display on a terminal, plain lines elsewhere."""

import time
from abc import abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli.client import Answer, Client, Query
from cli.errors import Unreachable
from cli.output import clean, first_line, progress_words, runs_table, step_words
from cli.replies import RunSummary, SweepDetail, SweepRuns
from domain.lifecycle import FINAL, LIVE, RunStatus

POLL_SECONDS = 1.0
PATIENCE_SECONDS = 60.0
SHOWN_RUNS = 12
STEP_LINES_SECONDS = 15.0

Runs = list[RunSummary]
Wait = Callable[[float], None]


def watch(client: Client, sweep_id: int, console: Console, wait: Wait = time.sleep) -> SweepDetail:
    """The sweep once every run is final. Between polls it calls `wait`, whose exceptions end it."""
    display = LiveDisplay(console) if console.is_terminal else LineDisplay(console)
    ask = partial(ask_patiently, client, display.note, wait)
    path, query = f"/api/sweeps/{sweep_id}", dict[str, str]()
    runs: dict[int, RunSummary] = {}
    with display:
        while True:
            sweep = ask(path, {}).read(SweepDetail)
            changed = ask(f"{path}/runs", query).read(SweepRuns)
            runs |= {run.id: run for run in changed.runs}
            query = {"after": changed.cursor}
            display.show(sweep, list(runs.values()))
            if sweep.progress.done:
                return sweep
            wait(POLL_SECONDS)


def ask_patiently(
    client: Client, note: Callable[[str], None], wait: Wait, path: str, query: Query
) -> Answer:
    """Asks, through a restart of the server that takes no longer than a minute."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    told = False
    while True:
        try:
            return client.get(path, query)
        except Unreachable:
            if time.monotonic() > deadline:
                raise
            if not told:
                note("the server does not answer; trying again for a minute")
                told = True
            wait(POLL_SECONDS)


class Display(AbstractContextManager["Display"]):
    @abstractmethod
    def show(self, sweep: SweepDetail, runs: Runs) -> None:
        """Shows what has changed since the last poll."""

    @abstractmethod
    def note(self, message: str) -> None:
        """Says something that is no part of the sweep's state."""


class LineDisplay(Display):
    """One line for each change of a run's state, and its step every so often."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seen: dict[int, RunStatus] = {}
        self.told: dict[int, float] = {}

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, sweep: SweepDetail, runs: Runs) -> None:
        if not self.seen:
            self.note(f"sweep {sweep.id} {clean(sweep.name)}: {progress_words(sweep.progress)}")
        for run in runs:
            if self.seen.get(run.id) != run.status:
                self.note_change(run, first=not self.seen.get(run.id))
            elif run.status in LIVE:
                self.note_step(run)
        self.seen |= {run.id: run.status for run in runs}
        if sweep.progress.done:
            self.note(f"sweep {sweep.id}: {progress_words(sweep.progress)}")

    def note_change(self, run: RunSummary, first: bool) -> None:
        if first and (run.status is RunStatus.QUEUED or run.status in FINAL):
            return
        error = f": {clean(first_line(run.error))}" if run.error else ""
        self.told[run.id] = time.monotonic()
        self.note(f"{run_name(run)} {run.status}{error}")

    def note_step(self, run: RunSummary) -> None:
        if time.monotonic() - self.told.get(run.id, 0.0) > STEP_LINES_SECONDS:
            self.told[run.id] = time.monotonic()
            self.note(f"{run_name(run)} {run.phase} {step_words(run)}")

    def note(self, message: str) -> None:
        now = datetime.now().astimezone().strftime("%H:%M:%S")
        self.console.print(f"{now} {message}", soft_wrap=True)


class LiveDisplay(Display):
    """A progress bar over the runs that are busy, redrawn in place at each poll."""

    def __init__(self, console: Console) -> None:
        self.live = Live(console=console, auto_refresh=False)

    def __enter__(self) -> "LiveDisplay":
        self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.live.stop()

    def show(self, sweep: SweepDetail, runs: Runs) -> None:
        self.live.update(drawn(sweep, runs), refresh=True)

    def note(self, message: str) -> None:
        self.live.console.print(message)


def drawn(sweep: SweepDetail, runs: Runs) -> RenderableType:
    progress = sweep.progress
    head = Table.grid(padding=(0, 2, 0, 0))
    head.add_row(
        Text(f"Sweep {sweep.id}: {clean(sweep.name)}", style="bold"),
        ProgressBar(total=progress.total, completed=progress.finished, width=30),
        progress_words(progress),
    )
    busy = [run for run in runs if run.status in LIVE]
    failed = [run for run in runs if run.status is RunStatus.FAILED]
    return Group(head, *table_of([*busy, *failed][:SHOWN_RUNS]))


def table_of(runs: list[RunSummary]) -> Iterable[RenderableType]:
    return [runs_table(runs)] if runs else []


def run_name(run: RunSummary) -> str:
    return f"run {run.id} {clean(run.arm)} seed {run.seed}"
