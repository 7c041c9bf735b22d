"""All figures of one analysis, derived from what it found, and what weakens them in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from domain.analyses import AnalysisSettings, ProbeSettings
from domain.collapses import Collapse, Scores, assess, known
from domain.findings import Cost, Finding, RareList, RareTally, ScoreColumn, TokenTally
from domain.kinds import Kind, describe_rare, describe_reflective, list_pivotal, not_below_zero
from domain.resampling import Figure, Floats, measure, ratio

F = TypeVar("F", bound=Finding)

FEW_PROBLEMS = 16
MANY_TRUNCATED = 0.2
CLEAR = 0.05
EVEN = 0.5
CEILING = 0.99


@dataclass(frozen=True)
class Rare:
    """Rare sentences against others. `distance` is a sentence's mean distance from the untrained
    model's; `beyond` the share farther out than all but `share` of those are."""

    kind: Kind
    threshold: float
    base_threshold: float
    distance: Figure
    beyond: Figure
    sentences: int
    base_sentences: int


@dataclass(frozen=True)
class Behaviour:
    """What an analysis came to; parts that it was not asked for, or has not done yet, are None."""

    problems: int
    traces: int
    tokens: int
    correct: int
    truncated: int
    unknown: int
    entropy: Figure
    pivotal: tuple[Kind, ...]
    reflective: Kind
    rare: Rare | None
    collapse: Collapse | None
    cost: Cost | None
    remarks: tuple[str, ...]


def describe_behaviour(settings: AnalysisSettings, found: Sequence[Finding]) -> Behaviour | None:
    """None where no problem has been looked at yet."""
    tallies = of_kind(found, TokenTally)
    if not tallies:
        return None
    tokens = np.array([tally.tokens for tally in tallies], dtype=np.float64)
    costs = of_kind(found, Cost)
    pivotal = tuple(list_pivotal(tallies, list(settings.lexicon.words)))
    reflective, rare = describe_reflective(tallies), read_rare(found, tallies)
    collapse = read_collapse(found)
    said = (*remark(settings, tallies, [*pivotal, reflective]), *remark_ceiling(collapse))
    return Behaviour(
        problems=len(tallies),
        traces=sum(tally.traces for tally in tallies),
        tokens=int(tokens.sum()),
        correct=sum(tally.correct for tally in tallies),
        truncated=sum(tally.truncated for tally in tallies),
        unknown=sum(tally.unknown for tally in tallies),
        entropy=mean_entropy(tallies),
        pivotal=pivotal,
        reflective=reflective,
        rare=rare,
        collapse=collapse,
        cost=costs[0] if costs else None,
        remarks=said,
    )


def of_kind(found: Sequence[Finding], kind: type[F]) -> list[F]:
    return sorted(
        (one for one in found if isinstance(one, kind)), key=lambda finding: finding.number
    )


def mean_entropy(tallies: Sequence[TokenTally]) -> Figure:
    n = np.array([float(sum(cell.n for cell in tally.cells)) for tally in tallies])
    total = np.array([sum(cell.total for cell in tally.cells) for tally in tallies])
    return not_below_zero(measure(ratio(total, n), len(tallies), int((n > 0).sum())).figure)


def read_rare(found: Sequence[Finding], tallies: Sequence[TokenTally]) -> Rare | None:
    rows, lists = of_kind(found, RareTally), of_kind(found, RareList)
    if not rows or not lists or len(rows) != len(tallies):
        return None
    tokens = np.array([tally.tokens for tally in tallies], dtype=np.float64)
    sizes = np.array([row.sentences for row in rows], dtype=np.float64)
    distance = np.array([row.distance for row in rows])
    beyond = np.array([row.beyond for row in rows], dtype=np.float64)
    return Rare(
        kind=describe_rare(rows, tokens),
        threshold=lists[0].threshold,
        base_threshold=lists[0].base_threshold,
        distance=by_sentence(distance, sizes),
        beyond=by_sentence(beyond, sizes),
        sentences=int(sizes.sum()),
        base_sentences=lists[0].base_sentences,
    )


