"""PPO on TRL's GRPO trainer: a critic makes the advantages, and learns beside the policy.

It is written for several processes but was tried with one alone: domain/fits.py refuses more.
"""

from math import isnan
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from trainer.critics import Critic, before_tokens
from trainer.gae import explained_variance, generalised_advantages, value_loss, whitened
from trainer.precision import autocast
from trainer.subjects import Subject
from trainer.trainers import ShapingTrainer

SAVED = "critic.pt"


class PpoTrainer(ShapingTrainer):
    """ShapingTrainer whose advantages (B, T) are those of a critic, not of groups.

    A rollout's values and returns travel with it, so that TRL shuffles and splits them as the rest.
    The critic makes one step with each of the policy's, on the same completions. In its warm-up the
    policy's gradients are dropped before its optimiser, which so leaves weights, moments and weight
    decay alone.
    """

    def __init__(self, *, subject: Subject, **settings: Any) -> None:
        super().__init__(subject=subject, **settings)
        train = subject.spec.train
        if train is None:
            raise ValueError("the base model is not trained")
        self.settings = train
        self.critic = Critic(subject.model, train.critic)
        if self.critic.own is not None and self.args.activation_checkpointing:
            self.critic.own.activation_checkpointing_enable(
                self.args.activation_checkpointing_kwargs
            )
            self.critic.own.train()  # transformers checkpoints in training alone
        self.critic_optimizer = torch.optim.AdamW(
            self.critic.trained(), lr=train.critic_learning_rate, weight_decay=train.weight_decay
        )
        self.rewards = torch.empty(0)
        self.passes: list[Tensor] = []

    def _calculate_rewards(self, inputs: list[Any], *given: Any) -> Tensor:
        """TRL's, of all processes (B, 1); those of this one are kept as they are."""
        rewards: Tensor = super()._calculate_rewards(inputs, *given)
        first = self.accelerator.process_index * len(inputs)
        self.rewards = rewards[first : first + len(inputs), 0]
        return rewards

    def _generate_and_score_completions(self, inputs: Any) -> dict[str, Any]:
        self.passes = []
        made = super()._generate_and_score_completions(inputs)
        mask, settings = made["completion_mask"].bool(), self.settings
        values = self.rollout_values(made)
        advantages, returns = generalised_advantages(
            self.rewards, values, mask, settings.gae_lambda, settings.gamma
        )
        if settings.whiten_advantages:
            advantages = whitened(advantages, mask, self.accelerator.reduce)
        return made | {"advantages": advantages, "values": values, "returns": returns}

    @torch.no_grad()
    def rollout_values(self, made: dict[str, Any]) -> Tensor:
        """Values (B, T), from the pass for the old log-probabilities where TRL makes one.

        The reference's pass, which may be through the same trunk, comes after that.
        """
        tokens = made["completion_ids"].size(1)
        if self.passes and "old_per_token_logps" in made:
            return before_tokens(self.passes[0], tokens)
        ids, mask = whole_sequences(made)
        size = self.args.per_device_train_batch_size
        parts = zip(ids.split(size), mask.split(size), strict=True)
        with autocast(self.subject.dtype, ids.device):  # as in the update
            return before_tokens(torch.cat([self.critic.values(*part) for part in parts]), tokens)

    def _get_per_token_logps_and_entropies(
        self, *args: Any, **settings: Any
    ) -> tuple[Tensor, Tensor | None, Tensor | None]:
        with self.critic.reading() as seen:
            made = super()._get_per_token_logps_and_entropies(*args, **settings)
        if seen:
            self.passes.append(torch.cat(seen))
        return made

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> Tensor:
        self.passes = []
        loss = super()._compute_loss(model, inputs)
        self.learn_values(inputs)
        return loss

    def learn_values(self, inputs: dict[str, Any]) -> None:
        """The critic's part of an update, whose step is due when the policy's is.

        A head takes the states of the pass that the policy's loss has just made.
        """
        mask, returns = inputs["completion_mask"].bool(), inputs["returns"]
        values = self.passes[0] if self.passes else self.critic.values(*whole_sequences(inputs))
        values = before_tokens(values, mask.size(1))
        loss = value_loss(values, inputs["values"], returns, mask)
        if torch.is_grad_enabled():
            (loss / self.current_gradient_accumulation_steps).backward()
        surprise = (returns - inputs["values"])[mask]
        self.note(
            {
                "value/loss": loss.item(),
                "value/mean": values[mask].mean().item(),
                "value/explained_variance": explained_variance(values.detach(), returns, mask),
                "advantage/mean": surprise.mean().item(),
                "advantage/std": surprise.std(correction=0).item(),
            }
        )
        if self.accelerator.sync_gradients:
            self.step_critic()

    def note(self, figures: dict[str, float]) -> None:
        """TRL averages it until it logs. Where all returns are the same, nothing is explained."""
        for name, figure in figures.items():
            if not (name == "value/explained_variance" and isnan(figure)):
                self._metrics["train"][name].append(figure)

    def step_critic(self) -> None:
        trained = self.critic.trained()
        for parameter in trained:
            if parameter.grad is not None:
                parameter.grad = self.accelerator.reduce(parameter.grad, reduction="mean")
        norm = torch.nn.utils.clip_grad_norm_(trained, self.settings.max_grad_norm)
        self._metrics["train"]["value/grad_norm"].append(norm.item())
        self.critic_optimizer.step()
        self.critic_optimizer.zero_grad()

    def training_step(self, model: Any, *given: Any) -> Tensor:
        loss: Tensor = super().training_step(model, *given)  # type: ignore[no-untyped-call]
        if self.state.global_step < self.settings.critic_warmup_steps:
            model.zero_grad()
        return loss

    def _save_optimizer_and_scheduler(self, output_dir: str) -> None:
        super()._save_optimizer_and_scheduler(output_dir)
        if self.args.should_save:
            states = {
                "critic": self.critic.trained_state(),
                "optimizer": self.critic_optimizer.state_dict(),
            }
            torch.save(states, Path(output_dir) / SAVED)

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        super()._load_optimizer_and_scheduler(checkpoint)  # type: ignore[no-untyped-call]
        if checkpoint is not None:
            place = self.critic.weight.device
            states = torch.load(Path(checkpoint) / SAVED, map_location=place, weights_only=True)
            self.critic.load_state_dict(states["critic"], strict=False)
            self.critic_optimizer.load_state_dict(states["optimizer"])


def whole_sequences(inputs: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """Token ids and attention mask, (B, P + T), of prompts with their completions."""
    ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], 1)
    return ids, torch.cat([inputs["prompt_mask"], inputs["completion_mask"]], 1)
