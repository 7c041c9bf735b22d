"""A report on results that are written out, with what a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.catalogue import MODELS, TASKS
from domain.comparisons import compare
from domain.lifecycle import RunStatus
from domain.reports import Report, ReportedRun, Setup
from domain.results import ArmResults, SweepResults
from domain.runs import EvalSettings
from tests.domain.graded import arm, base, sweep

GRPO = arm("grpo", {0: [1, 2, 3], 1: [1, 2, 2]})
SHAPED = arm("shaped", {0: [2, 2, 3], 1: [1, 3, 2]})


def report(*arms: ArmResults, **changes: Any) -> Report:
    results: SweepResults = sweep(*(arms or (base([0, 1, 1]), GRPO, SHAPED)))
    model, task = MODELS["countdown-tiny"], TASKS["countdown"]
    found = Report(
        made_at=datetime(2026, 11, 23, tzinfo=UTC),
        sweep_id=1,
        name="does shaping help",
        question="",
        owner="local",
        spec={"seeds": [0, 1]},
        setup=Setup(
            model.name, model.version, task.name, task.version, EvalSettings(problems=3), {}
        ),
        confirms=None,
        confirmations=(),
        results=results,
        comparison=compare(results),
        runs=(run(RunStatus.SUCCEEDED),),
        trajectories=(),
        courses=(),
    )
    return replace(found, **changes)


def run(status: RunStatus, is_current: bool = True) -> ReportedRun:
    return ReportedRun(1, "grpo", 0, status, 1, "ab" * 32, 60.0, None, is_current)
