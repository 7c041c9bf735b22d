"""How a sweep becomes arms and runs, and what it says about mistakes."""

import hashlib
import json
from typing import Any

import pytest

from domain.errors import Invalid
from domain.runs import HASH_VERSION, RECIPE_VERSION, content_hash
from domain.sweeps import Plan, expand, parse_sweep
from tests.factories import sweep_body


def plan(**changes: object) -> Plan:
    return expand(parse_sweep(sweep_body(**changes)))


def shaped(**changes: object) -> dict[str, Any]:
    return {"name": "shaped", "method": "entropy_shaped", "alpha": 0.4, **changes}


def arm_names(*arms: dict[str, Any]) -> list[str]:
    grpo = {"name": "grpo", "method": "grpo"}
    return [arm.name for arm in plan(arms=[grpo, *arms]).arms[1:]]


def errors(**changes: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        plan(**changes)
    return {error.field: error.message for error in caught.value.errors}


def arm_errors(arm: dict[str, Any]) -> dict[str, str]:
    return errors(arms=[{"name": "grpo", "method": "grpo"}, arm])


def test_lists_of_an_arm_are_crossed() -> None:
    names = arm_names(shaped(alpha=[0.1, 0.4], kappa=[1.5, 2]))
    assert names == [
        "shaped/alpha=0.1,kappa=1.5",
        "shaped/alpha=0.1,kappa=2",
        "shaped/alpha=0.4,kappa=1.5",
        "shaped/alpha=0.4,kappa=2",
    ]


def test_zipped_lists_are_coupled() -> None:
    names = arm_names(shaped(alpha=[0.1, 0.4], kappa=[1.5, 2], zip=["alpha", "kappa"]))
    assert names == ["shaped/alpha=0.1,kappa=1.5", "shaped/alpha=0.4,kappa=2"]


def test_excluded_cells_are_dropped() -> None:
    names = arm_names(
        shaped(alpha=[0.1, 0.4], kappa=[1.5, 2], exclude=[{"alpha": 0.1, "kappa": 2}])
    )
    assert "shaped/alpha=0.1,kappa=2" not in names
    assert len(names) == 3


def test_training_settings_take_part_in_the_grid() -> None:
    names = arm_names(shaped(train={"clip_high": [0.2, 0.28]}))
    assert names == [
        "shaped/alpha=0.4,train.clip_high=0.2",
        "shaped/alpha=0.4,train.clip_high=0.28",
    ]


def test_the_order_in_which_training_settings_are_written_renames_no_arm() -> None:
    written = [{"steps": 5, "learning_rate": 1e-3}, {"learning_rate": 1e-3, "steps": 5}]
    names = [arm_names(shaped(train=train)) for train in written]
    assert names[0] == names[1] == ["shaped/alpha=0.4,train.steps=5,train.learning_rate=0.001"]


def test_a_parameter_of_one_arm_never_multiplies_another() -> None:
    bonus = {"name": "bonus", "method": "entropy_bonus", "beta": [0.001, 0.01]}
    assert len(arm_names(bonus, shaped(kappa=[1.5, 2, 4]))) == 2 + 3


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


GRPO = {"name": "grpo", "method": "grpo"}


def hashes(expanded: Plan) -> list[str]:
    return [content_hash(run.spec) for run in expanded.runs]


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


SEQUENCE = {"ratio_level": "sequence", "updates_per_rollout": 2}


@pytest.mark.parametrize(
    ("arm", "field"),
    [
        ({"name": "x"}, "arms[1]"),
        ({"name": "x", "method": "reinforce"}, "arms[1]"),
        (shaped(kappa=1), "arms[1].kappa[0]"),
        (shaped(alpha=[]), "arms[1].alpha"),
        (shaped(alpha=[1, 1]), "arms[1].alpha"),
        (shaped(beta=1), "arms[1].beta"),
        (shaped(zip=["alpha", "form"]), "arms[1].zip"),
        (shaped(kappa=[2, 3], zip=["alpha", "kappa"]), "arms[1].zip"),
        (shaped(exclude=[{"alpha": 9}]), "arms[1].exclude[0]"),
        (shaped(exclude=[{"alpha": 0.4}]), "arms[1].exclude"),
        (shaped(train={"stepz": 1}), "arms[1].train"),
        (shaped(train={"steps": 0}), "arms[1].train.steps"),
        (shaped(train={"steps": None}), "arms[1].train.steps"),
        (shaped(train={"steps": True}), "arms[1].train.steps"),
        (shaped(alpha=True), "arms[1].alpha"),
        (shaped(alpha=[0.1, True]), "arms[1].alpha[1]"),
        (shaped(train={"steps": [10, [20]]}), "arms[1].train.steps"),
        (shaped(train={"steps": {"a": 1}}), "arms[1].train.steps"),
        (shaped(train={"prompts_per_step": 65_536}), "arms[1].train.prompts_per_step"),
        (shaped(train={"updates_per_rollout": 256}), "arms[1].train.prompts_per_step"),
        ({"name": "x", "method": "base", "train": {"steps": 3}}, "arms[1].train"),
        (shaped(name="-"), "arms[1].name"),
        ({"name": "x", "method": "clip_cov", "low": 5}, "arms[1].high"),
        ({"name": "x", "method": "clip_cov", "low": [1, 2], "high": [5, 2]}, "arms[1].high"),
        ({"name": "x", "method": "clip_cov", "ratio": [0.1, 0]}, "arms[1].ratio[1]"),
        ({"name": "x", "method": "clip_cov", "train": SEQUENCE}, "arms[1].train.ratio_level"),
        ({"name": "x", "method": "kl_cov"}, "train.updates_per_rollout"),
        ({"name": "x", "method": "kl_cov", "train": SEQUENCE}, "arms[1].train.ratio_level"),
        ({"name": "x", "method": "pass_at_k"}, "arms[1].k"),
        ({"name": "x", "method": "pass_at_k", "k": [4, 1]}, "arms[1].k[1]"),
        ({"name": "x", "method": "pass_at_k", "k": [4, 8]}, "arms[1].k"),
        (
            {"name": "x", "method": "pass_at_k", "k": 4, "train": {"scale_rewards": "batch"}},
            "arms[1].train.scale_rewards",
        ),
        (shaped(alpha=list(range(101)), kappa=[k + 2 for k in range(101)]), "arms[1]"),
    ],
)
def test_a_mistake_in_an_arm_is_named_by_its_field(arm: dict[str, Any], field: str) -> None:
    assert field in arm_errors(arm)


def test_a_kappa_that_flips_the_sign_is_refused_with_its_reason() -> None:
    assert (
        "cancel or flip a negative advantage" in arm_errors(shaped(kappa=0.5))["arms[1].kappa[0]"]
    )


def test_a_k_of_all_completions_is_refused_with_its_reason() -> None:
    arm = {"name": "x", "method": "pass_at_k", "k": 8}
    assert "less than completions_per_prompt, 8 here" in arm_errors(arm)["arms[1].k"]
    assert "every advantage would be 0" in arm_errors(arm)["arms[1].k"]


def test_kl_cov_that_could_do_nothing_is_refused_with_the_remedy() -> None:
    arm = {"name": "x", "method": "kl_cov", "train": {"updates_per_rollout": 1}}
    message = arm_errors(arm)["arms[1].train.updates_per_rollout"]
    assert "the arm is plain GRPO: choose 2 or more" in message


def test_parameters_of_the_other_methods_are_axes_as_well() -> None:
    updates = {"updates_per_rollout": 2}
    arms: list[dict[str, Any]] = [
        {"name": "cut", "method": "clip_cov", "ratio": [1e-3, 1e-2]},
        {"name": "held", "method": "kl_cov", "coef": [0.5, 1], "train": updates},
        {"name": "sets", "method": "pass_at_k", "k": [2, 4]},
    ]
    assert arm_names(*arms) == [
        "cut/ratio=0.001",
        "cut/ratio=0.01",
        "held/coef=0.5,train.updates_per_rollout=2",
        "held/coef=1,train.updates_per_rollout=2",
        "sets/k=2",
        "sets/k=4",
    ]


def test_a_misspelt_training_setting_is_answered_with_the_nearest() -> None:
    assert (
        "did you mean 'learning_rate'"
        in arm_errors(shaped(train={"learning_rat": 1}))["arms[1].train"]
    )


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


def test_the_base_model_has_no_replicas() -> None:
    assert arm_errors({"name": "base", "method": "base", "replica": 1}) == {
        "arms[1].replica": "the base model is not trained, so it has no replicas"
    }


def test_equal_arms_are_refused_with_the_way_to_have_them() -> None:
    (message,) = arm_errors({"name": "again", "method": "grpo"}).values()
    assert message.endswith("remove one, or make it a `replica` of the other")
