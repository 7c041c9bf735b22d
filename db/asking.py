"""Which sweep asks for which run: for its arms, and to have them analysed. The one place that says.

What is about arms alone, as comparisons and progress are, joins ArmRun itself.
"""

from sqlalchemy import ColumnElement, Integer, Subquery, func, literal, null, select, union_all

from db.models import Arm, ArmRun, Run
from db.probes import Analysis

UNTRAINED = "untrained"
"""What stands for an arm's name where the untrained model is analysed."""


def asked(*which: ColumnElement[bool]) -> Subquery:
    """`sweep_id` and `run_id`, once for each. `which` narrows the runs, in terms of Run.

    Said on both sides of the union, so that PostgreSQL begins with those few runs.
    """
    for_arms = (
        select(Arm.sweep_id, ArmRun.run_id)
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(*which)
    )
    to_analyse = (
        select(Analysis.sweep_id, Analysis.run_id)
        .join(Run, Run.id == Analysis.run_id)
        .where(*which)
    )
    return union_all(for_arms, to_analyse).subquery("asked")


def named(*which: ColumnElement[bool]) -> Subquery:
    """As `asked`, with the `arm` that is run or analysed; of an analysis with `analysed_step`.

    `first` orders the sweeps and arms of a run.
    """
    for_arms = (
        select(
            Arm.sweep_id,
            ArmRun.run_id,
            Arm.name.label("arm"),
            Arm.id.label("first"),
            null().cast(Integer).label("analysed_step"),
        )
        .join(ArmRun, ArmRun.arm_id == Arm.id)
        .join(Run, Run.id == ArmRun.run_id)
        .where(*which)
    )
    to_analyse = (
        select(
            Analysis.sweep_id,
            Analysis.run_id,
            func.coalesce(Arm.name, literal(UNTRAINED)),
            func.coalesce(Arm.id, literal(0)),
            Analysis.step,
        )
        .join(Run, Run.id == Analysis.run_id)
        .outerjoin(ArmRun, ArmRun.run_id == Analysis.subject_id)
        .outerjoin(Arm, Arm.id == ArmRun.arm_id)
        .where(func.coalesce(Arm.sweep_id, Analysis.sweep_id) == Analysis.sweep_id, *which)
    )
    return union_all(for_arms, to_analyse).subquery("named")
