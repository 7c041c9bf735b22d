"""How a sweep becomes arms and runs, and what it says about mistakes."""

import hashlib
import json
from typing import Any

import pytest

from domain.runs import HASH_VERSION, RECIPE_VERSION, content_hash
from tests.domain.planned import GRPO, errors, hashes, plan, shaped


def test_runs_go_seed_by_seed() -> None:
    assert [(run.arm, run.spec.seed) for run in plan().runs] == [
        ("base", 0),
        ("grpo", 0),
        ("shaped/alpha=0.4", 0),
        ("grpo", 1),
        ("shaped/alpha=0.4", 1),
    ]


def test_the_base_model_is_one_run_whatever_the_seeds() -> None:
    runs = plan(seeds=[7, 8, 9]).runs
    assert [run.spec.seed for run in runs if run.arm == "base"] == [0]


def test_expanding_twice_gives_the_same_plan() -> None:
    assert plan() == plan()


def test_extending_a_list_renames_no_arm_and_changes_no_run() -> None:
    few, more = plan(arms=[GRPO, shaped(alpha=[0.4])]), plan(arms=[GRPO, shaped(alpha=[0.4, 0.8])])
    assert set(hashes(few)) < set(hashes(more))


def test_names_and_questions_do_not_change_a_run() -> None:
    assert hashes(plan(name="other", question="why?")) == hashes(plan())


@pytest.mark.parametrize(
    "changes",
    [
        {"train": {"steps": 11, "learning_rate": 3e-4}},
        {"eval": {"problems": 5, "samples": 8}},
        {"seeds": [2, 3]},
    ],
)
def test_whatever_changes_a_result_changes_the_run(changes: dict[str, Any]) -> None:
    trained = [run for run in plan(**changes).runs if run.arm != "base"]
    assert not {content_hash(run.spec) for run in trained} & set(hashes(plan()))


def test_the_baseline_may_be_named_by_its_only_cell() -> None:
    assert plan(baseline="shaped").baseline == "shaped/alpha=0.4"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"model": "gpt"}, "model"),
        ({"task": "chess"}, "task"),
        ({"seeds": []}, "seeds"),
        ({"seeds": [1, 1]}, "seeds"),
        ({"seeds": [-1]}, "seeds[0]"),
        ({"baseline": "nothing"}, "baseline"),
        ({"arms": []}, "arms"),
        ({"eval": {"problems": 2000}}, "eval.problems"),
        ({"train": {"stepz": 3}}, "train.stepz"),
        ({"train": {"learning_rate": float("nan")}}, "train.learning_rate"),
        ({"train": {"prompts_per_step": 6_145}}, "train.prompts_per_step"),
        ({"train": {"prompts_per_step": 48, "updates_per_rollout": 129}}, "train.prompts_per_step"),
        ({"arms": [GRPO, GRPO]}, "arms[1].name"),
        ({"arms": [GRPO, {"name": "twin", "method": "grpo"}]}, "arms[1]"),
        ({"surprise": 1}, "surprise"),
        ({"eval": {"problems": True}}, "eval.problems"),
        ({"seeds": [2, True]}, "seeds[1]"),
    ],
)
def test_a_mistake_is_named_by_its_field(changes: dict[str, Any], field: str) -> None:
    assert field in errors(**changes)


def test_more_runs_than_allowed_are_refused() -> None:
    arms = [GRPO, shaped(alpha=[number / 100 for number in range(1, 100)])]
    assert "expands to 10,000 runs" not in str(errors(arms=arms, seeds=list(range(101))))
    assert "expands to 10,100 runs" in errors(arms=arms, seeds=list(range(101)))["arms"]


def test_replicas_are_arms_of_the_same_method_with_random_numbers_of_their_own() -> None:
    arms = [{"name": "grpo", "method": "grpo"}, {"name": "null", "method": "grpo"}]
    expanded = plan(arms=[arms[0], arms[1] | {"replica": [1, 2]}], seeds=[0, 1])
    assert [arm.name for arm in expanded.arms] == ["grpo", "null/replica=1", "null/replica=2"]
    assert len({run.spec.training_seed for run in expanded.runs}) == 6
    assert len(set(hashes(expanded))) == 6
    assert all(run.spec.eval == expanded.runs[0].spec.eval for run in expanded.runs)


def test_the_first_replica_is_the_run_without_one() -> None:
    arm = {"name": "grpo", "method": "grpo"}
    plain, first = plan(arms=[arm]), plan(arms=[arm | {"replica": 0}], baseline="grpo/replica=0")
    assert hashes(plain) == hashes(first)
    assert [run.spec.training_seed for run in plain.runs] == [run.spec.seed for run in plain.runs]


FIRST_FIELDS: dict[str, Any] = {
    **dict.fromkeys(["model", "model_version", "task", "task_version", "method"], True),
    "eval": True,
    "seed": True,
    "train": {
        "steps",
        "learning_rate",
        "prompts_per_step",
        "completions_per_prompt",
        "updates_per_rollout",
        "max_completion_tokens",
        "temperature",
        "clip_low",
        "clip_high",
        "loss_type",
        "scale_rewards",
        "ratio_level",
        "kl_coef",
        "max_grad_norm",
        "weight_decay",
        "warmup_steps",
    },
}


def test_a_run_keeps_the_hash_it_had_before_later_settings_came() -> None:
    (run, *_) = plan(arms=[{"name": "grpo", "method": "grpo"}]).runs
    body = run.spec.model_dump(mode="json", include=FIRST_FIELDS)
    text = json.dumps({"hash": HASH_VERSION, "recipe": RECIPE_VERSION, **body}, sort_keys=True)
    assert content_hash(run.spec) == hashlib.sha256(text.encode()).hexdigest()
