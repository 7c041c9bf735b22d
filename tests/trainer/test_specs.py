"""A spec given by hand is held to a sweep's rules, and refused in a sweep's words."""

import pytest

from domain.errors import DomainError
from domain.runs import RunSpec
from domain.sweeps import SweepSpec, expand
from tests.trainer.conftest import make_spec
from trainer.specs import check
from trainer.subjects import HERE


def refusal_of_a_sweep(spec: RunSpec) -> str:
    sweep = SweepSpec.model_validate(
        {
            "name": "by hand",
            "model": spec.model,
            "task": spec.task,
            "train": spec.train,
            "eval": spec.eval,
            "seeds": [spec.seed],
            "baseline": "grpo",
            "arms": [{"name": "grpo", "method": "grpo"}],
        }
    )
    with pytest.raises(DomainError) as refused:
        expand(sweep)
    return refused.value.message


@pytest.mark.parametrize(
    "spec",
    [
        make_spec(evaluation={"problems": 1025}),
        make_spec(evaluation={"problems": 1025, "split": "held_out"}),
        make_spec(train={"prompts_per_step": 6145}),
        make_spec(train={"prompts_per_step": 100, "updates_per_rollout": 100}),
    ],
    ids=["evaluation", "held out", "one update a rollout", "many updates a rollout"],
)
def test_an_impossible_size_is_refused_as_in_a_sweep(spec: RunSpec) -> None:
    with pytest.raises(DomainError) as refused:
        check(spec, HERE)
    assert refused.value.message == refusal_of_a_sweep(spec)


def test_a_rollout_may_take_every_training_prompt() -> None:
    check(make_spec(train={"prompts_per_step": 6144}), HERE)


@pytest.mark.parametrize(
    ("method", "train", "message"),
    [
        ({"method": "ppo"}, {"critic_warmup_steps": 0}, "must be gae for ppo"),
        ({"method": "grpo"}, {"estimator": "gae"}, "use the method ppo"),
        ({"method": "kl_cov"}, {}, "choose 2 or more"),
    ],
)
def test_a_method_with_settings_that_do_not_fit_it_is_refused(
    method: dict[str, object], train: dict[str, object], message: str
) -> None:
    with pytest.raises(DomainError) as refused:
        check(make_spec(method, train), HERE)
    assert message in refused.value.message
