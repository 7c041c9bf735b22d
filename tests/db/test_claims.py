"""Which run a worker is given: by priority, fair shares, limits and demands of its sweeps."""

from typing import Any

import pytest
from sqlalchemy import cast, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from db import claims, comparisons, queues, runs, steering, workers
from db.models import Arm, ArmRun, Run, Worker
from tests.db.submitted import run_ids, submit
from tests.factories import (
    claim_run,
    enlist,
    finish,
    finish_runs,
    graded,
    record,
    submit_sweep,
    try_claim,
)


def claimed(db: Session, count: int) -> list[int]:
    """The runs given to that many workers, one after the other."""
    return [claim_run(db, f"worker-{number}").run_id for number in range(count)]


def sweeps_of(db: Session, ids: list[int]) -> list[int]:
    asked = select(ArmRun.run_id, Arm.sweep_id).join(Arm, Arm.id == ArmRun.arm_id)
    sweep_of = dict(db.execute(asked).all())
    return [sweep_of[run_id] for run_id in ids]


def test_the_most_urgent_sweep_comes_first(db: Session) -> None:
    submit(db, [0, 1])
    urgent = submit(db, [2, 3], priority=5)
    assert claimed(db, 2) == run_ids(db, urgent)


def test_equally_urgent_sweeps_take_turns(db: Session) -> None:
    first, second = submit(db, [0, 1, 2, 3]), submit(db, [4, 5])
    assert sweeps_of(db, claimed(db, 5)) == [first, second, first, second, first]


def test_a_sweep_that_runs_more_waits_for_one_that_runs_less(db: Session) -> None:
    first = submit(db, [0, 1, 2])
    claimed(db, 2)
    second = submit(db, [10, 11, 12])
    given = [claim_run(db, f"late-{number}").run_id for number in range(3)]
    assert sweeps_of(db, given) == [second, second, first]


def test_a_sweeps_own_runs_start_by_priority_and_then_by_age(db: Session) -> None:
    one, two, three = run_ids(db, submit(db, [0, 1, 2]))
    queues.reorder(db, three, "first", "ann")
    queues.reorder(db, one, "last", "ann")
    assert claimed(db, 3) == [three, two, one]


def test_no_more_than_the_limit_run_at_once(db: Session) -> None:
    submit(db, [0, 1, 2], max_running=2)
    first = claim_run(db, "worker-0")
    claim_run(db, "worker-1")
    assert try_claim(db, "worker-2") is None
    finish(db, first)
    assert try_claim(db, "worker-2") is not None


def test_a_limit_counts_what_another_sweep_started(db: Session) -> None:
    submit(db, [0])
    submit(db, [0, 1], max_running=1)
    claim_run(db, "worker-0")
    assert try_claim(db, "worker-1") is None


def test_a_shared_run_starts_as_soon_as_one_of_its_sweeps_lets_it(db: Session) -> None:
    paused, open_ = submit(db, [0, 1]), submit(db, [0])
    steering.pause(db, paused, "ann")
    assert claimed(db, 1) == run_ids(db, open_)
    assert try_claim(db, "worker-9") is None
    steering.resume(db, paused, "ann")
    assert try_claim(db, "worker-9") is not None


def test_a_shared_run_is_as_urgent_as_its_most_urgent_sweep(db: Session) -> None:
    _, shared = run_ids(db, submit(db, [0, 1]))
    submit(db, [1], priority=1)
    assert claimed(db, 1) == [shared]


@pytest.mark.parametrize(
    ("resources", "worker", "fits"),
    [
        ({"device": "cuda"}, {}, False),
        ({"device": "cuda"}, {"device_kind": "cuda"}, True),
        ({"device": "cpu"}, {}, True),
        ({"memory_gb": 24}, {}, False),
        ({"memory_gb": 24}, {"memory_gb": 23.5}, False),
        ({"memory_gb": 24}, {"memory_gb": 24.0}, True),
        ({}, {"memory_gb": None}, True),
    ],
)
def test_a_run_goes_to_a_worker_that_has_what_its_sweep_demands(
    db: Session, resources: dict[str, Any], worker: dict[str, Any], fits: bool
) -> None:
    submit(db, [0], resources=resources)
    enlist(db, "worker-1", **worker)
    assert (try_claim(db) is not None) == fits


@pytest.mark.parametrize(("devices", "fits"), [(1, False), (2, True), (4, True)])
def test_a_run_on_several_devices_goes_to_a_worker_that_serves_them(
    db: Session, devices: int, fits: bool
) -> None:
    submit(db, [0], train={"steps": 10, "devices": 2})
    enlist(db, "worker-1", devices=devices)
    assert (try_claim(db) is not None) == fits


def test_a_demand_binds_only_the_sweep_that_made_it(db: Session) -> None:
    """The same cell, asked for by a sweep without demands, may run anywhere."""
    submit(db, [0], resources={"device": "cuda"})
    submit(db, [0])
    assert try_claim(db) is not None


def test_an_unknown_worker_is_given_nothing(db: Session) -> None:
    submit(db, [0])
    assert claims.claim(db, "nobody", "cpu:0") is None


