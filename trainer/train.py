"""What one arm is trained by: a method is a setting of TRL's own, or other advantages."""

from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import PrinterCallback, TrainerCallback
from trl.trainer.grpo_config import GRPOConfig

from domain.methods import AdaptiveEntropy, EntropyBonus, ForkingTokens, KlCov, Method
from domain.runs import TrainSettings
from trainer.ppo import PpoTrainer
from trainer.records import Batch
from trainer.subjects import Subject
from trainer.trainers import ShapingTrainer


def build_trainer(
    subject: Subject,
    folder: Path,
    watch: Callable[[Batch], None],
    callbacks: list[TrainerCallback],
    publish: Callable[[Path], None] = lambda _: None,
) -> ShapingTrainer:
    train = subject.spec.train
    kind = PpoTrainer if train and train.estimator == "gae" else ShapingTrainer
    trainer = kind(
        subject=subject,
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
    return {
        "model": subject.model,
        "processing_class": subject.tokenizer,
        "reward_funcs": build_reward(subject),
        "train_dataset": Dataset.from_dict({"prompt": subject.ask("train")}),
        "peft_config": adapters(spec.train),
        "args": GRPOConfig(
            output_dir=str(folder),
            use_cpu=subject.model.device.type == "cpu",
            bf16=subject.dtype == torch.bfloat16,
            seed=spec.training_seed,
            max_completion_length=spec.train.max_completion_tokens or card.completion_tokens,
            **fixed_settings(),
            **model_settings(spec.train),
            **batch_settings(spec.train),
            **(loss_settings(spec.train) | method_settings(spec.method)),
        ),
    }


def build_reward(subject: Subject) -> Callable[..., list[float]]:
    def reward(prompts: list[str], completion_ids: list[list[int]], **_: object) -> list[float]:
        return [
            subject.reward(prompt, ids) for prompt, ids in zip(prompts, completion_ids, strict=True)
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
        "dataloader_pin_memory": False,
    }


def adapters(train: TrainSettings) -> LoraConfig | None:
    """On every linear layer but the last; None where all weights train."""
    if not train.lora_rank:
        return None
    return LoraConfig(
        r=train.lora_rank,
        lora_alpha=train.lora_alpha,  # type: ignore[arg-type]  # it only divides it
        lora_dropout=0.0,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def model_settings(train: TrainSettings) -> dict[str, Any]:
    """What changes memory and speed alone."""
    return {
        "activation_checkpointing": train.gradient_checkpointing,
        "use_vllm": train.generation == "vllm",
        "vllm_mode": "colocate",
    }


def batch_settings(train: TrainSettings) -> dict[str, Any]:
    """One optimiser update on prompts_per_step groups, updates_per_rollout of them a rollout.

    Each device has its share of the groups, whole.
    """
    sequences = train.prompts_per_step * train.completions_per_prompt // train.devices
    largest = min(sequences, train.sequences_per_pass)
    size = next(size for size in range(largest, 0, -1) if sequences % size == 0)
    return {
        "max_steps": train.steps,
        "num_generations": train.completions_per_prompt,
        "per_device_train_batch_size": size,
        "gradient_accumulation_steps": sequences // size,
        "ddp_find_unused_parameters": False,
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
        case KlCov():  # its loss clips no ratio
            return {"epsilon": inf, "epsilon_high": inf}
        case _:
            return {}
