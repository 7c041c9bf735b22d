"""Rollouts: the training completions that were kept, with their per-token values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.histories import require_run
from db.models import Rollout

Values = list[float | None]


@dataclass(frozen=True)
class ShownRollout:
    """Per-token lists are as long as `tokens`; None where a value was NaN or infinite."""

    step: int
    index: int
    problem: str
    prompt: str
    tokens: list[str]
    entropies: Values
    advantages: Values
    psi: Values
    reward: float | None


@dataclass(frozen=True)
class RolloutPage:
    steps: list[int]
    rollouts: list[ShownRollout]


def read(db: Session, run_id: int, step: int | None, limit: int) -> RolloutPage:
    """The rollouts at a step, by default the last. Raises NotFound."""
    require_run(db, run_id)
    kept = select(Rollout.step).where(Rollout.run_id == run_id).distinct().order_by(Rollout.step)
    steps = list(db.scalars(kept))
    shown = step if step is not None else max(steps, default=None)
    at_step = select(Rollout).where(Rollout.run_id == run_id, Rollout.step == shown)
    rows = db.scalars(at_step.order_by(Rollout.index).limit(limit))
    return RolloutPage(steps, [as_shown(row) for row in rows])


def as_shown(row: Rollout) -> ShownRollout:
    return ShownRollout(
        step=row.step,
        index=row.index,
        problem=row.problem,
        prompt=row.prompt,
        tokens=row.tokens,
        entropies=finite(row.entropies),
        advantages=finite(row.advantages),
        psi=finite(row.psi),
        reward=finite([row.reward])[0],
    )


def finite(values: Sequence[float]) -> Values:
    return [value if math.isfinite(value) else None for value in values]
