"""Trains one arm with TRL's GRPO: every method but shaping is a setting of TRL's own."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasets import Dataset
from torch import Tensor
from transformers import PrinterCallback, TrainerCallback
from trl.trainer.grpo_config import GRPOConfig
from trl.trainer.grpo_trainer import GRPOTrainer

from domain.methods import (
    AdaptiveEntropy,
    EntropyBonus,
    EntropyShaped,
    ForkingTokens,
    Method,
)
from domain.runs import TrainSettings
from trainer.records import Batch
from trainer.shaping import shaped_advantages
from trainer.subjects import Subject

logger = logging.getLogger(__name__)

LARGEST_BATCH = 1024
"""Sequences in one forward and backward pass; a step of more is accumulated."""


class ShapingTrainer(GRPOTrainer):
    """GRPOTrainer that shapes the advantages between the loss's forward pass and their use.

    `watch` sees every batch of the loss once, with the advantages as they were. `publish` takes
    the folder of each checkpoint that was saved.
    """

    def __init__(
        self,
        *,
        shape: EntropyShaped | None,
        watch: Callable[[Batch], None],
        publish: Callable[[Path], None],
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.shape = shape
        self.watch = watch
        self.publish = publish
        self.batch: dict[str, Any] = {}

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """A checkpoint that cannot be saved, on a full disk say, costs no run: the last one stays.

        torch reports a write that failed as a RuntimeError.
        """
        made = Path(str(self.args.output_dir)) / f"checkpoint-{self.state.global_step}"
        try:
            super()._save_checkpoint(model, trial)  # type: ignore[no-untyped-call]
            self.publish(made)
        except (OSError, RuntimeError) as error:
            logger.warning("step %d was not saved: %s", self.state.global_step, error)
            shutil.rmtree(made, ignore_errors=True)

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """TRL writes one beside every checkpoint."""

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> Tensor:
        # A copy: TRL keeps the rollout for later updates, which must start from the same A.
        self.batch = dict(inputs)
        loss: Tensor = super()._compute_loss(model, self.batch)  # type: ignore[no-untyped-call]
        return loss

    def _get_per_token_logps_and_entropies(
        self, *args: Any, compute_entropy: bool = False, **settings: Any
    ) -> tuple[Tensor, Tensor | None, Tensor | None]:
        logps, entropies, auxiliary = super()._get_per_token_logps_and_entropies(
            *args, compute_entropy=compute_entropy, **settings
        )
        if compute_entropy:
            raw, psi = self.batch["advantages"], None
            if self.shape:
                self.batch["advantages"], psi = shaped_advantages(
                    raw, entropies, self.shape.alpha, self.shape.kappa, self.shape.form
                )
            self.watch(Batch.of(self.batch, raw, entropies.detach(), psi))
        return logps, entropies, auxiliary


def build_trainer(
    subject: Subject,
    folder: Path,
    watch: Callable[[Batch], None],
    callbacks: list[TrainerCallback],
    publish: Callable[[Path], None] = lambda _: None,
) -> ShapingTrainer:
    method = subject.spec.method
    trainer = ShapingTrainer(
        shape=method if isinstance(method, EntropyShaped) else None,
        watch=watch,
        publish=publish,
        callbacks=callbacks,
        **build_settings(subject, folder),
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def build_settings(subject: Subject, folder: Path) -> dict[str, Any]:
    """What TRL's own GRPOTrainer is built from. Nothing here knows of shaping."""
    spec, card = subject.spec, subject.task.card
    if spec.train is None:
        raise ValueError("the base model is not trained")
    prompts = subject.task.problems("train")
    return {
        "model": subject.model,
        "processing_class": subject.tokenizer,
        "reward_funcs": build_reward(subject),
        "train_dataset": Dataset.from_dict({"prompt": list(prompts)}),
        "args": GRPOConfig(
            output_dir=str(folder),
            use_cpu=subject.model.device.type == "cpu",
            seed=spec.training_seed,
            max_completion_length=spec.train.max_completion_tokens or card.completion_tokens,
            **fixed_settings(),
            **batch_settings(spec.train),
            **loss_settings(spec.train),
            **method_settings(spec.method),
        ),
    }


def build_reward(subject: Subject) -> Callable[..., list[float]]:
    """1 for a correct completion that ended by itself, else 0."""

    def reward(prompts: list[str], completion_ids: list[list[int]], **_: object) -> list[float]:
        return [
            float(subject.is_correct(prompt, ids))
            for prompt, ids in zip(prompts, completion_ids, strict=True)
        ]

    return reward


def fixed_settings() -> dict[str, Any]:
    """No files unasked, no reports, every step logged; NaN passed on: divergence is a result."""
    return {
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "generation_kwargs": {"remove_invalid_values": True},
        "activation_checkpointing": False,
        "bf16": False,
        "dataloader_pin_memory": False,
    }


def batch_settings(train: TrainSettings) -> dict[str, Any]:
    """One optimiser update on prompts_per_step groups, updates_per_rollout of them a rollout."""
    sequences = train.prompts_per_step * train.completions_per_prompt
    size = next(
        size for size in range(min(sequences, LARGEST_BATCH), 0, -1) if sequences % size == 0
    )
    return {
        "max_steps": train.steps,
        "num_generations": train.completions_per_prompt,
        "per_device_train_batch_size": size,
        "gradient_accumulation_steps": sequences // size,
        "steps_per_generation": sequences // size * train.updates_per_rollout,
    }


def loss_settings(train: TrainSettings) -> dict[str, Any]:
    """CISPO bounds the ratio itself where the others bound its distance from 1."""
    return {
        "learning_rate": train.learning_rate,
        "lr_scheduler_type": "constant_with_warmup",
        "warmup_steps": train.warmup_steps,
        "weight_decay": train.weight_decay,
        "max_grad_norm": train.max_grad_norm,
        "temperature": train.temperature,
        "epsilon": train.clip_low,
        "epsilon_high": train.clip_high + (1 if train.loss_type == "cispo" else 0),
        "loss_type": train.loss_type,
        "scale_rewards": train.scale_rewards,
        "importance_sampling_level": train.ratio_level,
        "beta": train.kl_coef,
    }


def method_settings(method: Method) -> dict[str, Any]:
    match method:
        case EntropyBonus(beta=beta):
            return {"entropy_coef": beta}
        case AdaptiveEntropy(target=target, delta=delta):
            return {
                "use_adaptive_entropy": True,
                "entropy_target": target,
                "entropy_coef_delta": delta,
            }
        case ForkingTokens(rho=rho):
            return {"top_entropy_quantile": rho}
        case _:
            return {}
