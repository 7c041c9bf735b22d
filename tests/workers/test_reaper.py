"""When silence is death, and when it is only the reaper that heard nothing."""

import time

import pytest
from sqlalchemy import Engine, func, text

from db import attempts, runs
from db.sessions import OUTAGES, open_engine, transaction
from domain.lifecycle import Retries, RunStatus
from tests.factories import claim_run, submit_sweep
from workers.reaper import Reaper

ALIVE = 0.2


@pytest.fixture
def claim(engine: Engine) -> attempts.Claim:
    with transaction(engine) as db:
        submit_sweep(db)
        return claim_run(db)


def status(engine: Engine, claim: attempts.Claim) -> str:
    with transaction(engine) as db:
        return runs.find(db, claim.run_id).status


def test_a_run_first_seen_now_is_alive_however_old_its_heartbeat(
    engine: Engine, claim: attempts.Claim
) -> None:
    with transaction(engine) as db:
        runs.find(db, claim.run_id).heartbeat_at = func.make_timestamptz(2000, 1, 1, 0, 0, 0)
    assert Reaper(engine, ALIVE, Retries()).look() == []


def test_a_silent_run_is_taken_back(engine: Engine, claim: attempts.Claim) -> None:
    reaper = Reaper(engine, ALIVE, Retries())
    reaper.look()
    time.sleep(ALIVE * 1.5)
    assert reaper.look() == [claim.run_id]
    assert status(engine, claim) == RunStatus.QUEUED


def test_a_run_that_beats_is_left_alone(engine: Engine, claim: attempts.Claim) -> None:
    reaper = Reaper(engine, ALIVE, Retries())
    for _ in range(4):
        reaper.look()
        time.sleep(ALIVE * 0.6)
        with transaction(engine) as db:
            attempts.beat(db, claim.run_id, claim.attempt, 1, "training")
    assert reaper.look() == []


def test_after_an_outage_every_run_has_its_whole_time_again(
    engine: Engine, claim: attempts.Claim
) -> None:
    reaper = Reaper(engine, ALIVE, Retries())
    reaper.look()
    reaper.engine = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    with pytest.raises(OUTAGES):
        reaper.look()
    reaper.engine = engine
    time.sleep(ALIVE * 1.5)
    assert reaper.look() == [], "what was seen before the outage is forgotten"
    assert status(engine, claim) == RunStatus.RUNNING


def test_two_reapers_take_a_run_once(engine: Engine, claim: attempts.Claim) -> None:
    one, two = (Reaper(engine, ALIVE, Retries()) for _ in range(2))
    one.look()
    two.look()
    time.sleep(ALIVE * 1.5)
    assert [one.look(), two.look()] == [[claim.run_id], []]
    with transaction(engine) as db:
        assert runs.find(db, claim.run_id).restarts == 1
        assert db.scalar(text("SELECT count(*) FROM run_events WHERE actor = 'reaper'")) == 1
