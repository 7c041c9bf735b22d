"""What has changed since a moment: told at least once, whatever commits in which order."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, insert, select, update

from db import analyses, attempts, changes, members, queues, runs, steering, workers
from db.changes import News, read_news
from db.models import Action, Run, RunEvent
from db.sessions import transaction
from db.workers import Identity
from domain.catalogue import find_shipped
from domain.inquiries import SweepInquiry
from tests.factories import claim_run, finish, metrics, record, submit_sweep

ALIVE = 60.0


@pytest.fixture
def sweep(emptied: Engine) -> int:
    with transaction(emptied) as db:
        return submit_sweep(db)


def moment(engine: Engine) -> int:
    with transaction(engine) as db:
        return changes.read_moment(db).oldest


def ids(engine: Engine) -> list[int]:
    with transaction(engine) as db:
        return list(db.scalars(select(Run.id).order_by(Run.id)))


def news(engine: Engine, since: int | None) -> News:
    with transaction(engine) as db:
        return read_news(db, since, ALIVE)


def test_a_run_that_moved_is_news_once(emptied: Engine, sweep: int) -> None:
    before, first_run = moment(emptied), ids(emptied)[0]
    with transaction(emptied) as db:
        runs.cancel(db, first_run, "ann", "")
    found = news(emptied, before)
    assert [(run.sweep_id, run.status) for run in found.runs] == [(sweep, "cancelled")]
    assert news(emptied, found.moment.oldest).runs == []


def test_an_analysis_that_moved_is_news_of_the_sweep_that_asks_for_it(
    emptied: Engine, sweep: int
) -> None:
    before = moment(emptied)
    with transaction(emptied) as db:
        analyses.ask(db, sweep, SweepInquiry(steps=[0]), "ann", find_shipped)
    [run] = news(emptied, before).runs
    assert (run.sweep_id, run.arm, run.analysed_step) == (sweep, "untrained", 0)


def test_what_commits_late_is_not_missed(emptied: Engine, sweep: int) -> None:
    """It took its number, of a row and of a transaction, before what was told meanwhile."""
    first, second, *_ = ids(emptied)
    with transaction(emptied) as slow:
        runs.cancel(slow, first, "slow", "")
        with transaction(emptied) as quick:
            runs.cancel(quick, second, "quick", "")
        told = news(emptied, 0)
        assert first not in {run.id for run in told.runs if run.status == "cancelled"}
    late = news(emptied, told.moment.oldest)
    assert first in {run.id for run in late.runs}


def test_what_is_live_is_told_with_a_pulse_that_beats_when_it_records(
    emptied: Engine, sweep: int
) -> None:
    with transaction(emptied) as db:
        claim = claim_run(db)
    pulses = [pulse(emptied)]
    with transaction(emptied) as db:
        record(db, claim, [metrics(1, {"loss": 1.0})])
    pulses.append(pulse(emptied))
    with transaction(emptied) as db:
        attempts.beat(db, claim.run_id, claim.attempt, 1, "training")
    pulses.append(pulse(emptied))
    assert pulses[0] != pulses[1] == pulses[2]


def pulse(engine: Engine) -> str:
    [run] = news(engine, moment(engine)).runs
    return run.pulse


def test_a_steered_sweep_is_news_and_so_is_a_run_that_was_moved_in_the_queue(
    emptied: Engine, sweep: int
) -> None:
    before, last = moment(emptied), ids(emptied)[-1]
    with transaction(emptied) as db:
        steering.pause(db, sweep, "ann", "")
        queues.reorder(db, last, "first", "ann", "")
    found = news(emptied, before)
    assert list(found.sweeps) == [sweep]
    assert [run.id for run in found.runs] == [last]


def test_a_worker_that_comes_or_is_drained_changes_the_digest(emptied: Engine) -> None:
    digests = [news(emptied, None).workers]
    one = Identity(name="w", host="here", device="cpu:0", device_kind="cpu", pid=1)
    for act in (
        lambda db: workers.register(db, one),
        lambda db: workers.see(db, one),
        lambda db: workers.drain(db, "w", "ann", ""),
    ):
        with transaction(emptied) as db:
            act(db)
        digests.append(news(emptied, None).workers)
    assert digests[0] != digests[1] == digests[2] != digests[3]


def test_of_very_much_only_the_latest_is_told_and_since_when(emptied: Engine, sweep: int) -> None:
    before, run_id = moment(emptied), ids(emptied)[0]
    with transaction(emptied) as db:
        rows = [{"run_id": run_id, "new": "queued", "attempt": 0}] * changes.MOST_EVENTS
        db.execute(insert(RunEvent).values(actor="many", reason=""), rows)
    after = moment(emptied)
    found = news(emptied, before)
    assert before < found.since <= after
    assert news(emptied, after).since == after


def test_numbers_that_another_database_gave_are_not_news(emptied: Engine, sweep: int) -> None:
    """A restored one brings rows from transactions that have not been here yet."""
    with transaction(emptied) as db:
        db.execute(update(RunEvent).values(transaction=2**40))
    assert news(emptied, moment(emptied)).runs == []


def test_a_sweeps_runs_can_be_asked_for_by_what_changed(emptied: Engine, sweep: int) -> None:
    with transaction(emptied) as db:
        cursor = members.list_runs(db, sweep).cursor
        claim = claim_run(db)
    with transaction(emptied) as db:
        later = members.list_runs(db, sweep, int(cursor))
        assert [(run.id, run.status) for run in later.runs] == [(claim.run_id, "running")]
        finish(db, claim)
    with transaction(emptied) as db:
        last = members.list_runs(db, sweep, int(later.cursor))
        assert [(run.id, run.status) for run in last.runs] == [(claim.run_id, "succeeded")]
        assert members.list_runs(db, sweep, int(last.cursor)).runs == []
        assert len(members.list_runs(db, sweep, 2**40).runs) == 5, "of another database"


def test_without_a_moment_what_happened_just_now_is_told(emptied: Engine, sweep: int) -> None:
    """A page has read what it shows a little before it listens."""
    assert len(news(emptied, None).runs) == 5
    with transaction(emptied) as db:
        db.execute(update(RunEvent).values(at=func.now() - timedelta(seconds=60)))
        db.execute(update(Action).values(at=func.now() - timedelta(seconds=60)))
    found = news(emptied, None)
    assert (found.runs, found.sweeps) == ([], {})
