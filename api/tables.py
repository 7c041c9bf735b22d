"""The tables of a report, the same for HTML and Markdown: columns, and rows of text."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.contrasts import ComparedArm
from domain.powers import MOST_SEEDS
from domain.reports import Report, ReportedRun, own_settings, shown_ks, worded
from domain.stats import Difference, Estimate, powers_of_two

NOTHING = "-"
HASH_DIGITS = 16


@dataclass(frozen=True)
class Cell:
    """`note` stands below or behind the text, smaller."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    is_strong: bool = False


@dataclass(frozen=True)
class Table:
    """The first `words` columns hold words, the others figures."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    words: int = 1


def row(*cells: str | Cell, strong: bool = False) -> Row:
    return Row(tuple(Cell(one) if isinstance(one, str) else one for one in cells), strong)


def tabulate_arms(report: Report) -> Table:
    ks, own = shown_ks(report.comparison), own_settings(report)
    places = [report.comparison.ks.index(k) for k in ks]
    return Table(
        "Every arm of the sweep: pass@k in percent with its 95\u00a0% interval.",
        ("Arm", "Method", "Seeds", "Runs", *(f"pass@{k}" for k in ks)),
        tuple(
            row(
                Cell(arm.name, "baseline" if arm.is_baseline else ""),
                Cell(worded(arm.method.method), own[arm.name]),
                str(len(arm.seeds)),
                Cell(f"{arm.succeeded} of {arm.runs}", f"{arm.failed} failed" * bool(arm.failed)),
                *(estimate(arm.pass_at, place) for place in places),
                strong=arm.is_baseline,
            )
            for arm in report.comparison.arms
        ),
        words=2,
    )


def tabulate_differences(report: Report) -> Table:
    comparison = report.comparison
    return Table(
        f"pass@{comparison.k} against {comparison.baseline}, in points. The adjusted interval and "
        "p hold for all arms at once. Detectable: the true difference that a sweep like "
        "this establishes 8 times in 10. Seeds for 3: how many would make that 3 points.",
        (
            "Arm",
            "Verdict",
            "Difference",
            "Adjusted interval",
            "p",
            "Adjusted p",
            "Detectable",
            "Seeds for 3",
        ),
        tuple(
            describe_row(arm, arm.delta[report.place], report.place)
            for arm in comparison.arms
            if arm.delta
        ),
        words=2,
    )


def describe_row(arm: ComparedArm, delta: Difference, place: int) -> Row:
    has_noise = arm.delta_over == "seeds and problems"
    found = arm.detectable[place] if arm.detectable and has_noise else None
    return row(
        arm.name,
        Cell(verdict(delta), "" if has_noise else "no training noise: problems only"),
        Cell(signed(delta.mean), f"{signed(delta.low)} to {signed(delta.high)}"),
        f"{signed(delta.adjusted_low)} to {signed(delta.adjusted_high)}",
        probability(delta.p),
        probability(delta.adjusted_p),
        NOTHING if found is None else (f"{100 * found:.1f}" if found < 1 else "none"),
        seeds_words(arm, place),
        strong=delta.established,
    )


def seeds_words(arm: ComparedArm, place: int) -> str:
    if arm.seeds_needed is None:
        return NOTHING
    seeds = arm.seeds_needed[place]
    return f"over {MOST_SEEDS}" if seeds is None else str(seeds)


def verdict(delta: Difference) -> str:
    if not delta.established:
        return "not established"
    return "better" if delta.mean > 0 else "worse"


def tabulate_passes(report: Report) -> Table:
    """pass@k at powers of two: what the curves show."""
    comparison = report.comparison
    ks = [k for k in powers_of_two(comparison.samples) if k in comparison.ks]
    places = [comparison.ks.index(k) for k in ks]
    return Table(
        "pass@k in percent.",
        ("Arm", *(f"k={k}" for k in ks)),
        tuple(
            row(arm.name, *(percent(arm.pass_at[place].mean) for place in places))
            for arm in comparison.arms
            if arm.pass_at
        ),
    )


def tabulate_training(report: Report, metrics: Sequence[tuple[str, str]]) -> Table:
    """Each metric's mean over seeds at the first and the last recorded stretch."""
    known = {(one.arm, one.name): one for one in report.trajectories}
    arms = dict.fromkeys(one.arm for one in report.trajectories)
    return Table(
        "Mean over the seeds that succeeded, at the first and at the last recorded step.",
        ("Arm", "Seeds", *(title for _, title in metrics)),
        tuple(
            row(
                arm,
                str(max(one.seeds for one in report.trajectories if one.arm == arm)),
                *(
                    ends(known[arm, name].mean) if (arm, name) in known else NOTHING
                    for name, _ in metrics
                ),
            )
            for arm in arms
        ),
    )


def ends(values: Sequence[float | None]) -> str:
    if not values:
        return NOTHING
    first, last = ("not finite" if one is None else f"{one:.3f}" for one in (values[0], values[-1]))
    return f"{first} to {last}"


def tabulate_cover(report: Report) -> Table:
    comparison = report.comparison
    return Table(
        "Cover@tau: percent of the problems whose success rate is at least tau.",
        ("Arm", *(f"{tau:g}" for tau in comparison.taus)),
        tuple(
            row(arm.name, *(percent(one.mean) for one in arm.cover), strong=arm.is_baseline)
            for arm in comparison.arms
            if arm.cover
        ),
    )


def tabulate_histogram(report: Report) -> Table:
    tenths = [f"to {place}0 %" for place in range(1, 10)]
    return Table(
        "Problems by their success rate c / n, counted over all seeds.",
        ("Arm", "none", *tenths, "below all", "all"),
        tuple(
            row(arm.name, *map(str, arm.histogram))
            for arm in report.comparison.arms
            if arm.histogram
        ),
    )


def tabulate_runs(report: Report) -> Table:
    return Table(
        f"Every run. All have model {report.setup.model} {report.setup.model_version} and task "
        f"{report.setup.task} {report.setup.task_version}. Content: the first {HASH_DIGITS} digits "
        "of the SHA-256 of all that determines the result.",
        ("Arm", "Status", "Seed", "Run", "Attempt", "Content", "Took"),
        tuple(describe_run(run) for run in report.runs),
        words=2,
    )


def describe_run(run: ReportedRun) -> Row:
    error = first_line(run.error or "") if run.status == "failed" else ""
    return row(
        run.arm,
        Cell(run.status, error),
        str(run.seed),
        str(run.run_id),
        str(run.attempt),
        run.content_hash[:HASH_DIGITS],
        NOTHING if run.seconds is None else duration(run.seconds),
    )


def estimate(estimates: tuple[Estimate, ...] | None, place: int) -> Cell:
    if estimates is None:
        return Cell(NOTHING)
    one = estimates[place]
    return Cell(percent(one.mean), f"{percent(one.low)} to {percent(one.high)}")


def percent(fraction: float) -> str:
    return f"{100 * fraction:.1f}"


def signed(fraction: float) -> str:
    """+2.1 for 0.021; never -0.0."""
    return f"{round(100 * fraction, 1) + 0.0:+.1f}"


def probability(p: float) -> str:
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def first_line(text: str) -> str:
    return text.strip().splitlines()[0][:160] if text.strip() else ""
