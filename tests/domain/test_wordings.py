"""What a wrong field is told: in plain words, with what could be written there."""

from typing import Any

import pytest

from domain.errors import Invalid
from domain.inputs import parse
from domain.inquiries import SweepInquiry
from domain.sweeps import expand, parse_sweep
from tests.factories import sweep_body

GRPO = {"name": "grpo", "method": "grpo"}


def told(**changes: Any) -> list[str]:
    with pytest.raises(Invalid) as refused:
        expand(parse_sweep(sweep_body(**changes)))
    return [str(error) for error in refused.value.errors]


def told_of_arm(**arm: Any) -> list[str]:
    return told(arms=[GRPO, {"name": "mine", **arm}])


@pytest.mark.parametrize(
    ("train", "said"),
    [
        ({"steps": "many"}, "train.steps: must be a whole number (given: many)"),
        ({"steps": 1.5}, "train.steps: must be a whole number (given: 1.5)"),
        ({"steps": True}, "train.steps: takes no true or false"),
        ({"learning_rate": -1}, "train.learning_rate: must be greater than 0 (given: -1)"),
        ({"learning_rate": [1]}, "train.learning_rate: must be a number"),
        ({"whiten_advantages": 7}, "train.whiten_advantages: must be true or false (given: 7)"),
        (
            {"scale_rewards": "grup"},
            "train.scale_rewards: must be group, batch or none (given: grup); did you mean group?",
        ),
        ({"step": 3}, "train.step: is not a known field here; did you mean steps?"),
        ({"qqq": 3}, "train.qqq: is not a known field here; check the spelling or remove it"),
        ("steps 3", "train: `steps 3` lacks a colon followed by a space; type `steps: 3`"),
        (3, "train: must have fields of its own, each written as `name: value` (given: 3)"),
    ],
)
def test_a_value_is_told_what_it_must_be(train: object, said: str) -> None:
    assert told(train=train) == [said]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seeds": 3}, "seeds: must be a list, as in `[a, b]` (given: 3)"),
        ({"seeds": []}, "seeds: must have at least 1 item, not 0"),
        ({"name": ""}, "name: must have at least 1 character"),
        ({"name": True}, "name: must be text (given: true)"),
        ({"trian": {}}, "trian: is not a known field here; did you mean train?"),
    ],
)
def test_a_field_of_the_sweep_is_told_what_it_must_be(changes: dict[str, Any], said: str) -> None:
    assert told(**changes) == [said]


@pytest.mark.parametrize(
    ("arm", "said"),
    [
        (
            {"method": "entropy_bonus", "beta": [0.1, -1]},
            "arms[1].beta[1] (arm mine): must be greater than 0 (given: -1)",
        ),
        (
            {"method": "forking_tokens", "roh": 1},
            "arms[1].roh (arm mine): is not a known field here; did you mean rho?",
        ),
        ({"method base": None}, "arms[1].method (arm mine): is required; is 'method base' meant"),
        ({"method": "grpoo"}, "arms[1].method (arm mine): must be one of base, grpo, ppo, "),
        (
            {"method": "entropy_shaped", "alpha": 1, "exclude": [{"alpha": 2}]},
            "arms[1].exclude[0] (arm mine): matches no cell of this arm",
        ),
        ({"method": "kl_cov"}, "train.updates_per_rollout: arm mine uses kl_cov, which"),
        ({"name": "$", "method": "ppo"}, "arms[1].name (arm $): must begin with a letter or a"),
    ],
)
def test_an_arm_is_called_by_its_name(arm: dict[str, Any], said: str) -> None:
    (one,) = told_of_arm(**arm)
    assert one.startswith(said)


def test_a_method_that_there_is_not_names_the_nearest_that_there_is() -> None:
    assert told_of_arm(method="grpoo")[0].endswith("(given: grpoo); did you mean grpo?")


def test_what_is_optional_knows_its_fields_too() -> None:
    with pytest.raises(Invalid) as refused:
        parse(SweepInquiry, {"rare": {"embeder": "x"}})
    assert "rare.embeder: is not a known field here; did you mean embedder?" in str(refused.value)


def test_a_short_list_of_fields_is_given_where_none_is_near() -> None:
    assert told(resources={"qqq": 1}) == [
        "resources.qqq: is not a known field here; remove it, or choose one of device, memory_gb"
    ]


def test_a_name_ends_where_its_line_ends() -> None:
    [said] = told_of_arm(name="mine\n", method="ppo")
    assert "hold letters, digits, spaces" in said


def test_of_thousands_of_wrong_fields_the_first_are_told_at_once() -> None:
    said = told(**{f"zz{number}": 1 for number in range(5000)})
    assert len(said) == 100


def test_of_a_long_name_or_text_no_more_is_told_than_anybody_reads() -> None:
    long = "k" * 5000
    for said in (
        told(**{long: 1}),
        told_of_arm(name=long, what=1),
        told_of_arm(train={long: 1}),
        told_of_arm(method="entropy_shaped", alpha=1, zip=[long, long]),
    ):
        assert all(len(line) < 2100 for line in said)


def test_a_long_text_in_the_place_of_fields_is_told_at_once() -> None:
    [said] = told(train=f"{'a' * 200_000} !\n\n!")
    assert said.endswith("is neither a field nor an item; write it as `name: value`")
