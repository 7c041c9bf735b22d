"""What must be true of the rows at the end, asked in SQL: each question answers what is wrong."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from domain.lifecycle import MOVES
from tests.chaos.trainer import EVERY, POISON
from tests.chaos.users import QUIET

EDGES = ", ".join(f"('{old}', '{new}')" for old, news in MOVES.items() for new in news)

QUESTIONS = {
    "a transition that is no edge": f"""
        SELECT run_id || ': ' || old || ' -> ' || new FROM referee.moves
        WHERE old IS NOT NULL AND old <> new AND (old, new) NOT IN ({EDGES})
    """,
    "a transition that starts elsewhere than the last one ended": """
        SELECT run_id || ': ' || coalesce(old, 'none') || ' after ' || before FROM (
            SELECT run_id, old, lag(new) OVER (PARTITION BY run_id ORDER BY id) AS before
            FROM referee.moves) AS steps
        WHERE old IS DISTINCT FROM before
    """,
    "an attempt that did not grow by one at a claim, or grew elsewhere": """
        SELECT run_id || ': ' || old || ' -> ' || new || ', attempt ' || new_attempt
        FROM referee.moves WHERE old IS NOT NULL
        AND new_attempt <> old_attempt + (old = 'queued' AND new = 'running')::int
    """,
    "a transition without its event, or an event without its transition": """
        SELECT coalesce(m.run_id, e.run_id) || ': ' || coalesce(m.new, e.new)
        FROM (SELECT *, row_number() OVER (PARTITION BY run_id ORDER BY id) AS n
              FROM referee.moves) AS m
        FULL JOIN (SELECT *, row_number() OVER (PARTITION BY run_id ORDER BY id) AS n
                   FROM run_events) AS e
        ON (m.run_id, m.n, m.new, m.new_attempt) = (e.run_id, e.n, e.new, e.attempt)
        WHERE m.run_id IS NULL OR e.run_id IS NULL
    """,
    "a row accepted from an attempt that did not own its run": """
        SELECT run_id || ': ' || kind || ' of ' || attempt || ' under ' || owner || ', ' || status
        FROM referee.stale
    """,
    "a row of an attempt that never was": """
        SELECT DISTINCT m.run_id || ': attempt ' || m.attempt FROM metrics AS m
        LEFT JOIN attempts AS a ON (a.run_id, a.number) = (m.run_id, m.attempt)
        WHERE a.run_id IS NULL
    """,
    "a success without exactly one attempt that succeeded": """
        SELECT r.id || ': ' || count(a.run_id) FROM runs AS r
        LEFT JOIN attempts AS a ON a.run_id = r.id AND a.outcome = 'succeeded'
        WHERE r.status = 'succeeded' GROUP BY r.id HAVING count(a.run_id) <> 1
    """,
    "an attempt that never ended": """
        SELECT run_id || ': attempt ' || number FROM attempts WHERE ended_at IS NULL
    """,
    "a success that lacks points, or has too many": """
        SELECT r.id || ': ' || count(m.step) || ' points up to ' || coalesce(max(m.step), 0)
        FROM runs AS r LEFT JOIN metrics AS m ON m.run_id = r.id AND m.name = 'state'
        WHERE r.status = 'succeeded' GROUP BY r.id
        HAVING count(m.step) <> r.total_steps OR max(m.step) <> r.total_steps OR min(m.step) <> 1
    """,
    "a success that lacks grades, or has too many": """
        SELECT r.id || ': ' || count(g.problem) FROM runs AS r
        LEFT JOIN grades AS g ON g.run_id = r.id AND g.step = r.total_steps
        WHERE r.status = 'succeeded' GROUP BY r.id
        HAVING count(g.problem) <> (r.spec #>> '{eval,problems}')::int
    """,
    "a run that ended otherwise than it should": f"""
        SELECT id || ' (seed ' || seed || '): ' || status || coalesce(', ' || error, '') FROM runs
        WHERE status NOT IN ('cancelled', CASE WHEN seed % {EVERY} = {POISON}
                                          THEN 'failed' ELSE 'succeeded' END)
    """,
}

TWINS = """
SELECT one.id AS one, two.id AS two FROM runs AS one
JOIN runs AS two ON two.seed = one.seed
    AND (two.spec #>> '{train,learning_rate}')::float = :quiet AND two.id <> one.id
WHERE (one.spec #>> '{train,learning_rate}')::float <> :quiet
    AND one.status = 'succeeded'
"""
UNLIKE = f"""
WITH twins AS ({TWINS}), said AS (
    SELECT run_id, name || '@' || step AS what, value::text AS it FROM metrics
    UNION ALL
    SELECT run_id, 'grade ' || problem || '@' || step, c || '/' || n FROM grades
), whole AS (
    SELECT run_id, string_agg(what || '=' || it, ';' ORDER BY what) AS words
    FROM said GROUP BY run_id)
SELECT twins.one || ' and its twin ' || twins.two FROM twins
LEFT JOIN whole AS one ON one.run_id = twins.one
LEFT JOIN whole AS two ON two.run_id = twins.two
WHERE one.words IS NULL OR one.words IS DISTINCT FROM two.words
"""
SINCE = """
SELECT new FROM referee.moves WHERE run_id = :run_id AND at >= :at
AND new IN ('succeeded', 'failed', 'cancelled') ORDER BY id LIMIT 1
"""


def ask_all(connection: Connection) -> dict[str, list[str]]:
    """What is wrong, by question; nothing where all is well."""
    answers = {name: list(connection.scalars(text(sql))) for name, sql in QUESTIONS.items()}
    return {name: found for name, found in answers.items() if found}


def compare_twins(connection: Connection) -> tuple[int, list[str]]:
    """How many runs have an undisturbed twin, and those that differ from it in any value."""
    given = {"quiet": QUIET}
    pairs = connection.scalar(text(f"SELECT count(*) FROM ({TWINS}) AS twins"), given) or 0
    return pairs, list(connection.scalars(text(UNLIKE), given))


def broken_cancels(connection: Connection, cancels: Sequence[tuple[int, datetime]]) -> list[str]:
    """Acknowledged cancels after which the run first ended as something else."""
    broken = []
    for run_id, at in cancels:
        end = connection.scalar(text(SINCE), {"run_id": run_id, "at": at})
        if end != "cancelled":
            broken.append(f"run {run_id} ended as {end} after its cancel")
    return broken


def count_overlaps(log: Path) -> int:
    """Pairs of attempts of one run whose trainers worked at the same time; one was a zombie."""
    spans: dict[tuple[str, str], tuple[float, float]] = {}
    for line in log.read_text().splitlines():
        at, run, attempt, _, _ = line.split()
        first, last = spans.get((run, attempt), (float(at), float(at)))
        spans[run, attempt] = (min(first, float(at)), max(last, float(at)))
    by_run: dict[str, list[tuple[float, float]]] = {}
    for (run, _), span in spans.items():
        by_run.setdefault(run, []).append(span)
    return sum(
        one[0] < two[1] and two[0] < one[1]
        for found in by_run.values()
        for number, one in enumerate(found)
        for two in found[:number]
    )
