"""`forkpoint analyse` and `forkpoint behaviour`: look at what weights do, read what came out."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.client import DEFAULT_URL, Client
from cli.errors import BadInput, CliError
from cli.inquiries import STEPS, choose, find_sweep, follow, read_steps, write_inquiry
from cli.observations import (
    AnalysisPreview,
    ArmFigures,
    ArmGaps,
    AskedAnalysis,
    AskedPage,
    CollapseOfRun,
    Figure,
    KindFigures,
    SweepBehaviour,
)
from cli.options import AsJson, Id, Url
from cli.output import clean, duration, grid, open_console, p_words, plural, show_json
from domain.lifecycle import RunStatus

FIGURES_SECONDS = 120.0

Subject = Annotated[
    str,
    typer.Argument(
        metavar="RUN|MODEL", show_default=False, help="A run's number, or a model's name."
    ),
]
Task = Annotated[str, typer.Option(help="For a model: the task whose problems it is given.")]
Steps = Annotated[str | None, typer.Option(help=STEPS, show_default="last")]
Settings = Annotated[
    Path | None,
    typer.Option(
        "--file", "-f", help="Settings as YAML or JSON: probe, lexicon, rare, collapse, shown."
    ),
]
Watch = Annotated[bool, typer.Option("--watch", help="Follow the analyses until they are done.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would cost; queue nothing.")]
Arms = Annotated[
    list[str] | None, typer.Option("--arm", help="Only this arm or template; may be given again.")
]


def analyse(  # noqa: PLR0913, PLR0917 - its options
    subject: Subject,
    task: Task = "",
    steps: Steps = None,
    file: Settings = None,
    watch: Watch = False,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Look at what a run's weights or an untrained model do: entropy by kind of token, and more."""
    refuse_stray(subject, task, steps)
    options = read_steps(steps) if subject.isdecimal() else {"steps": [0]}
    inquiry = write_inquiry(file, options)
    with Client(url) as client:
        if subject.isdecimal():
            path = f"/api/runs/{subject}/analyses"
        else:
            path = f"/api/sweeps/{find_sweep(client, subject, task)}/analyses"
        ask(client, path, inquiry, watch, as_json)


def refuse_stray(subject: str, task: str, steps: str | None) -> None:
    """An option that would change nothing is a misunderstanding, not a wish to ignore."""
    if subject.isdecimal() and task:
        raise BadInput(f"--task: run {subject} has its task already; leave the option out")
    if not subject.isdecimal() and not task:
        raise BadInput(f"--task: name the task whose problems {subject} is to be given")
    if not subject.isdecimal() and steps not in (None, "0"):
        raise BadInput(f"--steps: {subject} is untrained, which is step 0; leave the option out")


def analyse_sweep(  # noqa: PLR0913, PLR0917 - its options
    number: Id,
    arm: Arms = None,
    steps: Steps = None,
    file: Settings = None,
    dry_run: DryRun = False,
    watch: Watch = False,
    as_json: AsJson = False,
    url: Url = DEFAULT_URL,
) -> None:
    """Look at what the weights of a sweep's runs do; `forkpoint behaviour` shows what came out."""
    inquiry = write_inquiry(file, read_steps(steps) | ({"arms": arm} if arm else {}))
    path = f"/api/sweeps/{number}/analyses"
    with Client(url) as client:
        if dry_run:
            answer = client.post_text(f"{path}/preview", inquiry)
            if as_json:
                show_json(open_console(), answer)
            else:
                show_preview(open_console(), answer.read(AnalysisPreview))
            return
        ask(client, path, inquiry, watch, as_json)


def behaviour(number: Id, as_json: AsJson = False, url: Url = DEFAULT_URL) -> None:
    """Show what the analyses of a sweep found, with intervals over problems."""
    console = open_console()
    with Client(url, seconds=FIGURES_SECONDS) as client:
        path = f"/api/sweeps/{number}/behaviour"
        answer = client.get(path)
        if as_json:
            show_json(console, answer)
            return
        found = answer.read(SweepBehaviour)
        if not found.arms:
            console.print(f"No analysis has found anything yet: forkpoint sweep analyse {number}")
            return
        asked: dict[str, str | int | None] = {"inquiry": found.inquiry}
        gaps = [
            client.get(f"{path}/gaps", asked | {"arm": one.arm, "step": one.step}).read(ArmGaps)
            for one in found.arms
        ]
    show_behaviour(console, found, gaps)


