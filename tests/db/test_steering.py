"""The verbs of sweeps and runs: what each does, where it is refused, and that no run is lost."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db import actions, attempts, extensions, runs, steering, sweeps
from db.models import Run, RunEvent, Sweep
from db.overviews import WantedSweeps, list_sweeps
from domain.errors import Conflict
from domain.events import Checkpoint, Started
from domain.extensions import ExtensionRequest
from domain.lifecycle import LIVE, FailureClass, Retries, RunStatus
from tests.db.submitted import done, run_ids, states, submit
from tests.factories import claim_run, finish, finish_runs, record, try_claim

ALIVE = 60.0


def status(db: Session, sweep_id: int) -> str:
    return sweeps.summarise(db, sweep_id, ALIVE).status


def test_a_paused_sweep_finishes_what_runs_and_starts_nothing(db: Session) -> None:
    sweep = submit(db, [0, 1])
    claim = claim_run(db)
    steering.pause(db, sweep, "ann")
    finish(db, claim)
    assert (states(db, sweep), status(db, sweep)) == (["succeeded", "queued"], "paused")
    assert try_claim(db) is None


def test_a_drained_sweep_finishes_what_runs_and_cancels_the_rest(db: Session) -> None:
    sweep = submit(db, [0, 1])
    claim = claim_run(db)
    assert steering.drain(db, sweep, "ann", "out of time") == 1
    assert (states(db, sweep), status(db, sweep)) == (["running", "cancelled"], "draining")
    finish(db, claim)
    assert status(db, sweep) == "cancelled"
    reason = db.scalar(select(RunEvent.reason).where(RunEvent.new == RunStatus.CANCELLED))
    assert reason == f"sweep {sweep} was drained: out of time"


def test_a_run_that_a_drained_sweep_had_begun_is_finished_by_another_worker(db: Session) -> None:
    sweep = submit(db, [0])
    claim = claim_run(db)
    steering.drain(db, sweep, "ann")
    gone = attempts.Outcome(exit_code=75, drained=True)
    attempts.finish(db, claim.run_id, claim.attempt, gone, Retries())
    assert claim_run(db, "worker-2").run_id == claim.run_id


def test_a_drained_sweep_leaves_shared_runs_to_whoever_asks_for_them(db: Session) -> None:
    drained, other = submit(db, [0]), submit(db, [0])
    assert steering.drain(db, drained, "ann") == 0
    steering.pause(db, other, "ann")
    assert try_claim(db) is None, "it does not start for the drained one"
    assert steering.cancel(db, other, "ann", include_shared=False) == 1


VERBS: list[Callable[[Session, int, str], Any]] = [
    steering.pause,
    steering.drain,
    steering.archive,
    lambda db, sweep, actor: steering.cancel(db, sweep, actor, include_shared=False),
    lambda db, sweep, actor: steering.prioritise(db, sweep, 5, actor),
    lambda db, sweep, actor: steering.limit(db, sweep, 2, actor),
]


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_said_twice_is_done_once(
    db: Session, verb: Callable[[Session, int, str], Any]
) -> None:
    sweep = submit(db, [0])
    if verb is steering.archive:
        finish_runs(db, lambda _: [1, 2, 3, 4])
    verb(db, sweep, "ann")
    verb(db, sweep, "bob")
    assert len(done(db, sweep)) == 2, "submit, and the verb"


def test_what_forbids_a_verb_is_named_with_the_remedy(db: Session) -> None:
    sweep = submit(db, [0])
    with pytest.raises(Conflict, match="not finished: 1 queued; wait for its runs, drain it or"):
        steering.archive(db, sweep, "ann")
    finish_runs(db, lambda _: [1, 2, 3, 4])
    for verb in (steering.pause, steering.drain):
        with pytest.raises(Conflict, match="1 succeeded; retry or extend it first"):
            verb(db, sweep, "ann")
    with pytest.raises(Conflict, match="no failed or cancelled run: 1 succeeded"):
        steering.retry(db, sweep, "ann")
    steering.archive(db, sweep, "ann")
    for verb in (steering.pause, steering.resume, steering.drain, steering.retry):
        with pytest.raises(Conflict, match="is archived; unarchive it first"):
            verb(db, sweep, "ann")


def test_an_archived_sweep_is_listed_only_when_asked_for(db: Session) -> None:
    sweep = submit(db, [0])
    finish_runs(db, lambda _: [1, 2, 3, 4])
    steering.archive(db, sweep, "ann")

    def listed(archived: bool) -> list[int]:
        return [one.id for one in list_sweeps(db, WantedSweeps(archived=archived), ALIVE).sweeps]

    assert (listed(False), listed(True)) == ([], [sweep])
    steering.unarchive(db, sweep, "ann")
    assert (listed(False), listed(True)) == ([sweep], [])


def test_an_archived_sweep_holds_on_to_no_run(db: Session) -> None:
    first = submit(db, [0])
    finish(db, claim_run(db), FailureClass.USER_ERROR)
    steering.archive(db, first, "ann")
    second = submit(db, [0])
    assert steering.cancel(db, second, "ann", include_shared=False) == 1


def test_every_action_says_who_and_why(db: Session) -> None:
    sweep = submit(db, [0])
    steering.prioritise(db, sweep, 7, "ann", "the deadline")
    steering.limit(db, sweep, 3, "bob", "leave room")
    rows = actions.list_actions(db, "sweep", sweep, 50, 0).actions
    assert [(row.actor, row.action, row.reason) for row in rows] == [
        ("bob", "limit", "to 3: leave room"),
        ("ann", "priority", "to 7: the deadline"),
        ("local", "submit", ""),
    ]


def test_a_retried_run_starts_although_its_sweep_was_cancelled(db: Session) -> None:
    sweep = submit(db, [0, 1])
    steering.cancel(db, sweep, "ann", include_shared=False)
    one, _ = run_ids(db, sweep)
    runs.retry(db, one, "ann", "this one after all")
    assert claim_run(db).run_id == one


def test_a_run_of_an_archived_sweep_is_not_retried(db: Session) -> None:
    sweep = submit(db, [0])
    finish(db, claim_run(db), FailureClass.USER_ERROR)
    steering.archive(db, sweep, "ann")
    with pytest.raises(Conflict, match="which is archived; unarchive it first"):
        runs.retry(db, run_ids(db, sweep)[0], "ann", "again")


def saved_run(db: Session) -> attempts.Claim:
    submit(db, [0])
    claim = claim_run(db)
    start = Started(
        device="cpu", versions={}, total_steps=10, total_problems=4, step=0, lineage="first"
    )
    record(db, claim, [start, Checkpoint(step=2, path="/step-2")])
    return claim


def test_a_restarted_run_forgets_its_checkpoint(db: Session) -> None:
    claim = saved_run(db)
    runs.cancel(db, claim.run_id, "ann", "enough")
    finish(db, claim)
    runs.restart(db, claim.run_id, "ann", "from zero")
    again = claim_run(db)
    assert (again.checkpoint_step, again.lineage) == (0, None)


def test_a_queued_run_that_is_restarted_loses_its_checkpoint_and_stays_queued(db: Session) -> None:
    claim = saved_run(db)
    gone = attempts.Outcome(exit_code=75, drained=True)
    attempts.finish(db, claim.run_id, claim.attempt, gone, Retries())
    assert runs.restart(db, claim.run_id, "ann", "from zero") == RunStatus.QUEUED
    assert claim_run(db).checkpoint_step == 0


def test_a_run_is_restarted_neither_while_it_runs_nor_after_it_succeeded(db: Session) -> None:
    claim = saved_run(db)
    with pytest.raises(Conflict, match="is running; cancel it first"):
        runs.restart(db, claim.run_id, "ann", "from zero")
    finish(db, claim)
    with pytest.raises(Conflict, match="has succeeded; its result stays"):
        runs.restart(db, claim.run_id, "ann", "from zero")


def end_run(db: Session, outcome: attempts.Outcome, worker: int) -> None:
    """Ends what that worker holds, if anything."""
    held = select(Run).where(Run.worker == f"worker-{worker}", Run.status.in_(LIVE))
    if run := db.scalar(held):
        attempts.finish(db, run.id, run.attempt, outcome, Retries())


def run_at(db: Session, place: int) -> int:
    return db.scalars(select(Run.id).order_by(Run.id)).all()[place]


Step = Callable[[Session, int, int], Any]
STEPS: dict[str, Step] = {
    "pause": lambda db, sweep, _: steering.pause(db, sweep, "ann"),
    "resume": lambda db, sweep, _: steering.resume(db, sweep, "ann"),
    "drain": lambda db, sweep, _: steering.drain(db, sweep, "ann"),
    "cancel": lambda db, sweep, _: steering.cancel(db, sweep, "ann", include_shared=False),
    "stop": lambda db, sweep, _: steering.cancel(db, sweep, "ann", include_shared=True),
    "retry": lambda db, sweep, _: steering.retry(db, sweep, "ann"),
    "archive": lambda db, sweep, _: steering.archive(db, sweep, "ann"),
    "unarchive": lambda db, sweep, _: steering.unarchive(db, sweep, "ann"),
    "extend": lambda db, sweep, number: extensions.extend(
        db, sweep, ExtensionRequest(seeds=[number]), "ann"
    ),
    "cancel run": lambda db, _, number: runs.cancel(db, run_at(db, number), "ann", "x"),
    "retry run": lambda db, _, number: runs.retry(db, run_at(db, number), "ann", "x"),
    "restart run": lambda db, _, number: runs.restart(db, run_at(db, number), "ann", "x"),
    "claim": lambda db, _, number: try_claim(db, f"worker-{number}"),
    "succeed": lambda db, _, number: end_run(db, attempts.Outcome(0), number),
    "fail": lambda db, _, number: end_run(
        db, attempts.Outcome(65, FailureClass.BAD_DATA, "x"), number
    ),
    "hand back": lambda db, _, number: end_run(db, attempts.Outcome(75, drained=True), number),
}


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 2)), min_size=10, max_size=30)
)
def test_whatever_is_done_no_run_is_lost(db: Session, steps: list[tuple[str, int]]) -> None:
    """Three sweeps, two that share a cell, are steered and worked on; then all pauses are lifted.

    Every queued run has a sweep that asks for it, and starts.
    """
    with db.begin_nested() as before:
        ids = [submit(db, seeds) for seeds in ([0], [0, 1], [2])]
        for verb, number in steps:
            with suppress(Conflict), db.begin_nested():
                STEPS[verb](db, ids[number], number)
        queued = set(db.scalars(select(Run.id).where(Run.status == RunStatus.QUEUED)))
        db.execute(update(Sweep).values(paused_at=None))
        started = (try_claim(db, f"fresh-{number}") for number in range(len(queued)))
        assert {claim.run_id for claim in started if claim} == queued
        before.rollback()
    db.expire_all()
