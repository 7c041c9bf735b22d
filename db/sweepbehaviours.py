"""What the analyses of a sweep found: arm by arm over seeds, step by step, against a baseline.

A sweep may have hundreds of analyses. What is read of all of them are their digests and scores, a
few kilobytes each; their tallies are read arm by arm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from db.asking import UNTRAINED
from db.behaviours import read_findings, read_texts
from db.inquiries import Asked, Inquiry, choose, list_asked, list_done, list_inquiries
from db.models import Arm
from db.probes import Finding as FindingRow
from db.sweeps import require_sweep
from domain.armbehaviours import AnalysedRun, ArmFigures, Layout, describe, lay_out
from domain.armgaps import KindGaps, measure_gaps
from domain.behaviourdifferences import BehaviourDifference, list_differences
from domain.behaviourremarks import list_remarks
from domain.behaviours import read_collapse
from domain.collapses import Collapse, Regime, name_regime
from domain.contrasts import Noise
from domain.digests import digest
from domain.errors import NotFound
from domain.findings import Digest
from domain.sweeps import find_arm

TALLIES = ("tokens", "rare")


@dataclass(frozen=True)
class CollapseOfRun:
    """After a step of a run; the untrained model's has no subject and no seed."""

    run_id: int
    subject_id: int | None
    arm: str
    seed: int | None
    step: int
    collapse: Collapse
    regime: Regime | None


@dataclass(frozen=True)
class SweepBehaviour:
    """Of one of its inquiries. The untrained model comes first, then arms in the sweep's order."""

    sweep_id: int
    baseline: str
    inquiries: list[Inquiry]
    inquiry: str | None
    arms: list[ArmFigures]
    collapses: list[CollapseOfRun]
    remarks: list[str]


@dataclass(frozen=True)
class BehaviourDifferences:
    """`step` is None where each arm is taken after its own last one. `missing` says why there is
    nothing to set arms against."""

    baseline: str
    step: int | None
    differences: list[BehaviourDifference]
    missing: str | None


@dataclass(frozen=True)
class ArmGapsAt:
    """Of one arm after a step."""

    arm: str
    step: int
    seeds: tuple[int, ...]
    run_ids: tuple[int, ...]
    over: Noise
    kinds: tuple[KindGaps, ...]


@dataclass(frozen=True)
class Place:
    """Which inquiry, by default the latest that found anything, and after which step, by default
    each arm's last."""

    inquiry: str | None = None
    step: int | None = None


def read_sweep(db: Session, sweep_id: int, inquiry: str | None) -> SweepBehaviour:
    """Raises NotFound; Invalid for an inquiry that the sweep does not have."""
    sweep = require_sweep(db, sweep_id)
    asked = list_asked(db, sweep_id)
    inquiries = list_inquiries(asked)
    chosen = choose(inquiries, inquiry)
    done = [one for one in asked if chosen and one.key == chosen.key and one.is_done]
    arms = [describe(layout) for layout in lay_out(read_digests(db, done))]
    collapses = list(list_collapses(db, done))
    judged = [one.collapse for one in collapses]
    return SweepBehaviour(
        sweep_id=sweep_id,
        baseline=find_name(db, sweep_id, "baseline", sweep.baseline),
        inquiries=inquiries,
        inquiry=chosen.key if chosen else None,
        arms=arms,
        collapses=collapses,
        remarks=list(list_remarks(chosen.settings, arms, judged)) if chosen else [],
    )


def read_differences(
    db: Session, sweep_id: int, place: Place, baseline: str | None
) -> BehaviourDifferences:
    """Of every arm from one. Raises NotFound; Invalid for what the sweep does not have."""
    sweep = require_sweep(db, sweep_id)
    name = find_name(db, sweep_id, "baseline", baseline or sweep.baseline)
    layouts = pick(lay_out(read_digests(db, list_done(db, sweep_id, place.inquiry))), place.step)
    against = next((layout for layout in layouts if layout.arm == name), None)
    if against is None:
        after = "" if place.step is None else f" after step {place.step}"
        whose = "the untrained model" if name == UNTRAINED else name
        missing = f"{whose} has no finished analysis{after}"
        return BehaviourDifferences(name, place.step, [], missing)
    return BehaviourDifferences(name, place.step, list_differences(layouts, against), None)


