"""Plain GRPO is TRL's own to the bit, and so is shaping with nothing to add."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import PrinterCallback, TrainerCallback
from trl.trainer.grpo_trainer import GRPOTrainer

from domain.runs import RunSpec
from tests.trainer.conftest import make_spec
from trainer import subjects
from trainer.train import build_settings, build_trainer

GRPO = {"method": "grpo"}
TIMES = {"step_time", "train_runtime", "train_samples_per_second", "train_steps_per_second"}
# The gradients are compared as they are before clipping. The rate makes ratios leave 1.
SETTINGS = {"steps": 2, "learning_rate": 3e-3, "max_grad_norm": 1e6}
CASES: dict[str, dict[str, object]] = {
    "dapo": {},
    "grpo": {"loss_type": "grpo"},
    "dr_grpo": {"loss_type": "dr_grpo", "scale_rewards": "none"},
    "bnpo": {"loss_type": "bnpo"},
    "cispo": {"loss_type": "cispo"},
    "scaled over the batch": {"scale_rewards": "batch"},
    "two updates a rollout": {"updates_per_rollout": 2, "steps": 4},
    "two updates of cispo": {"loss_type": "cispo", "updates_per_rollout": 2, "steps": 4},
    "held to a reference": {"kl_coef": 0.1, "updates_per_rollout": 2, "steps": 4},
    "ratios of sequences": {"ratio_level": "sequence", "loss_type": "cispo"},
    "clipped and decayed": {"max_grad_norm": 0.1, "weight_decay": 0.1, "warmup_steps": 2},
}


class Trace(TrainerCallback):
    """What one training left to compare: each step's gradients and logs, and where it ended."""

    def __init__(self) -> None:
        self.gradients: list[dict[str, Tensor]] = []
        self.logs: list[dict[str, object]] = []

    def on_pre_optimizer_step(self, *_: Any, **given: Any) -> None:
        parameters = given["model"].named_parameters()
        self.gradients.append({name: parameter.grad.clone() for name, parameter in parameters})

    def on_log(self, *_: Any, **given: Any) -> None:
        logs: dict[str, object] = given["logs"]
        self.logs.append({name: value for name, value in logs.items() if name not in TIMES})


@dataclass(frozen=True)
class Training:
    gradients: list[dict[str, Tensor]]
    logs: list[dict[str, object]]
    weights: dict[str, Tensor]
    random_state: Tensor


def carry_out(trainer: GRPOTrainer) -> Training:
    trace = Trace()
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(trace)
    trainer.train()
    assert trainer.model
    weights = trainer.model.state_dict()
    return Training(trace.gradients, trace.logs, weights, torch.random.get_rng_state())


def with_trl(spec: RunSpec, folder: Path) -> Training:
    return carry_out(GRPOTrainer(**build_settings(subjects.load(spec), folder)))


def with_ours(spec: RunSpec, folder: Path) -> Training:
    return carry_out(build_trainer(subjects.load(spec), folder, lambda _: None, []))


def same(left: Mapping[str, Tensor], right: Mapping[str, Tensor]) -> bool:
    return left.keys() == right.keys() and all(map(torch.equal, left.values(), right.values()))


def assert_exact(ours: Training, theirs: Training) -> None:
    assert ours.logs == theirs.logs
    assert len(ours.gradients) == len(theirs.gradients)
    assert all(map(same, ours.gradients, theirs.gradients))
    assert same(ours.weights, theirs.weights)
    assert torch.equal(ours.random_state, theirs.random_state)


def shaped(alpha: float, **changes: object) -> dict[str, object]:
    return {"method": "entropy_shaped", "alpha": alpha, **changes}


@pytest.mark.parametrize("case", CASES)
def test_losses_gradients_and_weights_are_those_of_trl(case: str, tmp_path: Path) -> None:
    settings: dict[str, Any] = SETTINGS | CASES[case]
    theirs = with_trl(make_spec(GRPO, settings), tmp_path)
    assert len(theirs.gradients) == settings["steps"]
    assert any(gradient.any() for gradient in theirs.gradients[0].values())
    for method in (GRPO, shaped(0.0)):
        assert_exact(with_ours(make_spec(method, settings), tmp_path), theirs)


@pytest.mark.parametrize("updates", [1, 2])
def test_they_are_also_where_a_step_is_accumulated(updates: int, tmp_path: Path) -> None:
    sizes = {"steps": 2 * updates, "updates_per_rollout": updates, "sequences_per_pass": 4}
    settings = SETTINGS | sizes
    spec = make_spec(GRPO, settings)
    assert build_settings(subjects.load(spec), tmp_path)["args"].gradient_accumulation_steps == 4
    theirs = with_trl(spec, tmp_path)
    assert any(gradient.any() for gradient in theirs.gradients[0].values())
    for method in (GRPO, shaped(0.0)):
        assert_exact(with_ours(make_spec(method, settings), tmp_path), theirs)


def test_they_are_also_for_the_symmetric_form(tmp_path: Path) -> None:
    settings = SETTINGS | {"steps": 4, "updates_per_rollout": 2}
    ours = with_ours(make_spec(shaped(0.0, form="symmetric"), settings), tmp_path)
    assert_exact(ours, with_trl(make_spec(GRPO, settings), tmp_path))


@pytest.mark.parametrize("loss_type", ["grpo", "dapo"])
def test_with_ratios_of_sequences_shaping_by_nothing_differs_by_rounding_alone(
    loss_type: str, tmp_path: Path
) -> None:
    """TRL sums a sequence's tokens before it multiplies by A where A is one for all of them."""
    settings = SETTINGS | {"ratio_level": "sequence", "loss_type": loss_type, "steps": 4}
    settings |= {"updates_per_rollout": 2}
    theirs = with_trl(make_spec(GRPO, settings), tmp_path)
    assert_exact(with_ours(make_spec(GRPO, settings), tmp_path), theirs)
    ours = with_ours(make_spec(shaped(0.0), settings), tmp_path)
    for name, gradient in theirs.gradients[0].items():
        torch.testing.assert_close(ours.gradients[0][name], gradient, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("ratio_level", ["token", "sequence"])
def test_shaping_by_something_changes_the_first_gradients(ratio_level: str, tmp_path: Path) -> None:
    """Else the tests above would pass whatever is compared."""
    settings = SETTINGS | {"ratio_level": ratio_level, "steps": 1}
    theirs = with_trl(make_spec(GRPO, settings), tmp_path)
    ours = with_ours(make_spec(shaped(0.4), settings), tmp_path)
    assert not same(ours.gradients[0], theirs.gradients[0])
    assert not same(ours.weights, theirs.weights)
    difference = max((ours.gradients[0][n] - g).abs().max() for n, g in theirs.gradients[0].items())
    assert difference > 1e-3, "more than rounding"
