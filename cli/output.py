"""How answers look: tables for people, the server's JSON for programs."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from unicodedata import category

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.client import Answer
from cli.figures import Comparison, Difference, Estimate
from cli.replies import (
    ConfirmationPreview,
    Preview,
    Progress,
    RunDetail,
    RunSummary,
    SweepDetail,
    SweepSummary,
)
from domain.lifecycle import RunStatus

PIPE_WIDTH = 160
NAME_WIDTH = 26  # of an arm with two parameters
COLOURS = {
    RunStatus.QUEUED: "dim",
    RunStatus.RUNNING: "cyan",
    RunStatus.CANCELLING: "yellow",
    RunStatus.SUCCEEDED: "green",
    RunStatus.FAILED: "red",
    RunStatus.CANCELLED: "yellow",
}


def open_console(stderr: bool = False) -> Console:
    """Markup stays off: names and messages come from elsewhere and may hold brackets."""
    console = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    return console


def show_json(console: Console, answer: Answer) -> None:
    console.print_json(answer.text)


def grid(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, justify="right" if column in ("id", "runs", "seeds") else "left")
    return table


def clean(text: str) -> str:
    """Without control and format characters: text from elsewhere must not steer the terminal.

    Format characters (Cf) turn the direction of what follows, or hide in it. No-break spaces, which
    are for pages, become those that are typed in a search.
    """
    return "".join("?" if is_steering(char) else char for char in text).replace("\u00a0", " ")


def is_steering(char: str) -> bool:
    return category(char) in ("Cc", "Cf") and char not in "\n\t"


def status_text(status: RunStatus) -> Text:
    return Text(status.value, style=COLOURS[status])


def sweeps_table(sweeps: Iterable[SweepSummary]) -> Table:
    table = grid("id", "name", "model", "task", "arms", "seeds", "status", "progress", "created")
    for sweep in sweeps:
        table.add_row(
            str(sweep.id),
            clean(sweep.name),
            sweep.model,
            sweep.task,
            str(sweep.arms),
            str(sweep.seeds),
            sweep.status.value,
            progress_words(sweep.progress),
            local_time(sweep.created_at),
        )
    return table


def runs_table(runs: Iterable[RunSummary]) -> Table:
    table = grid("id", "arm", "seed", "status", "step", "phase", "worker", "error")
    for run in runs:
        table.add_row(
            str(run.id),
            clean(run.arm),
            str(run.seed),
            status_text(run.status),
            step_words(run),
            run.phase,
            clean(run.worker or ""),
            clean(first_line(run.error or "")),
        )
    return table


def show_sweep(console: Console, sweep: SweepDetail, runs: Iterable[RunSummary]) -> None:
    console.print(f"Sweep {sweep.id}: {clean(sweep.name)}", style="bold")
    if sweep.question:
        console.print(clean(sweep.question))
    console.print(f"{sweep.model} on {sweep.task}, compared with {sweep.baseline}")
    if of := sweep.confirms:
        search = f"sweep {of.sweep_id} ({clean(of.name)})"
        console.print(f"Confirms {of.arm} of {search}: new seeds, held-out problems")
    for one in sweep.confirmations:
        console.print(f"Sweep {one.sweep_id} confirms {one.arm}: {one.status}")
    console.print(progress_words(sweep.progress))
    console.print(runs_table(runs))


def show_run(console: Console, run: RunDetail) -> None:
    console.print(runs_table([run]))
    if run.error:
        console.print(f"\n{run.failure or 'error'}: {clean(run.error)}", style="red")
    show_advice(console, run)
    console.print("\nWhat happened", style="bold")
    for move in run.transitions:
        came = f"{move.old} -> " if move.old else ""
        console.print(
            f"{local_time(move.at)}  {came}{move.new}  by {move.actor}: {clean(move.reason)}"
        )
    console.print(f"\nContent hash {run.content_hash}", style="dim")


def show_advice(console: Console, run: RunDetail) -> None:
    """What the run's failure means, what to do about it, and what its trainer said last."""
    if advice := run.failure_advice:
        console.print(f"{advice.title}. {advice.meaning}", soft_wrap=True)
        console.print(f"What to do: {advice.remedy}", soft_wrap=True)
    if run.last_lines:
        console.print("\nIts log ended", style="bold")
        console.print(clean(run.last_lines), style="dim", soft_wrap=True)


def show_preview(console: Console, preview: Preview) -> None:
    console.print(
        f"{clean(preview.name)}: {len(preview.arms)} arms, {preview.runs} runs", style="bold"
    )
    for arm in preview.arms:
        mark = "  (baseline)" if arm.name == preview.baseline else ""
        console.print(f"  {arm.name}  {plural(arm.runs, 'run')}{mark}")
    for line in existing_words(preview):
        console.print(line)
    if preview.device_seconds is not None:
        console.print(f"Device time: about {duration(preview.device_seconds)}")
    work = plural(preview.new_runs + preview.queued_again, "run")
    new = f"{preview.new_runs} of them new"
    console.print(f"{work} to train, {new}; {preview.estimate_basis}")


