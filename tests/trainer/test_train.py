"""Real training of a tiny model: each method does what it says, and the seed drives it all."""

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor

from domain.events import Event, Metrics, Rollout, Started
from domain.methods import METHODS
from tests.trainer.conftest import Train, make_spec, run_events
from trainer import runs, subjects
from trainer.failures import Drained
from trainer.records import Batch
from trainer.train import build_settings, build_trainer

SHAPED = {"method": "entropy_shaped", "alpha": 0.4, "kappa": 2.0}
EVERY_METHOD: list[dict[str, object]] = [
    {"method": "grpo"},
    {"method": "entropy_bonus", "beta": 0.01},
    {"method": "adaptive_entropy", "target": 1.0},
    dict(SHAPED),
    {**SHAPED, "form": "symmetric"},
    {"method": "forking_tokens", "rho": 0.2},
    {"method": "clip_cov", "low": 0.0},
    {"method": "kl_cov"},
    {"method": "pass_at_k", "k": 2},
]


def same(left: dict[str, Tensor], right: dict[str, Tensor]) -> bool:
    return all(torch.equal(left[name], right[name]) for name in left)


def untrained() -> dict[str, Tensor]:
    return subjects.load(make_spec()).model.state_dict()


def test_every_method_of_the_union_is_tried_here() -> None:
    """PPO, which trains by other settings, is tried in test_ppo.py."""
    assert {method["method"] for method in EVERY_METHOD} | {"base", "ppo"} == set(METHODS)


@pytest.mark.parametrize(
    "method", EVERY_METHOD, ids=lambda method: "-".join(map(str, method.values()))
)
def test_training_moves_every_parameter(method: dict[str, object], train: Train) -> None:
    weights, _ = train(make_spec(method))
    before = untrained()
    assert [name for name in weights if torch.equal(weights[name], before[name])] == []


def test_alpha_zero_is_plain_grpo(train: Train) -> None:
    settings = {"steps": 4}
    plain, _ = train(make_spec({"method": "grpo"}, settings))
    shaped, _ = train(make_spec({**SHAPED, "alpha": 0.0}, settings))
    assert same(plain, shaped)


def test_shaping_changes_the_weights(train: Train) -> None:
    assert not same(train(make_spec())[0], train(make_spec(dict(SHAPED)))[0])


def test_the_seed_changes_the_run(train: Train) -> None:
    assert not same(train(make_spec(seed=1))[0], train(make_spec(seed=2))[0])


def test_psi_is_computed_from_the_raw_advantages_and_the_entropies(train: Train) -> None:
    _, batches = train(make_spec(dict(SHAPED), {"updates_per_rollout": 2, "steps": 4}))
    assert len(batches) == 4
    for batch in batches:
        expected = torch.minimum(0.4 * batch.entropies, batch.advantages.abs() / 2.0)
        assert torch.equal(batch.psi, expected)
    assert any(batch.psi.any() for batch in batches)


def test_psi_does_not_compound_when_a_rollout_is_used_again(tmp_path: Path) -> None:
    subject = subjects.load(make_spec(dict(SHAPED)))
    batches: list[Batch] = []
    trainer = build_trainer(subject, tmp_path, batches.append, [])
    trainer.train()
    assert trainer._buffered_inputs
    inputs = trainer._buffered_inputs[0]
    before = inputs["advantages"].clone()
    batches.clear()
    for _ in range(2):
        trainer._compute_loss(subject.model, inputs)
    assert torch.equal(inputs["advantages"], before)
    assert torch.equal(batches[0].psi, batches[1].psi)


def test_ratios_leave_one_when_a_rollout_serves_two_updates(tmp_path: Path) -> None:
    settings = {"updates_per_rollout": 2, "steps": 4, "learning_rate": 1e-2, "prompts_per_step": 8}
    events = run_events(make_spec(train=settings), tmp_path)
    clipped = [event.values["clip/any"] for event in events if isinstance(event, Metrics)]
    assert clipped[0] == 0
    assert any(share > 0 for share in clipped)


