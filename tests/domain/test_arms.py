"""How what is written of an arm becomes cells, and what it says about mistakes."""

from typing import Any

import pytest

from tests.domain.planned import arm_errors, arm_names, shaped


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


SEQUENCE = {"ratio_level": "sequence", "updates_per_rollout": 2}


@pytest.mark.parametrize(
    ("arm", "field"),
    [
        ({"name": "x"}, "arms[1].method"),
        ({"name": "x", "method": "reinforce"}, "arms[1].method"),
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
        "did you mean learning_rate?"
        in arm_errors(shaped(train={"learning_rat": 1}))["arms[1].train"]
    )


def test_the_base_model_has_no_replicas() -> None:
    assert arm_errors({"name": "base", "method": "base", "replica": 1}) == {
        "arms[1].replica": "the base model is not trained, so it has no replicas"
    }


def test_equal_arms_are_refused_with_the_way_to_have_them() -> None:
    (message,) = arm_errors({"name": "again", "method": "grpo"}).values()
    assert message.endswith("remove one, or make it a `replica` of the other")
