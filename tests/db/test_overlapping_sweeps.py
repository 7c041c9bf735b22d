"""Submits, whole sweeps, their limits and demands: two transactions at once."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from db import attempts, extensions, runs, steering, workers
from db.attempts import Outcome
from db.extensions import ExtensionPreview
from db.models import ArmRun, Run, RunEvent, Sweep, Worker
from db.sessions import transaction
from domain.errors import Conflict
from domain.extensions import ExtensionRequest
from domain.lifecycle import FailureClass, Retries
from domain.needs import OLDEST, UNDERSTOOD
from tests.db.overlaps import overlap
from tests.db.steps import ONE_ARM, taking
from tests.factories import claim_run, enlist, submit_sweep


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


def asking(key: str | None = None, **changes: Any) -> Callable[[Session], int]:
    """A submit of one arm with one seed, unless told otherwise."""
    return lambda db: submit_sweep(db, key, **({"seeds": [0], "arms": ONE_ARM} | changes))


def count(engine: Engine, table: type[Run] | type[Sweep] | type[RunEvent] | type[ArmRun]) -> int:
    with transaction(engine) as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def statuses(engine: Engine) -> list[str]:
    with transaction(engine) as db:
        return list(db.scalars(select(Run.status).order_by(Run.id)))


def prepare(engine: Engine, **changes: Any) -> int:
    with transaction(engine) as db:
        for name in ("worker-1", "worker-2"):
            enlist(db, name)
        return asking(**changes)(db)


def test_the_same_submit_twice_at_once_is_one_sweep(engine: Engine) -> None:
    one, two = overlap(engine, asking("key"), asking("key"))
    assert one == two
    assert (count(engine, Sweep), count(engine, Run)) == (1, 1)


def test_a_key_used_for_two_bodies_at_once_is_refused_to_the_second(engine: Engine) -> None:
    _, two = overlap(engine, asking("key"), asking("key", seeds=[0, 1]))
    assert isinstance(two, Conflict)
    assert (count(engine, Sweep), count(engine, Run)) == (1, 1)


def test_two_sweeps_that_ask_for_one_cell_at_once_share_its_run(engine: Engine) -> None:
    one, two = overlap(engine, asking(), asking())
    assert one != two
    assert (count(engine, Run), count(engine, ArmRun), count(engine, RunEvent)) == (1, 2, 1)


def test_a_retry_and_a_submit_at_once_are_one_new_life(engine: Engine) -> None:
    prepare(engine)
    with transaction(engine) as db:
        claim = claim_run(db)
        wrong = Outcome(failure=FailureClass.USER_ERROR, message="no")
        attempts.finish(db, claim.run_id, claim.attempt, wrong, Retries())
    overlap(engine, lambda db: runs.retry(db, claim.run_id, "tester", "again"), asking())
    assert statuses(engine) == ["queued"]
    with transaction(engine) as db:
        told = select(RunEvent.new).where(RunEvent.run_id == claim.run_id).order_by(RunEvent.id)
        assert list(db.scalars(told)) == ["queued", "running", "failed", "queued"]


def test_a_submit_asks_for_no_run_that_somebody_is_cancelling(engine: Engine) -> None:
    prepare(engine)
    with transaction(engine) as db:
        run_id = claim_run(db).run_id
    _, two = overlap(engine, lambda db: runs.cancel(db, run_id, "tester", "enough"), asking())
    assert isinstance(two, Conflict)
    assert count(engine, Sweep) == 1


def cancelling(sweep_id: int) -> Callable[[Session], object]:
    return lambda db: steering.cancel(db, sweep_id, "tester", False)


def test_a_run_that_a_second_sweep_asks_for_survives_the_first_ones_cancel(engine: Engine) -> None:
    first = prepare(engine)
    _, cancelled = overlap(engine, asking(), cancelling(first))
    assert isinstance(cancelled, Conflict)
    assert statuses(engine) == ["queued"]


def test_a_submit_after_a_cancel_of_the_same_run_queues_it_again(engine: Engine) -> None:
    first = prepare(engine)
    overlap(engine, cancelling(first), asking())
    assert statuses(engine) == ["queued"]


def test_two_extensions_at_once_both_count(engine: Engine) -> None:
    """The second was worked out before it heard of the first."""
    sweep_id = prepare(engine)
    _, two = overlap(engine, extending(sweep_id, 1), extending(sweep_id, 2))
    assert isinstance(two, ExtensionPreview)
    assert (two.runs, two.added_seeds) == (1, [2])
    with transaction(engine) as db:
        assert db.get_one(Sweep, sweep_id).spec["seeds"] == [0, 1, 2]
    assert (count(engine, Run), count(engine, ArmRun)) == (3, 3)


def extending(sweep_id: int, seed: int) -> Callable[[Session], ExtensionPreview]:
    request = ExtensionRequest(seeds=[seed])
    return lambda db: extensions.extend(db, sweep_id, request, "tester")


def test_a_sweeps_limit_holds_for_two_claims_at_once(engine: Engine) -> None:
    sweep_id = prepare(engine, seeds=[0, 1])
    with transaction(engine) as db:
        db.get_one(Sweep, sweep_id).max_running = 1
    one, two = overlap(engine, taking("worker-1"), taking("worker-2"))
    assert one is not None
    assert two is None


@pytest.mark.parametrize("mark", ["paused_at", "archived_at", "cancelled_at"])
def test_a_sweep_that_is_held_back_starts_nothing(engine: Engine, mark: str) -> None:
    prepare(engine)
    with transaction(engine) as db:
        db.execute(update(Sweep).values({mark: func.now()}))
        assert taking("worker-1")(db) is None


@pytest.mark.parametrize("mark", ["draining_at", "parked_at"])
def test_a_worker_that_is_held_back_is_given_nothing(engine: Engine, mark: str) -> None:
    prepare(engine)
    with transaction(engine) as db:
        db.execute(update(Worker).values({mark: func.now()}))
        assert taking("worker-1")(db) is None


@pytest.mark.parametrize("wanted", [{"device_kind": "cuda"}, {"memory_gb": 24.0}])
def test_a_run_goes_to_no_worker_that_does_not_fit(
    engine: Engine, wanted: dict[str, object]
) -> None:
    prepare(engine)
    with transaction(engine) as db:
        db.execute(update(Sweep).values(**wanted))
        assert taking("worker-1")(db) is None


def test_a_run_of_several_devices_goes_to_no_worker_with_fewer(engine: Engine) -> None:
    prepare(engine)
    with transaction(engine) as db:
        db.execute(update(Run).values(devices=2))
        assert taking("worker-1")(db) is None


def test_a_run_goes_to_no_worker_that_does_not_understand_it(engine: Engine) -> None:
    """Whoever claims first, each is given what it understands."""
    prepare(engine, seeds=[0, 1])
    with transaction(engine) as db:
        newer = db.scalars(select(Run).order_by(Run.id)).first()
        assert newer
        newer.needs = UNDERSTOOD + 1
        db.get_one(Worker, "worker-2").understands = UNDERSTOOD + 1
    older, able = overlap(engine, taking("worker-1"), taking("worker-2"))
    assert isinstance(older, attempts.Claim)
    assert isinstance(able, attempts.Claim)
    assert (older.spec.seed, able.spec.seed) == (1, 0)


def test_a_run_that_keeps_weights_needs_a_worker_that_knows_how(engine: Engine) -> None:
    prepare(engine, train={"steps": 10, "keep_every": 5})
    with transaction(engine) as db:
        db.get_one(Worker, "worker-1").understands = OLDEST
        assert taking("worker-1")(db) is None
        assert taking("worker-2")(db) is not None


def test_a_worker_says_anew_what_it_understands_when_it_starts_again(engine: Engine) -> None:
    """An older one in the place of a newer one is given no run that only that one understood."""
    prepare(engine)
    older = workers.Identity("worker-1", "here", "cpu:0", "cpu", 2)
    with transaction(engine) as db:
        db.execute(update(Worker).values(understands=UNDERSTOOD + 1))
        db.execute(update(Run).values(needs=UNDERSTOOD + 1))

    def begin_again(db: Session) -> None:
        workers.register(db, older)

    _, claim = overlap(engine, begin_again, taking("worker-2"))
    assert isinstance(claim, attempts.Claim), "who has not been replaced understands it"
    with transaction(engine) as db:
        attempts.finish(db, claim.run_id, claim.attempt, Outcome(75, drained=True), Retries())
        assert taking("worker-1")(db) is None


def test_claims_are_shared_evenly_between_sweeps(engine: Engine) -> None:
    """Two at once, of two sweeps: the second counts what the first has taken."""
    prepare(engine, seeds=[0, 1])
    with transaction(engine) as db:
        asking(seeds=[2, 3])(db)
    one, two = overlap(engine, taking("worker-1"), taking("worker-2"))
    assert isinstance(one, attempts.Claim)
    assert isinstance(two, attempts.Claim)
    assert {one.spec.seed, two.spec.seed} == {0, 2}


def test_an_old_life_of_a_worker_does_not_sign_off_the_new_one(engine: Engine) -> None:
    old = workers.Identity("worker-1", "here", "cpu:0", "cpu", 1)
    new = workers.Identity("worker-1", "here", "cpu:0", "cpu", 2)
    with transaction(engine) as db:
        workers.register(db, old)
    overlap(engine, lambda db: workers.register(db, new), lambda db: workers.leave(db, old))
    with transaction(engine) as db:
        assert list(db.scalars(select(Worker.pid))) == [2]