def ask(client: Client, path: str, inquiry: str, watch: bool, as_json: bool) -> None:
    console = open_console()
    answer = client.post_text(path, inquiry)
    page = answer.read(AskedPage)
    analyses = choose(page, page.asked)
    if watch:
        note = (lambda _: None) if as_json else console.print
        analyses = follow(client, path, page.asked, note)
    if as_json:
        show_json(console, client.get(path) if watch else answer)
    else:
        console.print(analyses_table(analyses))
    failed = [one for one in analyses if one.status == RunStatus.FAILED]
    if watch and failed:
        raise CliError(f"{plural(len(failed), 'analysis run')} failed: {first_error(failed)}")


def first_error(failed: list[AskedAnalysis]) -> str:
    return clean((failed[0].error or "").splitlines()[0] if failed[0].error else "see its log")


def show_preview(console: Console, preview: AnalysisPreview) -> None:
    console.print(
        f"{plural(preview.analyses, 'analysis run')}, {preview.new} of them new: "
        f"{preview.problems} problems x {preview.traces} traces, word list {preview.lexicon}"
    )
    console.print(
        f"At most {preview.drawn_tokens:,} tokens to draw one by one, and "
        f"{preview.scored_tokens:,} to read at once"
    )
    time = "" if preview.device_seconds is None else f"about {duration(preview.device_seconds)}, "
    console.print(f"Device time: {time}{preview.estimate_basis}")


def analyses_table(analyses: Iterable[AskedAnalysis]) -> Table:
    table = grid("run", "arm", "seed", "step", "status", "phase", "error")
    for one in analyses:
        table.add_row(
            str(one.run_id),
            clean(one.arm),
            "" if one.seed is None else str(one.seed),
            str(one.step),
            one.status.value,
            one.phase,
            clean(one.error or ""),
        )
    return table


def show_behaviour(console: Console, found: SweepBehaviour, gaps: list[ArmGaps]) -> None:
    """Words and sentences, what depends on the prompt, and what weakens both."""
    console.print("Entropy in nats, and how much more than elsewhere:", style="bold")
    console.print(kinds_table(found.arms, gaps))
    if found.collapses:
        console.print("\nHow far traces depend on their prompts:", style="bold")
        console.print(collapse_table(found.collapses))
    for text in found.remarks:
        console.print(f"Note: {clean(text)}", style="yellow", soft_wrap=True)


def kinds_table(arms: list[ArmFigures], gaps: list[ArmGaps]) -> Table:
    """Each p is of the difference before it, adjusted for the other kinds."""
    table = grid(
        "what", "per 1,000", "entropy", "more than elsewhere", "p", "same place, problem", "p"
    )
    for one, apart in zip(arms, gaps, strict=True):
        title = f"{clean(one.arm)} step {one.step}, {seed_words(one.seeds)}"
        table.add_row(title, "", figure(one.entropy), style="bold")
        views = {(kind.of, kind.name): kind.gaps for kind in apart.kinds}
        for kind in list_told(one.kinds):
            by_view = {gap.view: gap for gap in views.get((kind.of, kind.name), [])}
            whole, both = by_view.get("all"), by_view.get("both")
            table.add_row(
                f"  {clean(kind.name)}",
                figure(kind.per_thousand, 1),
                figure(kind.mean),
                figure(kind.gap, 2, "+"),
                p_words(whole.adjusted_p if whole else None),
                figure(both.delta, 2, "+") if both else "",
                p_words(both.adjusted_p if both else None),
            )
    return table


def list_told(kinds: list[KindFigures]) -> list[KindFigures]:
    """Those that occur; all words together only where there are several kinds of them."""
    single = sum(kind.of == "words" for kind in kinds) == 2
    return [
        kind
        for kind in kinds
        if kind.mean.value is not None and not (single and (kind.of, kind.name) == ("words", "all"))
    ]


def seed_words(seeds: list[int]) -> str:
    return plural(len(seeds), "seed") if seeds else "untrained"


def collapse_table(collapses: list[CollapseOfRun]) -> Table:
    table = grid("analysis", "I(X;Z)", "of at most", "H(Z|X) per token", "retrieval at 1", "regime")
    for one in collapses:
        first = one.collapse.retrieval[0] if one.collapse.retrieval else None
        seed = "" if one.seed is None else f" seed {one.seed}"
        table.add_row(
            f"{clean(one.arm)}{seed} step {one.step}",
            figure(one.collapse.sequence.mutual),
            f"{one.collapse.most:.2f}",
            figure(one.collapse.token.conditional),
            f"{figure(first.share)} (chance {first.chance:.2f})" if first else "",
            one.regime or "",
        )
    return table


def figure(one: Figure, digits: int = 2, sign: str = "") -> str:
    if one.value is None:
        return "-"
    text = f"{one.value:{sign}.{digits}f}"
    if one.low is None or one.high is None:
        return text
    return f"{text} [{one.low:{sign}.{digits}f}, {one.high:{sign}.{digits}f}]"
