"""Reads what a report says of behaviour: every arm after its last step."""

from sqlalchemy.orm import Session

from db.inquiries import choose, list_asked, list_inquiries
from db.sweepbehaviours import Place, read_differences, read_sweep
from domain.behaviourreports import JudgedRun, ReportedBehaviour, depend


def read_behaviour(db: Session, sweep_id: int, baseline: str) -> ReportedBehaviour | None:
    """None where no analysis of the sweep is done."""
    chosen = choose(list_inquiries(list_asked(db, sweep_id)), None)
    told = read_sweep(db, sweep_id, None) if chosen else None
    if chosen is None or told is None or not told.arms:
        return None
    differences = read_differences(db, sweep_id, Place(chosen.key), baseline)
    last = {one.arm: one.step for one in told.arms}
    return ReportedBehaviour(
        settings=chosen.settings,
        arms=tuple(arm for arm in told.arms if arm.step == last[arm.arm]),
        baseline=differences.baseline,
        differences=tuple(differences.differences),
        missing=differences.missing,
        dependence=tuple(
            depend(
                [
                    JudgedRun(one.arm, one.step, one.collapse, one.regime)
                    for one in told.collapses
                    if one.step == last.get(one.arm)
                ]
            )
        ),
        remarks=tuple(told.remarks),
    )
