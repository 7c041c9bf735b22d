"""Reads where the bonus of an arm went, from the training completions that its runs kept."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Arm, ArmRun, Rollout, Run
from db.sweeps import require_sweep
from domain.bonuses import KeptCompletion, RunTally, TokenBonus, describe_bonuses
from domain.lexicons import find_lexicon
from domain.marks import marker_of
from domain.sweeps import find_arm

FETCHED = 200  # completions at a time: each has three figures a token


@dataclass(frozen=True)
class ArmBonuses:
    """Of the seeds that kept anything. `kappa` is None of an arm that is not shaped: it has no psi,
    and no cap."""

    arm: str
    lexicon: str
    kappa: float | None
    seeds: list[int]
    kinds: list[TokenBonus]


def fingerprint(db: Session, sweep_id: int, arm: str) -> str:
    """Changes when an arm or a run comes, or keeps more. Raises what `read_arm` does."""
    asked = require_arm(db, sweep_id, arm)
    kept = (
        select(ArmRun.run_id, Run.attempt, func.max(Rollout.step), func.count(Rollout.index))
        .join(Run, Run.id == ArmRun.run_id)
        .outerjoin(Rollout, Rollout.run_id == ArmRun.run_id)
        .where(ArmRun.arm_id == asked.id)
        .group_by(ArmRun.run_id, Run.attempt)
        .order_by(ArmRun.run_id)
    )
    state = (asked.id, [tuple(row) for row in db.execute(kept)])
    return hashlib.sha256(repr(state).encode()).hexdigest()


def read_arm(db: Session, sweep_id: int, arm: str) -> ArmBonuses:
    """Raises NotFound; Invalid for an arm that the sweep does not have."""
    asked = require_arm(db, sweep_id, arm)
    kappa = asked.method.get("kappa")
    lexicon = find_lexicon(None, require_sweep(db, sweep_id).spec["task"])
    marker = marker_of(lexicon)
    runs: dict[int, RunTally] = {}
    rows = (
        select(
            ArmRun.seed,
            Rollout.step,
            Rollout.tokens,
            Rollout.entropies,
            Rollout.advantages,
            Rollout.psi,
        )
        .join(Rollout, Rollout.run_id == ArmRun.run_id)
        .where(ArmRun.arm_id == asked.id)
        .order_by(ArmRun.seed, Rollout.step, Rollout.index)
    )
    for row in db.execute(rows.execution_options(yield_per=FETCHED)):
        kept = KeptCompletion(row.step, row.tokens, row.entropies, row.advantages, row.psi)
        runs.setdefault(row.seed, RunTally(marker, kappa)).add(kept)
    found = describe_bonuses(lexicon, list(runs.values()))
    return ArmBonuses(asked.name, lexicon.name, kappa, list(runs), found)


def require_arm(db: Session, sweep_id: int, name: str) -> Arm:
    require_sweep(db, sweep_id)
    arms = select(Arm).where(Arm.sweep_id == sweep_id).order_by(Arm.position)
    return find_arm("arm", name, db.scalars(arms).all())
