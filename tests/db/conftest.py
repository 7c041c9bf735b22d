"""One database for tests that commit: emptied before each, which is quicker than one each."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, delete, select

from db import outsiders
from db.attempts import Claim
from db.models import Run
from db.sessions import open_engine, transaction
from tests.conftest import CreateDatabase
from tests.db.steps import ONE_ARM
from tests.factories import claim_run, enlist, submit_sweep


@pytest.fixture(scope="session")
def kept_engine(migrated_database: CreateDatabase) -> Iterator[Engine]:
    """FORKPOINT_TEST_KEPT names one that is there already; see tests/db/test_mutants.py."""
    engine = open_engine(os.environ.get("FORKPOINT_TEST_KEPT") or migrated_database())
    yield engine
    engine.dispose()


@pytest.fixture
def emptied(kept_engine: Engine) -> Engine:
    with transaction(kept_engine) as db:
        for table in reversed(outsiders.ApiKey.metadata.sorted_tables):
            db.execute(delete(table))
    return kept_engine


@pytest.fixture
def queued(emptied: Engine) -> int:
    """A run that is due, and two idle workers."""
    with transaction(emptied) as db:
        submit_sweep(db, seeds=[0], arms=ONE_ARM)
        enlist(db, "worker-1")
        enlist(db, "worker-2")
        return db.scalars(select(Run.id)).one()


@pytest.fixture
def claim(emptied: Engine, queued: int) -> Claim:
    with transaction(emptied) as db:
        return claim_run(db)
