"""Confirming an arm in the database: one sweep for an arm and its seeds, linked both ways."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db import confirmations, runs, steering, sweeps
from db.models import Arm, ArmRun, Run, RunEvent, Sweep
from db.sessions import transaction
from db.sweeps import Confirmation, Confirms
from domain.confirmations import ConfirmationRequest
from domain.errors import Conflict, Invalid, NotFound
from domain.lifecycle import FailureClass, RunStatus
from tests.db.test_sweeps import ALIVE, counted_queries
from tests.factories import claim_run, finish, finish_runs, submit_sweep

CHOSEN = "shaped/alpha=0.4"


def finished_search(db: Session, **changes: object) -> int:
    search = submit_sweep(db, None, **changes)
    finish_runs(db, lambda _: [1, 2, 3, 4])
    return search


def confirm(db: Session, search: int, arm: str = CHOSEN, seeds: list[int] | None = None) -> int:
    request = ConfirmationRequest(arm=arm, seeds=seeds)
    return confirmations.confirm(db, search, request, "local")


def run_ids(db: Session, sweep: int) -> set[int]:
    rows = select(ArmRun.run_id).join(Arm).where(Arm.sweep_id == sweep)
    return set(db.scalars(rows))


def test_a_confirmation_is_queued_with_runs_of_its_own(db: Session) -> None:
    search = finished_search(db)
    sweep = confirm(db, search)
    found = sweeps.find(db, sweep, ALIVE)
    assert [(arm.name, arm.is_baseline) for arm in found.arms_list] == [
        ("grpo", True),
        (CHOSEN, False),
    ]
    assert found.progress.queued == found.progress.total == 6
    assert not run_ids(db, sweep) & run_ids(db, search)
    assert set(db.scalars(select(Run.spec["eval"]["split"].astext).where(Run.seed > 1))) == {
        "held_out"
    }


def test_every_queued_run_of_a_confirmation_names_it(db: Session) -> None:
    sweep = confirm(db, finished_search(db))
    reasons = select(RunEvent.reason).where(RunEvent.run_id.in_(run_ids(db, sweep)))
    assert set(db.scalars(reasons)) == {f"asked for by sweep {sweep}"}


def test_a_search_and_its_confirmation_name_each_other(db: Session) -> None:
    search = finished_search(db)
    sweep = confirm(db, search)
    found, confirming = sweeps.find(db, search, ALIVE), sweeps.find(db, sweep, ALIVE)
    assert confirming.confirms == Confirms(search, found.name, CHOSEN)
    assert found.confirmations == [Confirmation(sweep, confirming.name, CHOSEN, RunStatus.QUEUED)]
    assert found.confirms is None
    assert confirming.confirmations == []


def test_a_finished_confirmation_says_so_on_its_search(db: Session) -> None:
    search = finished_search(db)
    confirm(db, search)
    finish_runs(db, lambda _: [1, 2, 3, 4])
    assert [one.status for one in sweeps.find(db, search, ALIVE).confirmations] == ["succeeded"]


def test_a_stored_search_expands_to_the_arms_it_was_written_with(db: Session) -> None:
    """The database keeps no order of keys; the names of arms must not follow it."""
    train = {"learning_rate": 1e-3, "steps": 5}
    arms = [{"name": "base", "method": "base"}, {"name": "grpo", "method": "grpo", "train": train}]
    search = finished_search(db, arms=arms, baseline="base")
    db.expire_all()
    name = sweeps.find(db, search, ALIVE).arms_list[1].name
    found = sweeps.find(db, confirm(db, search, name), ALIVE)
    assert [arm.name for arm in found.arms_list] == ["base", name]


@pytest.mark.parametrize("seeds", [None, [2, 3, 4], [4, 2, 3]])
def test_the_same_arm_with_the_same_seeds_is_the_same_confirmation(
    db: Session, seeds: list[int] | None
) -> None:
    search = finished_search(db)
    assert confirm(db, search) == confirm(db, search, seeds=seeds)


def test_another_arm_or_other_seeds_are_another_confirmation(db: Session) -> None:
    search = finished_search(db, baseline="base")
    asked = [confirm(db, search), confirm(db, search, "grpo"), confirm(db, search, seeds=[7])]
    assert len(set(asked)) == 3
    assert [one.sweep_id for one in sweeps.find(db, search, ALIVE).confirmations] == asked


def test_equal_searches_are_confirmed_apart_by_the_same_runs(db: Session) -> None:
    first = finished_search(db)
    second = submit_sweep(db, name="again")
    sweep, other = confirm(db, first), confirm(db, second)
    assert sweep != other
    assert run_ids(db, sweep) == run_ids(db, other)


def test_the_same_confirmation_asked_for_at_once_is_one_sweep(engine: Engine) -> None:
    with transaction(engine) as db:
        search = finished_search(db)

    def ask(_: int) -> int:
        with transaction(engine) as session:
            return confirm(session, search)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(16)))) == 1


def test_a_confirmation_that_exists_is_answered_while_its_search_runs_again(db: Session) -> None:
    search = submit_sweep(db, seeds=[0])
    finish(db, claim_run(db), FailureClass.USER_ERROR)
    finish_runs(db, lambda _: [1, 2, 3, 4])
    sweep = confirm(db, search)
    steering.retry(db, search, "local")
    assert confirm(db, search) == sweep


def test_a_search_that_is_not_finished_cannot_be_confirmed(db: Session) -> None:
    search = submit_sweep(db, seeds=[0])
    claim_run(db)
    with pytest.raises(Conflict, match="is not finished: 2 queued, 1 running; an arm can be"):
        confirm(db, search)


def test_a_search_being_cancelled_is_not_finished(db: Session) -> None:
    search = submit_sweep(db, seeds=[0])
    runs.cancel(db, claim_run(db, "worker-2").run_id, "local", "test")
    finish_runs(db, lambda _: [1, 2, 3, 4])
    with pytest.raises(Conflict, match="is not finished: 1 cancelling"):
        confirm(db, search)


def test_a_stopped_search_can_be_confirmed_where_it_has_results(db: Session) -> None:
    search = submit_sweep(db, seeds=[0, 1])
    for _ in range(3):
        finish(db, claim_run(db))
    steering.cancel(db, search, "local", include_shared=False)
    assert sweeps.find(db, confirm(db, search), ALIVE).progress.total == 6


def test_an_arm_without_a_succeeded_run_has_nothing_to_confirm(db: Session) -> None:
    search = submit_sweep(db, seeds=[0])
    finish(db, claim_run(db))
    steering.cancel(db, search, "local", include_shared=False)
    with pytest.raises(Conflict, match=f"no run of {CHOSEN} in sweep {search} has succeeded"):
        confirm(db, search)


def test_a_confirmation_cannot_be_confirmed(db: Session) -> None:
    sweep = confirm(db, finished_search(db))
    finish_runs(db, lambda _: [1, 2, 3, 4])
    with pytest.raises(Invalid, match=r"eval\.split"):
        confirm(db, sweep)


def test_a_missing_search_cannot_be_confirmed(db: Session) -> None:
    with pytest.raises(NotFound):
        confirm(db, 7)


def test_a_preview_tells_what_a_confirmation_does_and_queues_nothing(db: Session) -> None:
    search = finished_search(db)
    before = db.scalar(select(func.count()).select_from(Run))
    found = confirmations.preview(db, search, ConfirmationRequest(arm="shaped"), "local")
    assert (found.arm, found.seeds, found.runs, found.new_runs) == (CHOSEN, [2, 3, 4], 6, 6)
    assert (found.problems, found.samples, found.sweep_id) == (4, 8, None)
    assert db.scalar(select(func.count()).select_from(Run)) == before


def test_a_preview_names_the_confirmation_that_exists(db: Session) -> None:
    search = finished_search(db)
    sweep = confirm(db, search)
    found = confirmations.preview(db, search, ConfirmationRequest(arm=CHOSEN), "local")
    assert (found.sweep_id, found.new_runs) == (sweep, 0)


def test_a_confirmation_keeps_its_search_from_being_deleted(db: Session) -> None:
    search = finished_search(db)
    confirm(db, search)
    with pytest.raises(IntegrityError, match="fk_sweeps_confirms_id"):
        db.execute(delete(Sweep).where(Sweep.id == search))


def test_a_confirmation_has_both_a_search_and_an_arm(db: Session) -> None:
    search = finished_search(db)
    with pytest.raises(IntegrityError, match="ck_sweeps_confirms"):
        db.execute(text("UPDATE sweeps SET confirms_id = id WHERE id = :id"), {"id": search})


def test_reading_a_search_takes_as_many_queries_whatever_its_confirmations(engine: Engine) -> None:
    with transaction(engine) as db:
        search = finished_search(db, baseline="base")
    counts = []
    for seeds in ([5], [6, 7]):
        with transaction(engine) as db:
            for seed in seeds:
                confirm(db, search, seeds=[seed])
        with transaction(engine) as db, counted_queries(engine) as statements:
            sweeps.find(db, search, ALIVE)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
