"""Which runs of a sweep kept completions, at which steps and of which problems.

A sweep may have ten thousand runs with a hundred and more completions each: nothing here reads
them all. Steps are found by an index probe for each, in one run of each length; what is kept at
a step by a probe for each run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from db.sweeps import require_sweep
from domain.rollouts import CORRECT, problem_key

# Runs of equal length keep the same steps, so that one that got furthest stands for all of them.
STEPS = text(
    """
    WITH RECURSIVE furthest AS (
        SELECT DISTINCT ON (runs.total_steps) runs.id
        FROM arms JOIN arm_runs ON arm_runs.arm_id = arms.id JOIN runs ON runs.id = arm_runs.run_id
        WHERE arms.sweep_id = :sweep_id AND runs.attempt > 0
        ORDER BY runs.total_steps, runs.step DESC, runs.id
    ), known(run_id, step) AS (
        SELECT id, (SELECT min(step) FROM rollouts WHERE rollouts.run_id = furthest.id)
        FROM furthest
        UNION ALL
        SELECT run_id, (
            SELECT min(step) FROM rollouts
            WHERE rollouts.run_id = known.run_id AND rollouts.step > known.step
        )
        FROM known WHERE step IS NOT NULL
    )
    SELECT DISTINCT step FROM known WHERE step IS NOT NULL ORDER BY step
    """
)

# LIMIT keeps the planner from reading the whole table in place of a few rows for each run.
AT_STEP = text(
    """
    SELECT arm_runs.run_id, arms.name AS arm, arm_runs.seed, problem, count(*) AS completions,
        count(*) FILTER (WHERE reward = :correct) AS correct
    FROM arms JOIN arm_runs ON arm_runs.arm_id = arms.id, LATERAL (
        SELECT problem, reward, index FROM rollouts
        WHERE rollouts.run_id = arm_runs.run_id AND step = :step
        ORDER BY index LIMIT :most
    ) AS kept
    WHERE arms.sweep_id = :sweep_id
        AND (CAST(:seed AS bigint) IS NULL OR arm_runs.seed = :seed)
    GROUP BY arms.position, arms.name, arm_runs.seed, arm_runs.run_id, problem
    ORDER BY arms.position, arm_runs.seed, min(index)
    """
)
MOST_IN_A_RUN = 1000


@dataclass(frozen=True)
class KeptProblem:
    key: str
    problem: str


@dataclass(frozen=True)
class KeptGroup:
    """Of the completions of the problem with that `key`, so many were correct."""

    key: str
    completions: int
    correct: int


@dataclass(frozen=True)
class KeptRun:
    run_id: int
    arm: str
    seed: int
    groups: list[KeptGroup]


@dataclass(frozen=True)
class RolloutIndex:
    """`steps` are those of any run; `problems` and `runs` are of `step` alone."""

    steps: list[int]
    step: int | None
    problems: list[KeptProblem]
    runs: list[KeptRun]


def read(db: Session, sweep_id: int, step: int | None, seed: int | None) -> RolloutIndex:
    """What its runs of that seed, or all, keep at a step, by default the last. Raises NotFound."""
    require_sweep(db, sweep_id)
    steps = list(db.scalars(STEPS, {"sweep_id": sweep_id}))
    shown = step if step is not None else max(steps, default=None)
    asked = {"sweep_id": sweep_id, "step": shown, "seed": seed}
    rows = db.execute(AT_STEP, asked | {"correct": CORRECT, "most": MOST_IN_A_RUN}).all()
    problems = {row.problem: problem_key(row.problem) for row in rows}
    return RolloutIndex(
        steps=steps,
        step=shown,
        problems=[KeptProblem(key, problem) for problem, key in problems.items()],
        runs=list(by_run(rows, problems)),
    )


def by_run(rows: Iterable[Row[*tuple[Any, ...]]], problems: dict[str, str]) -> Iterable[KeptRun]:
    for (run_id, arm, seed), found in groupby(rows, lambda row: (row.run_id, row.arm, row.seed)):
        groups = [KeptGroup(problems[row.problem], row.completions, row.correct) for row in found]
        yield KeptRun(run_id, arm, seed, groups)