def by_sentence(totals: Floats, sizes: Floats) -> Figure:
    figure = measure(ratio(totals, sizes), len(sizes), int((sizes > 0).sum())).figure
    return not_below_zero(figure)


def read_collapse(found: Sequence[Finding]) -> Collapse | None:
    """None until traces have been scored under every prompt."""
    columns = of_kind(found, ScoreColumn)
    if len(columns) < 2 or any(len(column.scores) != len(columns) for column in columns):
        return None
    logs = np.stack([padded(column.scores) for column in columns], axis=2)
    lengths = np.nan_to_num(padded(columns[0].lengths))
    return assess(Scores(logs, lengths))


def padded(rows: Sequence[Sequence[float | None]]) -> Floats:
    """Of shape (problems, traces), with NaN for None and where a problem has fewer traces."""
    if len(set(map(len, rows))) == 1:
        return np.array(rows, dtype=np.float64)
    filled = np.full((len(rows), max(map(len, rows))), np.nan)
    for place, row in enumerate(rows):
        filled[place, : len(row)] = [np.nan if value is None else value for value in row]
    return filled


def remark(
    settings: AnalysisSettings, tallies: Sequence[TokenTally], kinds: Sequence[Kind]
) -> Iterator[str]:
    traces = sum(tally.traces for tally in tallies)
    truncated = sum(tally.truncated for tally in tallies) / max(traces, 1)
    if len(tallies) < FEW_PROBLEMS:
        yield (
            f"{len(tallies)} problems are few: with under {FEW_PROBLEMS}, intervals of 95\u00a0% "
            "hold in about 93\u00a0% of cases."
        )
    if truncated > MANY_TRUNCATED:
        yield (
            f"{100 * truncated:.0f}\u00a0% of the traces ran into the token limit: tenths of a "
            "trace are tenths of what was written until then."
        )
    yield from remark_temperature(settings.probe)
    unknown = sum(tally.unknown for tally in tallies)
    if unknown:
        yield f"{unknown:,} tokens had an entropy that is no number, and are left out."
    if is_uneven(tallies):
        yield (
            "A few problems hold most of the pivotal words: the intervals of all tokens and of "
            "places hold in nearer 90\u00a0% of cases than 95\u00a0%, those within problems in "
            "95\u00a0%."
        )
    yield from remark_nulls(kinds)


def remark_temperature(probe: ProbeSettings) -> Iterator[str]:
    if probe.temperature != 1:
        yield (
            f"Entropies are of the distribution at temperature {probe.temperature:g}, "
            "which traces were drawn from."
        )


def is_uneven(tallies: Sequence[TokenTally]) -> bool:
    """Whether pivotal words are spread over problems as over less than half as many equal ones
    (Kish 1965, section 8.2): the simulations say from where on intervals are too narrow."""
    words = np.array(
        [sum(cell.n for cell in tally.cells if cell.category and cell.start) for tally in tallies]
    )
    return bool(words.sum() ** 2 < EVEN * len(words) * (words**2).sum())


def remark_ceiling(collapse: Collapse | None) -> Iterator[str]:
    """I(X;Z) cannot show that traces depend less where it is as large as it can be."""
    if collapse and known(collapse.sequence.mutual) > CEILING * collapse.most:
        yield (
            f"Every trace tells its prompt from the {collapse.problems - 1} others: I(X;Z) is at "
            "its most, log N, and only more prompts could show it fall."
        )


def remark_nulls(kinds: Sequence[Kind]) -> Iterator[str]:
    """A difference that place and problem explain is said to be one."""
    for kind in kinds:
        p = {gap.view: gap.adjusted_p for gap in kind.gaps}
        whole, held = p.get("all"), p.get("both")
        if whole is None or held is None:
            continue
        if whole < CLEAR <= held:
            yield (
                f"{kind.name}: the difference in entropy is not established once tokens of the "
                "same place in the same problem are compared."
            )