def test_one_step_is_one_update_on_prompts_per_step_groups(train: Train) -> None:
    _, batches = train(
        make_spec(train={"prompts_per_step": 3, "updates_per_rollout": 2, "steps": 4})
    )
    assert [len(batch.completions) for batch in batches] == [12] * 4


@pytest.mark.parametrize("loss_type", ["grpo", "dr_grpo", "bnpo", "cispo"])
def test_every_loss_type_trains(loss_type: str, tmp_path: Path) -> None:
    settings = {"loss_type": loss_type, "scale_rewards": "none", "kl_coef": 0.01}
    events = run_events(make_spec(dict(SHAPED), settings), tmp_path)
    metrics = [event.values for event in events if isinstance(event, Metrics)]
    assert len(metrics) == 2
    assert all(math.isfinite(value) for values in metrics for value in values.values())
    assert all("kl" in values and "clip/high" in values for values in metrics)


def test_sequence_level_ratios_train_with_shaping(train: Train) -> None:
    weights, _ = train(make_spec(dict(SHAPED), {"ratio_level": "sequence", "loss_type": "grpo"}))
    assert not same(weights, untrained())


def test_every_method_logs_entropy_by_the_sign_of_the_advantage(tmp_path: Path) -> None:
    events = run_events(make_spec(train={"prompts_per_step": 16}), tmp_path)
    values = [event.values for event in events if isinstance(event, Metrics)]
    assert len(values) == 2
    for step in values:
        assert {"entropy/mean", "entropy/positive", "entropy/negative"} <= set(step)
        assert not any(name.startswith("psi/") for name in step)


def test_rollouts_are_whole_groups_with_a_value_for_each_token(tmp_path: Path) -> None:
    events = run_events(make_spec(dict(SHAPED), {"completions_per_prompt": 8}), tmp_path)
    rollouts = [event for event in events if isinstance(event, Rollout)]
    assert [rollout.index for rollout in rollouts] == [*range(16), *range(16)]
    for rollout in rollouts:
        sizes = {len(rollout.entropies), len(rollout.advantages), len(rollout.psi)}
        assert sizes == {len(rollout.tokens)}
    groups = {(rollout.step, rollout.problem) for rollout in rollouts}
    assert len(groups) == 4
    assert {rollout.step for rollout in rollouts} == {1, 2}


def test_a_diverged_model_finishes_with_nan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"learning_rate": 1.0, "max_grad_norm": 1e6, "steps": 4}
    subject = subjects.load(make_spec(train=settings))
    with torch.no_grad():
        for parameter in subject.model.parameters():
            parameter.fill_(math.nan)
    monkeypatch.setattr(subjects, "load", lambda *_: subject)
    events = run_events(subject.spec, tmp_path)
    metrics = [event for event in events if isinstance(event, Metrics)]
    assert len(metrics) == 4
    assert all(math.isnan(event.values["entropy/mean"]) for event in metrics)
    assert events[-1].model_dump()["kind"] == "finished"


def test_model_and_training_are_on_the_same_device(tmp_path: Path) -> None:
    """Also where there is an accelerator that nobody asked for."""
    subject = subjects.load(make_spec())
    device = subjects.choose_device().type
    assert subject.model.device.type == device
    args = build_settings(subject, tmp_path)["args"]
    assert args.device.type == device
    assert args.use_cpu == (device == "cpu")


def test_the_base_model_goes_to_the_chosen_device_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Torch's device without memory stands for the GPU; the run stops before it would sample."""
    monkeypatch.setattr(subjects, "choose_device", lambda: torch.device("meta"))
    said: list[Event] = []
    place = runs.Place(tmp_path)
    with pytest.raises(Drained):
        runs.run(make_spec({"method": "base"}), place, said.append, asked_to_stop=lambda: True)
    (started,) = said
    assert isinstance(started, Started)
    assert started.device == "meta"
