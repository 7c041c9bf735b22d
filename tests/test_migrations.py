"""The migrations have one head, lead to the tables of the code, and lead back."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, NullPool, Table, create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from domain.lifecycle import FINAL, MOVES, RunStatus
from tests.conftest import CreateDatabase, migrations

PAIRS = [pair for pair in product(RunStatus, RunStatus) if pair[0] != pair[1]]

ROWS = """
INSERT INTO runs (content_hash, spec, seed, status) VALUES
    ('one', '{"train": {"devices": 2}}', 0, 'queued'),
    ('two', '{"train": {"steps": 5}}', 0, 'queued'),
    ('three', '{"train": {"devices": 2}}', 0, 'succeeded'),
    ('four', '{"train": {"keep_every": 5}}', 0, 'queued'),
    ('five', '{"train": null, "analysis": {"step": 0}}', 0, 'queued'),
    ('six', '{"train": {"keep_every": 5}}', 0, 'running');
INSERT INTO sweeps (name, owner, spec, baseline) VALUES ('sweep', 'ada', '{}', 'grpo');
INSERT INTO arms (sweep_id, position, name, template, method) VALUES (1, 0, 'grpo', 'grpo', '{}');
INSERT INTO arm_runs (arm_id, seed, run_id) VALUES (1, 0, 1);
INSERT INTO workers (name, host, device, device_kind, pid)
    VALUES ('worker-1', 'here', 'cpu:0', 'cpu', 1);
INSERT INTO attempts (run_id, number, worker, device) VALUES (3, 1, 'worker-1', 'cpu:0');
INSERT INTO metrics (run_id, name, step, value, attempt) VALUES (3, 'loss', 1, 'Infinity', 1);
INSERT INTO grades (run_id, step, problem, n, c, truncated, unparsable, attempt)
    VALUES (3, 5, 0, 8, 4, 0, 0, 1);
INSERT INTO rollouts
    (run_id, step, index, problem, prompt, tokens, entropies, advantages, psi, reward, attempt)
    VALUES (3, 1, 0, '1', '1 =', '{1}', '{0.5}', '{1}', '{0.1}', 1, 1);
INSERT INTO run_events (run_id, new, attempt, actor, reason)
    VALUES (1, 'queued', 0, 'ada', 'asked for');
"""


def table_names(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(migrations("")).get_heads()) == 1


def test_the_migrations_make_the_tables_of_the_code(database_url: str) -> None:
    command.check(migrations(database_url))


def test_the_migrations_lead_down_and_up_again(empty_database: CreateDatabase) -> None:
    url = empty_database()
    command.upgrade(migrations(url), "head")
    before = table_names(url)
    command.downgrade(migrations(url), "base")
    assert table_names(url) == {"alembic_version"}
    command.upgrade(migrations(url), "head")
    assert table_names(url) == before


def test_a_second_start_waits_for_the_migration_of_the_first(
    empty_database: CreateDatabase,
) -> None:
    """For longer than a migration may wait for a table: it is a whole migration that it awaits."""
    url = empty_database()
    engine = create_engine(url)
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as first:
            first.execute(text("SELECT pg_advisory_xact_lock(x'464F524B'::int)"))
            second = pool.submit(command.upgrade, migrations(url), "head")
            with pytest.raises(TimeoutError):
                second.result(timeout=6)
        second.result(timeout=60)
    engine.dispose()
    assert "runs" in table_names(url)


def test_a_migration_soon_gives_up_on_a_table_that_is_held(empty_database: CreateDatabase) -> None:
    """Else everybody else would wait behind it for as long."""
    url = empty_database()
    command.upgrade(migrations(url), "0005")
    engine = create_engine(url)
    with engine.begin() as first:
        first.execute(text("LOCK TABLE sweeps"))
        with pytest.raises(OperationalError, match="lock timeout"):
            command.upgrade(migrations(url), "head")
    engine.dispose()


def read_rows(engine: Engine, tables: Iterable[Table]) -> dict[str, list[tuple[object, ...]]]:
    """In the columns that the tables are known with."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in tables
        }


def test_rows_of_an_older_version_survive_the_way_up_and_down_and_up_again(
    empty_database: CreateDatabase,
) -> None:
    url = empty_database()
    command.upgrade(migrations(url), "0005")
    engine, known = create_engine(url, poolclass=NullPool), MetaData()
    known.reflect(engine, only=lambda name, _: not name.startswith(("alembic", "metrics_p")))
    with engine.begin() as connection:
        connection.exec_driver_sql(ROWS)
    before = read_rows(engine, known.sorted_tables)
    assert all(before.values()), "a table without rows proves nothing"
    command.upgrade(migrations(url), "head")
    assert read_rows(engine, known.sorted_tables) == before
    with engine.connect() as connection:
        devices = connection.execute(text("SELECT devices FROM runs ORDER BY id"))
        assert devices.scalars().all() == [2, 1, 1, 1, 1, 1], "what has ended stays"
        needs = connection.execute(text("SELECT needs FROM runs ORDER BY id"))
        assert needs.scalars().all() == [1, 1, 1, 2, 2, 2]
    command.downgrade(migrations(url), "0005")
    command.upgrade(migrations(url), "head")
    assert read_rows(engine, known.sorted_tables) == before


def insert_run(db: Session, status: RunStatus) -> int:
    run_id = db.scalar(
        text(
            "INSERT INTO runs (content_hash, spec, seed, status) "
            "VALUES ('hash', '{}', 0, :status) RETURNING id"
        ),
        {"status": status},
    )
    assert isinstance(run_id, int)
    return run_id


def move(db: Session, run_id: int, new: RunStatus, attempt: int) -> None:
    db.execute(
        text("UPDATE runs SET status = :new, attempt = :attempt WHERE id = :id"),
        {"new": new, "attempt": attempt, "id": run_id},
    )


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_database_allows_exactly_the_moves_of_the_domain(
    db: Session, old: RunStatus, new: RunStatus
) -> None:
    run_id = insert_run(db, old)
    attempt = 1 if (old, new) == (RunStatus.QUEUED, RunStatus.RUNNING) else 0
    if new in MOVES[old]:
        move(db, run_id, new, attempt)
    else:
        with pytest.raises(IntegrityError, match="not a legal move"):
            move(db, run_id, new, attempt)


@pytest.mark.parametrize("status", sorted(FINAL))
def test_a_final_run_does_not_change(db: Session, status: RunStatus) -> None:
    run_id = insert_run(db, status)
    with pytest.raises(IntegrityError, match="a final run does not change"):
        db.execute(text("UPDATE runs SET step = 1 WHERE id = :id"), {"id": run_id})


@pytest.mark.parametrize("attempt", [0, 2])
def test_a_claim_raises_the_attempt_by_one(db: Session, attempt: int) -> None:
    run_id = insert_run(db, RunStatus.QUEUED)
    with pytest.raises(IntegrityError, match="is not allowed here"):
        move(db, run_id, RunStatus.RUNNING, attempt)


def test_nothing_else_raises_the_attempt(db: Session) -> None:
    run_id = insert_run(db, RunStatus.RUNNING)
    with pytest.raises(IntegrityError, match="is not allowed here"):
        move(db, run_id, RunStatus.SUCCEEDED, 1)
