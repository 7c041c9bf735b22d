"""Real PPO on the tiny model: whose advantages, who learns when, and that it goes on to the bit."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from domain.events import Metrics, Rollout
from domain.runs import RunSpec
from tests.trainer.attempts import ordered, pieced, train, weights
from tests.trainer.conftest import Train, make_spec, run_events
from trainer import runs, subjects
from trainer.critics import before_tokens
from trainer.gae import generalised_advantages
from trainer.ppo import SAVED, PpoTrainer, whole_sequences
from trainer.records import Batch
from trainer.train import build_trainer

PPO = {"method": "ppo"}
SHAPED = {"method": "entropy_shaped", "alpha": 0.1}
GAE = {
    "estimator": "gae",
    "critic": "head",
    "critic_learning_rate": 1e-2,
    "critic_warmup_steps": 0,
}
CRITICS = pytest.mark.parametrize("critic", ["head", "model"])
Built = tuple[PpoTrainer, list[Batch]]
Build = Callable[..., Built]


def spec(method: Mapping[str, object] | None = None, /, **changes: object) -> RunSpec:
    return make_spec(method or PPO, {**GAE, **changes})


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """A trainer that is ready to train, and the batches of the loss that it is going to see."""

    def build(spec: RunSpec) -> Built:
        batches: list[Batch] = []
        trainer = build_trainer(subjects.load(spec), tmp_path, batches.append, [])
        assert isinstance(trainer, PpoTrainer)
        return trainer, batches

    return build


def same(left: dict[str, Tensor], right: dict[str, Tensor]) -> bool:
    return all(torch.equal(left[name], right[name]) for name in left)


def kept(trainer: PpoTrainer) -> dict[str, Any]:
    """What TRL keeps of the last rollout."""
    assert trainer._buffered_inputs
    (inputs,) = trainer._buffered_inputs
    return dict(inputs)


@CRITICS
def test_training_moves_every_parameter(critic: str, build: Build) -> None:
    trainer, _ = build(spec(critic=critic, steps=3))
    before = subjects.load(spec()).model.state_dict()
    first = {name: part.clone() for name, part in trainer.critic.state_dict().items()}
    trainer.train()
    after = trainer.critic.state_dict()
    still = [name for name, part in after.items() if torch.equal(part, first[name])]
    assert still == []
    assert (len(after) > 2) == (critic == "model")
    weights = trainer.subject.model.state_dict()
    assert [name for name in weights if torch.equal(weights[name], before[name])] == []


@CRITICS
def test_values_are_0_at_the_start_so_that_advantages_are_the_rewards(
    critic: str, build: Build
) -> None:
    trainer, batches = build(
        spec(critic=critic, whiten_advantages=False, steps=1, wrong_reward=-1.0)
    )
    trainer.train()
    inputs = kept(trainer)
    assert not inputs["values"].any()
    assert torch.equal(inputs["advantages"], inputs["returns"])
    (batch,) = batches
    found = [row[mask].unique() for row, mask in zip(batch.advantages, batch.mask, strict=True)]
    assert {tuple(values.tolist()) for values in found} == {(1.0,), (-1.0,)}


@CRITICS
@pytest.mark.parametrize("updates", [1, 2])
def test_a_rollouts_values_are_those_before_each_of_its_tokens(
    critic: str, updates: int, build: Build
) -> None:
    """With two updates they are from TRL's own pass for the old log-probabilities."""
    trainer, _ = build(spec(critic=critic, updates_per_rollout=updates, steps=2))
    trainer.train()
    made = trainer._generate_and_score_completions([{"prompt": p} for p in prompts(trainer)])
    assert bool(trainer.passes) == (critic == "head" and updates == 2)
    ids, mask = whole_sequences(made)
    with torch.no_grad():
        trunk = trainer.critic.own or trainer.subject.model.get_decoder()
        states = trunk(input_ids=ids, attention_mask=mask).last_hidden_state
    expected = before_tokens(trainer.critic.value(states), made["completion_ids"].size(1))
    inside = made["completion_mask"].bool()
    assert expected.any()
    assert torch.allclose(made["values"][inside], expected[inside], atol=1e-5)


