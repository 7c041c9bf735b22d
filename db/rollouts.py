"""Rollouts of a run: the training completions that were kept, with their per-token values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, select, text
from sqlalchemy.orm import Session

from db.histories import missing
from db.models import Rollout, Run
from domain.lexicons import find_lexicon
from domain.marks import Marker, Stretch, WordMark, marker_of
from domain.rollouts import CORRECT, RolloutQuery, problem_key

Values = list[float | None]

GROUPS = text(
    """
    SELECT problem, min(prompt) AS prompt, count(*) AS completions,
        count(*) FILTER (WHERE reward = :correct) AS correct,
        CAST(avg(cardinality(tokens)) AS float8) AS mean_tokens,
        sum(entropy.total) / nullif(sum(entropy.counted), 0) AS mean_entropy,
        bool_and(advantages <@ ARRAY[CAST(0 AS real)]) AS flat
    FROM rollouts, LATERAL (
        SELECT sum(CAST(value AS float8)) AS total, count(*) AS counted
        FROM unnest(entropies) AS value WHERE value < 'Infinity'
    ) AS entropy
    WHERE run_id = :run_id AND step = :step
    GROUP BY problem ORDER BY min(index)
    """
)


@dataclass(frozen=True)
class RolloutGroup:
    """The completions of one problem that a run keeps at a step.

    `mean_entropy` is over tokens, in nats. A group is `flat` where no token has an advantage.
    """

    key: str
    problem: str
    prompt: str
    completions: int
    correct: int
    mean_tokens: float
    mean_entropy: float | None
    flat: bool


@dataclass(frozen=True)
class ShownRollout:
    """Per-token lists are as long as `tokens`; None where a value was NaN or infinite.

    `words` are those of the page's lexicon, `reflective` its sentences of that kind.
    """

    step: int
    index: int
    key: str
    problem: str
    prompt: str
    tokens: list[str]
    entropies: Values
    advantages: Values
    psi: Values
    reward: float | None
    correct: bool
    words: list[WordMark]
    reflective: list[Stretch]


@dataclass(frozen=True)
class RolloutPage:
    """`groups` are all of the step; `total` counts the completions that were asked for."""

    run_id: int
    steps: list[int]
    step: int | None
    groups: list[RolloutGroup]
    total: int
    rollouts: list[ShownRollout]
    lexicon: str
    categories: list[str]


def read(db: Session, run_id: int, query: RolloutQuery) -> RolloutPage:
    """Those at a step, by default the last. Raises NotFound."""
    task = db.scalar(select(Run.spec["task"].astext).where(Run.id == run_id))
    if task is None:
        raise missing(run_id)
    lexicon = find_lexicon(None, task)
    marker = marker_of(lexicon)
    kept = select(Rollout.step).where(Rollout.run_id == run_id).distinct().order_by(Rollout.step)
    steps = list(db.scalars(kept))
    step = query.step if query.step is not None else max(steps, default=None)
    groups = list_groups(db, run_id, step)
    wanted = [Rollout.run_id == run_id, Rollout.step == step, *conditions(query, groups)]
    if query.search:
        wanted.append(Rollout.index.in_(saying(db, wanted, query.search)))
    total = db.scalar(select(func.count()).select_from(Rollout).where(*wanted)) or 0
    rows = select(Rollout).where(*wanted).order_by(Rollout.index)
    page = db.scalars(rows.limit(query.limit).offset(query.offset))
    shown = [as_shown(row, marker) for row in page]
    words = (lexicon.name, list(lexicon.words))
    return RolloutPage(run_id, steps, step, groups, total, shown, *words)


def list_groups(db: Session, run_id: int, step: int | None) -> list[RolloutGroup]:
    found = db.execute(GROUPS, {"run_id": run_id, "step": step, "correct": CORRECT}).mappings()
    return [RolloutGroup(key=problem_key(row["problem"]), **row) for row in found]


def conditions(query: RolloutQuery, groups: Sequence[RolloutGroup]) -> list[ColumnElement[bool]]:
    """What the query asks for besides the step and the text."""
    found: list[ColumnElement[bool]] = []
    if query.problem is not None:
        named = [group.problem for group in groups if group.key == query.problem]
        found.append(Rollout.problem.in_(named) if named else false())
    if query.correct is not None:
        found.append((Rollout.reward == CORRECT) == query.correct)
    return found


def saying(db: Session, wanted: Sequence[ColumnElement[bool]], search: str) -> list[int]:
    """Those of one step whose text contains it in any case, which PostgreSQL would tell by the
    locale that its database was made with."""
    said = select(Rollout.index, func.array_to_string(Rollout.tokens, "")).where(*wanted)
    return [index for index, told in db.execute(said) if search.lower() in told.lower()]


def as_shown(row: Rollout, marker: Marker) -> ShownRollout:
    marks = marker.mark(row.tokens)
    return ShownRollout(
        step=row.step,
        index=row.index,
        key=problem_key(row.problem),
        problem=row.problem,
        prompt=row.prompt,
        tokens=row.tokens,
        entropies=finite(row.entropies),
        advantages=finite(row.advantages),
        psi=finite(row.psi),
        reward=finite([row.reward])[0],
        correct=row.reward == CORRECT,
        words=marks.words,
        reflective=[Stretch(*one[:2]) for one in marks.sentences if one.reflective],
    )


def finite(values: Sequence[float]) -> Values:
    return [value if math.isfinite(value) else None for value in values]
