"""The queue: its order, and why each run in it waits."""

import pytest
from sqlalchemy import func
from sqlalchemy.orm import Session

from db import queues, runs, steering
from domain.errors import Conflict
from domain.lifecycle import FailureClass
from tests.db.submitted import run_ids, submit
from tests.factories import claim_run, enlist, finish

ALIVE = 60.0


def test_only_a_queued_run_has_a_place_in_the_queue(db: Session) -> None:
    submit(db, [0])
    claim = claim_run(db)
    with pytest.raises(Conflict, match="is running; only queued runs have a place"):
        queues.reorder(db, claim.run_id, "first", "ann")


def waits(db: Session) -> list[str]:
    return [run.waits for run in queues.list_queue(db, 50, 0, ALIVE).runs]


def test_the_queue_says_why_each_run_waits(db: Session) -> None:
    paused = submit(db, [0])
    submit(db, [1], priority=1, resources={"device": "cuda", "memory_gb": 24})
    limited = submit(db, [2, 3], priority=9, max_running=1)
    assert set(waits(db)) == {"no worker takes runs: none is alive, or all are draining or parked"}
    claim_run(db)
    enlist(db, "worker-2", seen_at=func.now())
    assert waits(db) == [
        f"sweep {limited} has reached its limit of 1 running",
        "no worker fits: needs a cuda device with 24 GB",
        "waits for a worker to be free",
    ]
    steering.pause(db, paused, "ann")
    assert waits(db)[-1] == f"sweep {paused} is paused"


def test_the_queue_says_what_workers_must_understand(db: Session) -> None:
    [run_id] = run_ids(db, submit(db, [0], resources={"device": "cuda"}))
    runs.find(db, run_id).needs = 3
    enlist(db, "worker-1", understands=3, seen_at=func.now())
    enlist(db, "worker-2", understands=2, device_kind="cuda", seen_at=func.now())
    assert waits(db) == ["no worker that fits understands version 3 of runs; update the workers"]
    enlist(db, "worker-3", understands=3, device_kind="cuda", seen_at=func.now())
    assert waits(db) == ["waits for a worker to be free"]


def test_the_queue_counts_the_other_sweeps_that_still_ask_for_a_run(db: Session) -> None:
    submit(db, [0])
    gone = submit(db, [0, 1])
    submit(db, [0])

    def others() -> list[int]:
        return sorted(run.others for run in queues.list_queue(db, 50, 0, ALIVE).runs)

    assert others() == [0, 2]
    steering.cancel(db, gone, "ann", include_shared=False)
    assert others() == [1]


def test_a_run_that_failed_waits_for_its_time(db: Session) -> None:
    submit(db, [0])
    finish(db, claim_run(db), FailureClass.CRASHED)
    [words] = waits(db)
    assert words.startswith("due later, at ")


def test_the_queue_is_in_the_order_of_the_claims(db: Session) -> None:
    submit(db, [0, 1, 2])
    submit(db, [1, 10, 11], priority=1)
    submit(db, [20, 21], priority=1)
    queues.reorder(db, queues.list_queue(db, 1, 0, ALIVE).runs[0].run_id, "last", "ann")
    expected = [run.run_id for run in queues.list_queue(db, 50, 0, ALIVE).runs]
    assert len(expected) == 7
    assert [claim_run(db, f"worker-{number}").run_id for number in range(7)] == expected
