"""Which methods and training settings go together, and what is answered where they do not."""

from typing import Any

import pytest

from domain.errors import Invalid
from domain.runs import TrainSettings, content_hash
from domain.sweeps import Plan, expand, parse_sweep
from tests.factories import sweep_body

GRPO = {"name": "grpo", "method": "grpo"}
PPO = {"name": "ppo", "method": "ppo"}
TRAIN = {"steps": 100}
GAE = {"estimator": "gae"}


def plan(*arms: dict[str, Any], **train: object) -> Plan:
    baseline = arms[0]["name"]
    body = sweep_body(arms=list(arms), train={**TRAIN, **train}, baseline=baseline)
    return expand(parse_sweep(body))


def settings(*arms: dict[str, Any], **train: object) -> list[TrainSettings]:
    return [arm.train for arm in plan(*arms, **train).arms if arm.train]


def errors(*arms: dict[str, Any], **train: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        plan(*arms, **train)
    return {error.field: error.message for error in caught.value.errors}


def shaped(**train: object) -> dict[str, Any]:
    return {"name": "shaped", "method": "entropy_shaped", "alpha": 0.1, "train": train}


def test_ppo_takes_its_advantages_from_a_critic_unasked() -> None:
    group, critic = settings(GRPO, PPO)
    assert (group.estimator, critic.estimator) == ("group", "gae")


@pytest.mark.parametrize(
    "arm",
    [
        shaped(**GAE),
        {"name": "x", "method": "entropy_bonus", "beta": 0.01, "train": GAE},
        {"name": "x", "method": "forking_tokens", "train": GAE},
        {"name": "x", "method": "clip_cov", "train": GAE},
        {"name": "x", "method": "kl_cov", "train": {**GAE, "updates_per_rollout": 2}},
    ],
    ids=lambda arm: arm["method"],
)
def test_other_methods_sit_on_ppo_where_their_arm_says_so(arm: dict[str, Any]) -> None:
    assert settings(arm)[0].estimator == "gae"


def test_a_whole_sweep_may_be_on_ppo() -> None:
    arms = {"name": "base", "method": "base"}, PPO, shaped()
    assert [train.estimator for train in settings(*arms, **GAE)] == ["gae", "gae"]


@pytest.mark.parametrize(
    ("arm", "train", "field", "message"),
    [
        (GRPO, GAE, "train.estimator", "use the method ppo"),
        ({**GRPO, "train": GAE}, {}, "arms[0].train.estimator", "use the method ppo"),
        (
            {"name": "x", "method": "pass_at_k", "k": 2, "train": GAE},
            {},
            "arms[0].train.estimator",
            "sets of a prompt's completions",
        ),
        (
            {**PPO, "train": {"estimator": "group"}},
            {},
            "arms[0].train.estimator",
            "uses ppo, which is gae: remove it",
        ),
        (
            shaped(critic="model"),
            {},
            "arms[0].train.critic",
            "add estimator: gae to the arm's train section",
        ),
        (
            shaped(estimator=["group", "gae"], gae_lambda=0.9),
            {},
            "arms[0].train.gae_lambda",
            "has no critic",
        ),
        (
            {**PPO, "train": {"scale_rewards": "none"}},
            {},
            "arms[0].train.scale_rewards",
            "whiten_advantages says whether they are scaled",
        ),
        (
            PPO,
            {"critic_warmup_steps": 100},
            "train.critic_warmup_steps",
            "less than steps, 100 here (given: 100)",
        ),
    ],
)
def test_what_has_no_meaning_is_refused_with_the_remedy(
    arm: dict[str, Any], train: dict[str, object], field: str, message: str
) -> None:
    assert message in errors(arm, **train)[field]


def test_a_warm_up_as_long_as_the_training_is_no_matter_without_a_critic() -> None:
    assert settings(GRPO, critic_warmup_steps=100)


def test_what_a_sweep_says_of_critics_makes_no_other_run_of_an_arm_without_one() -> None:
    said = {"critic": "model", "critic_learning_rate": 1e-3, "gamma": 0.9}
    plain, told = plan(GRPO, PPO), plan(GRPO, PPO, **said)
    hashes = [[content_hash(run.spec) for run in found.runs] for found in (plain, told)]
    assert [one == other for one, other in zip(*hashes, strict=True)] == [True, False] * 2


def test_what_a_sweep_says_of_groups_makes_no_other_run_of_an_arm_without_them() -> None:
    (group, critic), (other, same) = settings(GRPO, PPO), settings(GRPO, PPO, scale_rewards="none")
    assert group != other
    assert critic == same


def test_each_device_takes_as_many_prompts() -> None:
    (found,) = settings(GRPO, prompts_per_step=6, devices=3)
    assert found.devices == 3
    refused = errors(GRPO, prompts_per_step=6, devices=4)
    assert "multiple of devices (4)" in refused["train.devices"]


def test_a_critic_is_trained_on_one_device() -> None:
    assert "set it to 1" in errors(PPO, prompts_per_step=6, devices=2)["train.devices"]
    arm = {**PPO, "train": {"devices": 1}}
    assert [train.devices for train in settings(GRPO, arm, prompts_per_step=6, devices=2)] == [2, 1]


@pytest.mark.parametrize(
    ("method", "unused"),
    [
        (GRPO, {"lora_alpha": 16}),
        ({"name": "x", "method": "kl_cov"}, {"clip_high": 0.3}),
    ],
)
def test_what_means_nothing_to_an_arm_makes_no_other_run_of_it(
    method: dict[str, Any], unused: dict[str, Any]
) -> None:
    update = {"updates_per_rollout": 2}
    with_it, without = plan(method, **update, **unused).runs[0], plan(method, **update).runs[0]
    assert content_hash(with_it.spec) == content_hash(without.spec)
