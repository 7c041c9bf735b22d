"""Asking for analyses while others steer: nobody waits for a plan, and the plan must still hold."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from db import analyses, steering
from db.locks import lock_steering
from db.sessions import transaction
from domain.catalogue import find_shipped
from domain.errors import Conflict, Invalid
from domain.inquiries import SweepInquiry
from tests.db.overlaps import overlap
from tests.factories import finish_runs, submit_sweep


def trained(db: Session) -> int:
    sweep = submit_sweep(db)
    finish_runs(db, lambda _: [4, 4, 4, 4])
    return sweep


def ask(db: Session, sweep: int, **inquiry: object) -> analyses.AnalysisList:
    wanted = SweepInquiry.model_validate(inquiry)
    return analyses.ask(db, sweep, wanted, "ada", find_shipped)


def test_nobody_who_steers_waits_while_analyses_are_planned(emptied: Engine) -> None:
    with transaction(emptied) as db:
        sweep = trained(db)
    with transaction(emptied) as steered, transaction(emptied) as db:
        lock_steering(steered)
        db.execute(text("SET LOCAL lock_timeout = '500ms'"))
        with pytest.raises(Invalid, match="'graph' is none of"):
            ask(db, sweep, arms=["graph"])


def test_a_sweep_that_is_archived_while_its_analyses_are_planned_is_not_analysed(
    emptied: Engine,
) -> None:
    with transaction(emptied) as db:
        sweep = trained(db)
    _, refused = overlap(
        emptied, lambda db: steering.archive(db, sweep, "ada"), lambda db: ask(db, sweep)
    )
    assert isinstance(refused, Conflict)