def existing_words(preview: Preview) -> Iterator[str]:
    """What is there of its runs: results, runs under way, and what is tried again."""
    trained = sum(run.status is RunStatus.SUCCEEDED for run in preview.existing)
    again = preview.queued_again
    coming = len(preview.existing) - trained - again
    if trained:
        verb = "is" if trained == 1 else "are"
        yield f"{trained} of the runs {verb} trained already and {verb} not run again"
    if coming:
        verb = "is" if coming == 1 else "are"
        yield f"{coming} of the runs {verb} queued or running already and {verb} shared"
    if again:
        was, verb = ("was", "is") if again == 1 else ("were", "are")
        yield f"{plural(again, 'run')} had failed or {was} cancelled and {verb} queued again"


def show_confirmation(console: Console, preview: ConfirmationPreview) -> None:
    console.print(clean(preview.question), soft_wrap=True)
    seeds = ", ".join(map(str, preview.seeds))
    graded = f"{plural(preview.problems, 'held-out problem')}, {plural(preview.samples, 'sample')}"
    console.print(f"Seeds {seeds}; {graded} each")
    if preview.sweep_id is not None:
        console.print(f"Sweep {preview.sweep_id} confirms this arm with these seeds already")
    show_preview(console, preview)


def show_comparison(console: Console, comparison: Comparison) -> None:
    """Arms against the baseline at the k of its words, pass@k at a few others; percent."""
    place = comparison.ks.index(comparison.k)
    deltas = [arm.delta[place] for arm in comparison.arms if arm.delta]
    several = any(delta.is_adjusted for delta in deltas)
    console.print(comparison_table(comparison, adjusted=several))
    if any(delta.established for delta in deltas):
        across = " adjusted for all arms" if several else ""
        console.print(
            f"* difference established: its 95 % interval{across} excludes 0", soft_wrap=True
        )
    console.print(
        f"\n{comparison.problems} problems, {comparison.samples} samples each. Percent and points; "
        f"{clean(comparison.interval_note)}",
        style="dim",
        soft_wrap=True,
    )
    for warning in comparison.warnings:
        console.print(f"Note: {clean(warning)}", style="yellow", soft_wrap=True)
    console.print(clean(comparison.conclusion), style="bold", soft_wrap=True)


def comparison_table(comparison: Comparison, adjusted: bool) -> Table:
    """Fits 100 columns: intervals at one k alone, and only long names wrap."""
    ks, k = comparison.ks, comparison.k
    place, shown = ks.index(k), sorted({1, k, ks[-1]})
    heads = (f"delta pass@{k}\nadjusted", "p\nadj.") if adjusted else (f"delta pass@{k}", "p")
    table = grid("arm", *(f"pass@{n}" for n in shown), *heads)
    table.add_column("seeds")
    for column in table.columns[1:]:
        column.no_wrap = True
    table.columns[0].overflow = "fold"
    table.columns[0].min_width = min(NAME_WIDTH, max(len(arm.name) for arm in comparison.arms))
    for arm in sorted(comparison.arms, key=lambda arm: not arm.is_baseline):
        delta = arm.delta[place] if arm.delta else None
        table.add_row(
            Text(clean(arm.name), style="bold" if arm.is_baseline else ""),
            *(rate_words(arm.pass_at, ks.index(n), whole=n == k) for n in shown),
            "baseline" if arm.is_baseline else difference_words(delta, adjusted),
            p_words((delta.adjusted_p if adjusted else delta.p) if delta else None),
            f"{len(arm.seeds)}/{arm.runs}",
        )
    return table


def percent(fraction: float, sign: str = "") -> str:
    return f"{round(100 * fraction, 1) + 0.0:{sign}.1f}"


def rate_words(estimates: list[Estimate] | None, place: int, whole: bool) -> str:
    """The mean, and the `whole` estimate with its interval too."""
    if estimates is None:
        return "-"
    one = estimates[place]
    interval = f" [{percent(one.low)}, {percent(one.high)}]" if whole else ""
    return percent(one.mean) + interval


def difference_words(one: Difference | None, adjusted: bool) -> str:
    if one is None:
        return "-"
    ends = (one.adjusted_low, one.adjusted_high) if adjusted else (one.low, one.high)
    low, high = (percent(end, "+") for end in ends)
    return f"{percent(one.mean, '+')} [{low}, {high}]{'*' if one.established else ''}"


def p_words(p: float | None) -> str:
    if p is None:
        return ""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def progress_words(progress: Progress) -> str:
    parts = [f"{progress.succeeded}/{progress.total} succeeded"]
    others = ("running", "queued", "cancelling", "failed", "cancelled")
    parts += [f"{count} {name}" for name in others if (count := getattr(progress, name))]
    if progress.eta_seconds is not None and not progress.done:
        parts.append(f"about {duration(progress.eta_seconds)} left")
    return ", ".join(parts)


def step_words(run: RunSummary) -> str:
    return f"{run.step}/{run.total_steps}" if run.total_steps else ""


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def local_time(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def first_line(text: str) -> str:
    return text.strip().splitlines()[0][:100] if text.strip() else ""