def pick(layouts: Sequence[Layout], step: int | None) -> list[Layout]:
    """Each arm after that step, or after its last one; the untrained model has one alone."""
    last = {layout.arm: layout.step for layout in layouts}
    return [
        layout
        for layout in layouts
        if layout.step == (last[layout.arm] if step is None else step) or not layout.step
    ]


def find_name(db: Session, sweep_id: int, field: str, asked: str) -> str:
    """Of an arm, or of the untrained model, which an arm of the method base is too.

    Raises Invalid for what the sweep does not have.
    """
    if asked == UNTRAINED:
        return UNTRAINED
    arms = db.scalars(select(Arm).where(Arm.sweep_id == sweep_id).order_by(Arm.position)).all()
    found = find_arm(field, asked, arms)
    return found.name if found.train else UNTRAINED


def read_gaps(db: Session, sweep_id: int, arm: str, place: Place) -> ArmGapsAt:
    """Of one arm. Raises NotFound where it has no finished analysis there; Invalid."""
    require_sweep(db, sweep_id)
    name = find_name(db, sweep_id, "arm", arm)
    own = [one for one in list_done(db, sweep_id, place.inquiry) if one.arm == name]
    step = max((one.step for one in own), default=0) if place.step is None else place.step
    there = [one for one in own if one.step == step]
    if not there:
        raise NotFound(f"{name} has no finished analysis after step {step}")
    found = [read_findings(read_texts(db, one.run_id, TALLIES)) for one in there]
    gaps = measure_gaps(found, list(there[0].settings.lexicon.words))
    return ArmGapsAt(
        arm=name,
        step=step,
        seeds=tuple(one.seed for one in there if one.seed is not None),
        run_ids=tuple(one.run_id for one in there),
        over=gaps.over,
        kinds=gaps.kinds,
    )


def read_digests(db: Session, asked: Sequence[Asked]) -> Iterator[AnalysedRun]:
    """In their order."""
    texts = dict(read_part(db, asked, "digest"))
    for one in asked:
        found = read_findings(texts.get(one.run_id, ())) or [tally(db, one)]
        for each in found:
            if isinstance(each, Digest) and each.problems:
                words = {name: each.words[name] for name in one.settings.lexicon.words}
                ordered = each.model_copy(update={"words": words})
                yield AnalysedRun(one.run_id, one.arm, one.seed, one.step, ordered)


def tally(db: Session, one: Asked) -> Digest:
    """Of an analysis that was made before digests were."""
    found = read_findings(read_texts(db, one.run_id, TALLIES))
    return digest(found, one.settings.lexicon.words)


def list_collapses(db: Session, asked: Sequence[Asked]) -> Iterator[CollapseOfRun]:
    texts = read_part(db, asked, "scores")
    found = {run_id: read_collapse(read_findings(own)) for run_id, own in texts}
    untrained = next((found.get(one.run_id) for one in asked if not one.step), None)
    for one in asked:
        collapse = found.get(one.run_id)
        if collapse:
            regime = name_regime(collapse, untrained)
            own = (one.run_id, one.subject_id, one.arm, one.seed, one.step)
            yield CollapseOfRun(*own, collapse, regime)


def read_part(
    db: Session, asked: Sequence[Asked], part: str
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """By run."""
    rows = db.execute(
        select(FindingRow.run_id, cast(FindingRow.body, Text))
        .where(FindingRow.run_id.in_([one.run_id for one in asked]), FindingRow.part == part)
        .order_by(FindingRow.run_id, FindingRow.number)
    )
    for run_id, own in groupby(rows, lambda row: row.run_id):
        yield run_id, tuple(body for _, body in own)
