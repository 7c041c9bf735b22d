"""The words of a report follow from its data by the stated rules, and from nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.catalogue import MODELS, TASKS
from domain.comparisons import compare
from domain.contrasts import ArmResults, SweepResults
from domain.lifecycle import RunStatus
from domain.reports import (
    Related,
    Report,
    ReportedRun,
    Setup,
    describe_state,
    foremost,
    is_current,
    list_caveats,
    list_settings,
    own_settings,
    shown_ks,
    thin,
)
from domain.runs import EvalSettings, RunSpec, TrainSettings, content_hash
from domain.trajectories import Course
from tests.domain.test_comparisons import arm, base, sweep

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


def setting(found: Report, topic: str, name: str) -> str:
    return next(one.value for one in list_settings(found)[topic] if one.name == name)


def mentions(sentences: Sequence[str], words: str) -> bool:
    return any(words in sentence for sentence in sentences)


def test_the_state_counts_runs_and_says_whether_more_come() -> None:
    done, queued = run(RunStatus.SUCCEEDED), run(RunStatus.QUEUED)
    assert describe_state([done, done]) == "Finished: 2 succeeded of 2 runs."
    assert describe_state([queued, done]) == "Unfinished: 1 queued, 1 succeeded of 2 runs."


def test_the_setting_says_what_counts_as_correct_by_the_version_that_ran() -> None:
    found = report()
    assert setting(found, "Model and task", "correct") == TASKS["countdown"].correct
    other = replace(found, setup=replace(found.setup, task_version="0-old"))
    assert "knows another one" in setting(other, "Model and task", "correct")
    assert setting(other, "Model and task", "task") == "countdown, version 0-old"


def test_settings_that_differ_between_arms_stand_with_the_arms() -> None:
    longer = arm("longer", {0: [1, 1, 1]}, steps=20)
    found = report(GRPO, longer)
    names = [one.name for one in list_settings(found)["Training"]]
    assert "steps" not in names
    assert "learning rate" in names
    assert own_settings(found)["longer"] == "alpha 1, kappa 2, form additive, steps 20"
    assert own_settings(found)["grpo"] == "steps 10"


def test_which_replica_an_arm_is_stands_with_its_parameters() -> None:
    again = replace(GRPO, name="grpo/replica=1", template="grpo")
    assert own_settings(report(GRPO, again))["grpo/replica=1"] == "replica 1"


def test_runs_of_another_recipe_are_counted() -> None:
    old = run(RunStatus.SUCCEEDED, is_current=False)
    found = setting(report(runs=(old, run(RunStatus.SUCCEEDED))), "Model and task", "recipe")
    assert "1 run came from another one" in found


def test_a_run_is_current_when_todays_recipe_gives_its_hash() -> None:
    spec = RunSpec(
        model="m",
        model_version="1",
        task="t",
        task_version="1",
        method=GRPO.method,
        train=TrainSettings(),
        eval=EvalSettings(),
        seed=0,
    )
    written = spec.model_dump(mode="json")
    assert is_current(written, content_hash(spec))
    assert not is_current(written, "0" * 64)
    assert not is_current(written | {"gone": 1}, content_hash(spec))


def test_the_tables_show_one_eight_the_chosen_and_the_largest_k() -> None:
    comparison = compare(sweep(GRPO), 2)
    assert shown_ks(comparison) == [1, 2, 4]


@pytest.mark.parametrize("count", [1, 64, 256, 4096])
def test_thinned_ks_keep_both_ends_and_their_number(count: int) -> None:
    ks = list(range(1, count + 1))
    places = thin(ks)
    assert (places[0], places[-1]) == (0, count - 1)
    assert len(places) <= 64
    assert places == sorted(set(places))


def test_the_baseline_the_base_model_and_the_best_are_foremost() -> None:
    better = arm("better", {0: [4, 4, 4], 1: [4, 4, 3]})
    worse = arm("worse", {0: [0, 0, 0], 1: [0, 0, 1]})
    comparison = compare(sweep(worse, GRPO, better, base([0, 1, 1])), 1)
    assert foremost(comparison, 3) == ["grpo", "better", "base"]


def test_caveats_hold_the_warnings_power_divergence_and_luck() -> None:
    other = arm("other", {0: [2, 1, 3], 1: [1, 2, 3]})
    found = report(GRPO, SHAPED, other, courses=(Course(9, "shaped", 1, 0.5, 2.0, {"loss": 3}),))
    caveats = list_caveats(found)
    assert caveats[: len(found.comparison.warnings)] == found.comparison.warnings
    assert mentions(caveats, "Power: at pass@4")
    assert mentions(caveats, "Entropy exploded in 1 run")
    assert mentions(caveats, "loss from step 3")
    assert mentions(caveats, "The best of 2 arms owes part of its lead to luck")


def test_a_confirmation_has_no_luck_to_warn_of() -> None:
    other = arm("other", {0: [2, 1, 3], 1: [1, 2, 3]})
    found = report(GRPO, SHAPED, other, confirms=Related(7, "a search", "shaped"))
    assert not mentions(list_caveats(found), "luck")


@pytest.mark.parametrize(("correct", "word"), [(0, "floor"), (4, "ceiling")])
def test_problems_at_the_floor_or_the_ceiling_are_counted(correct: int, word: str) -> None:
    stuck = arm("grpo", {0: [correct, correct, 2], 1: [correct, correct, 2]})
    caveats = list_caveats(report(stuck, SHAPED))
    assert mentions(caveats, f"67 % of the problems are at the {word}")


def test_one_seed_has_no_power_to_speak_of() -> None:
    caveats = list_caveats(report(arm("grpo", {0: [1, 2, 3]}), arm("shaped", {0: [2, 2, 3]})))
    assert not mentions(caveats, "Power")
