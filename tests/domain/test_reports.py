"""The words of a report follow from its data by the stated rules, and from nothing else."""

from dataclasses import replace

import pytest

from domain.catalogue import TASKS
from domain.comparisons import compare
from domain.lifecycle import RunStatus
from domain.methods import Ppo
from domain.reports import (
    Report,
    describe_state,
    foremost,
    is_current,
    list_settings,
    own_settings,
    shown_ks,
    thin,
)
from domain.runs import EvalSettings, RunSpec, TrainSettings, content_hash
from tests.domain.graded import arm, base, sweep
from tests.domain.reported import GRPO, SHAPED, report, run


def setting(found: Report, topic: str, name: str) -> str:
    return next(one.value for one in list_settings(found)[topic] if one.name == name)


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


def test_settings_that_mean_nothing_to_a_method_are_not_listed_for_it() -> None:
    found = report(GRPO, SHAPED)
    names = {one.name for one in list_settings(found)["Training"]}
    assert names >= {"scale rewards", "estimator", "lora rank"}
    assert not names & {"critic", "gamma", "gae lambda", "whiten advantages", "lora alpha"}


def test_settings_that_only_some_methods_read_stand_with_their_arms() -> None:
    train = TrainSettings(steps=10, estimator="gae", gamma=0.9)
    found = report(GRPO, replace(GRPO, name="ppo", method=Ppo(method="ppo"), train=train))
    assert "gamma 0.9" in own_settings(found)["ppo"]
    assert "gamma" not in own_settings(found)["grpo"]
    assert own_settings(found)["grpo"] == "scale rewards group, estimator group"


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