@CRITICS
def test_values_are_float32_where_the_run_computes_in_bfloat16(critic: str, build: Build) -> None:
    trainer, _ = build(spec(critic=critic, steps=1))
    ids = torch.tensor([trainer.subject.tokenize(trainer.subject.ask("train", 1))[0]])
    with torch.autocast("cpu", torch.bfloat16):
        assert trainer.critic.values(ids, torch.ones_like(ids)).dtype == torch.float32


def prompts(trainer: PpoTrainer) -> list[str]:
    texts = trainer.subject.ask("train", 4)
    return [text for text in texts for _ in range(4)]


def test_advantages_are_generalised_ones_of_the_rewards_as_they_are(build: Build) -> None:
    trainer, _ = build(spec(whiten_advantages=False, gae_lambda=0.9, gamma=0.95, steps=2))
    trainer.train()
    texts = prompts(trainer)
    made = trainer._generate_and_score_completions([{"prompt": text} for text in texts])
    mask = made["completion_mask"].bool()
    rewards = torch.tensor(
        [
            trainer.subject.reward(text, ids[inside].tolist())
            for text, ids, inside in zip(texts, made["completion_ids"], mask, strict=True)
        ]
    )
    expected = generalised_advantages(rewards, made["values"], mask, 0.9, 0.95)
    assert torch.equal(made["advantages"], expected[0])
    assert torch.equal(made["returns"], expected[1])


def test_values_and_returns_stay_with_their_completions(build: Build) -> None:
    """TRL shuffles a rollout and splits it among the updates."""
    trainer, _ = build(spec(updates_per_rollout=2, steps=3, whiten_advantages=False))
    trainer.train()
    assert trainer._buffered_inputs
    assert len(trainer._buffered_inputs) == 2
    for inputs in trainer._buffered_inputs:
        texts = [trainer.subject.texts[tuple(ids)] for ids in unpadded(inputs)]
        for row, text in enumerate(texts):
            inside = inputs["completion_mask"][row].bool()
            ids = inputs["completion_ids"][row][inside].tolist()
            reward = trainer.subject.reward(text, ids)
            assert (inputs["returns"][row][inside] - reward).abs().max() < 1e-6


def unpadded(inputs: dict[str, Tensor]) -> list[list[int]]:
    rows = zip(inputs["prompt_ids"], inputs["prompt_mask"].bool(), strict=True)
    return [ids[mask].tolist() for ids, mask in rows]


@CRITICS
def test_while_the_critic_warms_up_the_policy_stays_as_it_is_to_the_bit(
    critic: str, build: Build
) -> None:
    """Weight decay would move weights that have no gradient at all."""
    settings = {"weight_decay": 0.1, "critic_warmup_steps": 3}
    trainer, _ = build(spec(critic=critic, steps=3, **settings))
    trainer.train()
    assert same(trainer.subject.model.state_dict(), subjects.load(spec()).model.state_dict())
    assert trainer.critic.weight.any()
    longer, _ = build(spec(critic=critic, steps=4, **settings))
    longer.train()
    assert not same(longer.subject.model.state_dict(), trainer.subject.model.state_dict())


def test_the_gradient_of_a_head_ends_at_the_policys_trunk(build: Build) -> None:
    """Else its learning rate would be one of the policy's settings."""
    settings: dict[str, object] = {"gae_lambda": 1.0, "steps": 1}
    weights = []
    for rate in (1e-5, 1e-1):
        trainer, _ = build(spec(critic_learning_rate=rate, **settings))
        trainer.train()
        weights.append(trainer.subject.model.state_dict())
    assert same(*weights)


def test_shaping_by_nothing_is_plain_ppo(train: Train) -> None:
    plain, _ = train(spec(steps=4))
    shaped, _ = train(spec({**SHAPED, "alpha": 0.0}, steps=4))
    assert same(plain, shaped)


