"""Which analyses a sweep asks for, and which of them ask the same: only like is compared."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from db.asking import UNTRAINED
from db.models import Arm, ArmRun, Run
from db.probes import Analysis
from db.sweeps import require_sweep
from domain.analyses import AnalysisSettings, inquiry_key
from domain.errors import invalid
from domain.lexicons import as_written
from domain.lifecycle import RunStatus


@dataclass(frozen=True)
class Asked:
    """An analysis that a sweep asks for. The untrained model is no run of it, and has no seed.

    `settings` are the same after every step, theirs being 0.
    """

    run_id: int
    subject_id: int | None
    arm: str
    seed: int | None
    step: int
    status: RunStatus
    settings: AnalysisSettings
    key: str
    at: datetime

    @property
    def is_done(self) -> bool:
        return self.status == RunStatus.SUCCEEDED


@dataclass(frozen=True)
class Inquiry:
    """One way in which a sweep's runs are looked at, and its analyses by status."""

    key: str
    settings: AnalysisSettings
    analyses: dict[RunStatus, int]


def fingerprint(db: Session, sweep_id: int) -> str:
    """Changes whenever figures could: what a succeeded analysis found never does.

    Raises NotFound.
    """
    sweep = require_sweep(db, sweep_id)
    rows = db.execute(
        select(Run.id, Run.status, Run.attempt)
        .join(Analysis, Analysis.run_id == Run.id)
        .where(Analysis.sweep_id == sweep_id)
        .order_by(Run.id)
    )
    arms = db.scalars(select(Arm.id).where(Arm.sweep_id == sweep_id).order_by(Arm.position))
    state = (sweep.baseline, [tuple(row) for row in rows], list(arms))
    return hashlib.sha256(repr(state).encode()).hexdigest()


def list_asked(db: Session, sweep_id: int) -> list[Asked]:
    """The untrained model first, then in the order of arms, seeds and steps. Of those that ask the
    same of the same weights, as before and after an upgrade that tells more, the last alone."""
    place = (
        select(ArmRun.run_id, func.min(Arm.position).label("position"))
        .join(Arm, Arm.id == ArmRun.arm_id)
        .where(Arm.sweep_id == sweep_id)
        .group_by(ArmRun.run_id)
        .subquery()
    )
    without_step = Run.spec["analysis"].op("-")("step")
    rows = db.execute(
        select(Analysis, Run.status, Run.seed, cast(without_step, Text), Arm.name)
        .join(Run, Run.id == Analysis.run_id)
        .outerjoin(place, place.c.run_id == Analysis.subject_id)
        .outerjoin(Arm, (Arm.sweep_id == sweep_id) & (Arm.position == place.c.position))
        .where(Analysis.sweep_id == sweep_id)
        .order_by(Arm.position.nulls_first(), Run.seed, Analysis.step, Run.id)
    ).all()
    asked = {text: read_settings(text) for text in {row[3] for row in rows}}
    keys = {text: inquiry_key(settings) for text, settings in asked.items()}
    found = [
        Asked(
            run_id=row.run_id,
            subject_id=row.subject_id,
            arm=arm or UNTRAINED,
            seed=seed if row.subject_id is not None else None,
            step=row.step,
            status=RunStatus(status),
            settings=asked[text],
            key=keys[text],
            at=row.requested_at,
        )
        for row, status, seed, text, arm in rows
    ]
    return list({(one.key, one.subject_id, one.step): one for one in found}.values())


def read_settings(text: str) -> AnalysisSettings:
    settings = AnalysisSettings.model_validate_json(text)
    return settings.model_copy(update={"lexicon": as_written(settings.lexicon)})


def list_inquiries(asked: Sequence[Asked]) -> list[Inquiry]:
    """The latest first."""
    latest: dict[str, Asked] = {}
    for one in asked:
        latest[one.key] = max(one, latest.get(one.key, one), key=lambda each: each.at)
    ordered = sorted(latest.values(), key=lambda one: (one.at, one.run_id), reverse=True)
    return [Inquiry(one.key, one.settings, count_statuses(asked, one.key)) for one in ordered]


def count_statuses(asked: Sequence[Asked], key: str) -> dict[RunStatus, int]:
    return dict(Counter(one.status for one in asked if one.key == key))


def choose(inquiries: Sequence[Inquiry], key: str | None) -> Inquiry | None:
    """That of the key; by default the latest that has found anything, or else the latest.

    Raises Invalid for one that the sweep does not have.
    """
    if key is not None:
        found = next((one for one in inquiries if one.key == key), None)
        if found is None:
            known = ", ".join(one.key for one in inquiries) or "none yet"
            raise invalid("inquiry", f"the sweep has no inquiry {key}; it has: {known}")
        return found
    telling = [one for one in inquiries if one.analyses.get(RunStatus.SUCCEEDED)]
    return next(iter([*telling, *inquiries]), None)


def list_done(db: Session, sweep_id: int, key: str | None) -> list[Asked]:
    """The finished analyses of the chosen inquiry. Raises what `choose` does."""
    asked = list_asked(db, sweep_id)
    chosen = choose(list_inquiries(asked), key)
    return [one for one in asked if chosen and one.key == chosen.key and one.is_done]