@pytest.mark.parametrize("mark", ["draining_at", "parked_at"])
def test_a_worker_that_shall_take_no_runs_is_given_none(db: Session, mark: str) -> None:
    submit(db, [0])
    enlist(db, "worker-1", **{mark: func.now()})
    assert try_claim(db) is None


def test_a_run_without_a_sweep_waits_and_stops_nobody(db: Session) -> None:
    sweep = submit(db, [0])
    [run_id] = run_ids(db, sweep)
    spec = runs.find(db, run_id).spec
    db.add(Run(content_hash="nobody's", spec=spec, seed=0, priority=9))
    db.flush()
    assert claimed(db, 1) == [run_id]
    assert try_claim(db, "worker-9") is None


@pytest.mark.parametrize(("understood", "given"), [(2, False), (3, True), (4, True)])
def test_a_run_goes_to_a_worker_that_understands_what_it_needs(
    db: Session, understood: int, given: bool
) -> None:
    [run_id] = run_ids(db, submit(db, [0]))
    runs.find(db, run_id).needs = 3
    enlist(db, "worker-1", understands=understood, seen_at=func.now())
    assert idle(db) == ({"cpu": 1} if given else {})
    assert (try_claim(db) is not None) == given
    assert runs.find(db, run_id).error is None


def of_a_newer_version(db: Session, run_ids: list[int]) -> None:
    """Lets the runs have a field that this version does not know."""
    newer = func.jsonb_set(Run.spec, ["a_new_field"], cast(1, JSONB))
    db.execute(update(Run).where(Run.id.in_(run_ids)).values(spec=newer))


def test_a_run_that_a_worker_cannot_read_is_left_to_those_that_can(db: Session) -> None:
    newer, known = run_ids(db, submit(db, [0, 1]))
    of_a_newer_version(db, [newer])
    assert claimed(db, 1) == [known]
    run = runs.find(db, newer)
    assert (run.status, run.attempt, run.failure) == ("queued", 0, None)
    assert run.due_at > db.scalars(select(func.now())).one()
    [waiting] = queues.list_queue(db, 10, 0, 60).runs
    assert waiting.waits.endswith("does not know the run's a_new_field; upgrade it")


def test_a_run_that_was_left_to_others_starts_like_any_once_it_is_due(db: Session) -> None:
    [newer] = run_ids(db, submit(db, [0]))
    spec = runs.find(db, newer).spec
    of_a_newer_version(db, [newer])
    assert try_claim(db) is None
    db.execute(update(Run).where(Run.id == newer).values(spec=spec, due_at=func.now()))
    assert (claim_run(db).attempt, runs.find(db, newer).error) == (1, None)


def test_many_runs_that_a_worker_cannot_read_keep_none_from_it(db: Session) -> None:
    *newer, known = run_ids(db, submit(db, list(range(250))))
    of_a_newer_version(db, newer)
    assert claimed(db, 1) == [known]


def idle(db: Session) -> dict[str, int]:
    return workers.count_idle(db, alive_seconds=60.0)


def test_hints_go_where_a_claim_would_succeed(db: Session) -> None:
    sweep = submit(db, [0, 1], resources={"device": "cuda"}, max_running=1)
    for name, kind in (("worker-1", "cpu"), ("worker-2", "cuda"), ("worker-3", "cuda")):
        enlist(db, name, device_kind=kind, seen_at=func.now())
    assert (workers.count_due(db), idle(db)) == (2, {"cuda": 2})
    claim_run(db, "worker-2")
    assert (workers.count_due(db), idle(db)) == (0, {}), "the limit is reached"
    steering.limit(db, sweep, None, "ann")
    assert (workers.count_due(db), idle(db)) == (1, {"cuda": 1})
    db.get_one(Worker, "worker-3").draining_at = func.now()
    db.flush()
    assert (workers.count_due(db), idle(db)) == (1, {})


def test_what_is_due_is_counted_once_however_many_sweeps_ask(db: Session) -> None:
    submit(db, [0])
    submit(db, [0])
    assert workers.count_due(db) == 1


def test_a_run_knows_how_many_devices_it_needs(db: Session) -> None:
    submit_sweep(db, seeds=[0], train={"steps": 10, "devices": 4})
    assert sorted(db.scalars(select(Run.devices))) == [1, 4, 4], "the base model needs one"


def test_a_comparison_of_runs_on_different_kinds_of_device_says_so(db: Session) -> None:
    sweep = submit(db, [0, 1])
    enlist(db, "on a GPU", device="cuda:0,1", device_kind="cuda")
    claim = claims.claim(db, "on a GPU", "cuda:0,1")
    assert claim is not None
    record(db, claim, graded([1, 2, 3, 4]))
    finish(db, claim)
    finish_runs(db, lambda _: [1, 2, 3, 4])
    warnings = comparisons.compare_sweep(db, sweep).warnings
    words = "Different kinds of device. cpu: grpo; cuda: grpo."
    assert any(text.startswith(words) for text in warnings)