def test_shaping_takes_each_tokens_own_advantage(train: Train) -> None:
    _, batches = train(spec(dict(SHAPED), updates_per_rollout=2, steps=4))
    assert len(batches) == 4
    for batch in batches:
        assert batch.advantages.shape == batch.entropies.shape
        expected = torch.minimum(0.1 * batch.entropies, batch.advantages.abs() / 2.0)
        assert torch.equal(batch.psi, expected)
    assert any(batch.psi.any() for batch in batches)


@pytest.mark.parametrize(
    "method",
    [
        {"method": "entropy_bonus", "beta": 0.01},
        {"method": "adaptive_entropy", "target": 1.0},
        {"method": "forking_tokens", "rho": 0.2},
        {"method": "clip_cov", "low": 0.0},
        {"method": "kl_cov"},
    ],
    ids=lambda method: str(method["method"]),
)
def test_the_other_methods_train_on_ppo(method: dict[str, object], tmp_path: Path) -> None:
    changes = {**GAE, "updates_per_rollout": 2, "steps": 3}
    said = run_events(make_spec(method, changes), tmp_path)
    assert sum(isinstance(event, Metrics) for event in said) == 3


def test_a_step_that_is_accumulated_is_one_step_of_the_critic(build: Build) -> None:
    trainer, batches = build(spec(steps=3, updates_per_rollout=2, sequences_per_pass=8))
    trainer.train()
    assert len(batches) == 6
    state = trainer.critic_optimizer.state[trainer.critic.weight]
    assert state["step"].item() == 3


def test_what_is_said_of_the_critic_and_shown_of_its_advantages(tmp_path: Path) -> None:
    said = run_events(spec(dict(SHAPED), completions_per_prompt=8, prompts_per_step=8), tmp_path)
    values = [event.values for event in said if isinstance(event, Metrics)]
    names = {"value/loss", "value/mean", "value/grad_norm", "advantage/mean", "advantage/std"}
    for step in values:
        assert names <= set(step)
    assert any("value/explained_variance" in step for step in values)
    shown = [event for event in said if isinstance(event, Rollout)]
    assert any(len(set(rollout.advantages)) > 1 for rollout in shown if rollout.step == 2)
    assert all(len(rollout.advantages) == len(rollout.tokens) for rollout in shown)


def test_a_critic_learns_in_its_warm_up_and_then_the_policy_moves(build: Build) -> None:
    """A critic of 0 is wrong by 1 in every value where the rewards are 1 and -1."""
    settings = {"critic_learning_rate": 3e-3, "prompts_per_step": 8, "critic_warmup_steps": 14}
    trainer, _ = build(spec(critic="model", steps=15, wrong_reward=-1.0, **settings))
    trainer.train()
    losses = [log["value/loss"] for log in trainer.state.log_history if "value/loss" in log]
    assert losses[0] == 0.5
    assert sum(losses[-5:]) / 5 < 0.45
    assert not same(trainer.subject.model.state_dict(), subjects.load(spec()).model.state_dict())


@pytest.mark.parametrize(
    ("changes", "stop_after"),
    [
        ({"critic": "head"}, 3),
        ({"critic": "model"}, 3),
        ({"critic": "model", "updates_per_rollout": 2, "critic_warmup_steps": 4}, 2),
        ({"critic": "head", "updates_per_rollout": 2}, 3),
    ],
)
def test_stopped_and_gone_on_is_the_same_to_the_bit(
    place: Callable[..., runs.Place],
    tmp_path: Path,
    changes: dict[str, object],
    stop_after: int,
) -> None:
    run = spec(dict(SHAPED), steps=6, **changes)
    undisturbed, again = place(checkpoints=tmp_path / "undisturbed"), place()
    whole = train(run, undisturbed)
    first, second = train(run, place(), stop_after), train(run, again)
    assert second[0].model_dump()["step"] >= stop_after
    assert ordered(pieced(first, second)) == ordered(whole)
    assert same(weights(undisturbed), weights(again))
    assert same(critic_of(undisturbed), critic_of(again))


def critic_of(place: runs.Place) -> dict[str, Tensor]:
    assert place.checkpoints
    states = torch.load(place.checkpoints / "step-6" / SAVED, weights_only=True)
    return dict(states["critic"])
