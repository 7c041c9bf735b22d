"""TRL's GRPO trainer with other advantages, and the few of its ways that a run needs otherwise."""

import logging
import shutil
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor
from trl.trainer.grpo_trainer import GRPOTrainer

from domain.methods import ClipCov, EntropyShaped, KlCov, PassAtK
from trainer import ranks
from trainer.covariance import clip_cov_advantages, kl_cov_advantages, unclipped
from trainer.passk import pass_at_k_advantages
from trainer.records import Batch
from trainer.shaping import columns, shaped_advantages
from trainer.subjects import Subject

logger = logging.getLogger(__name__)

UNSAVED = (OSError, RuntimeError, SafetensorError)
"""torch reports a write that failed as a RuntimeError, safetensors as one of its own."""


class ShapingTrainer(GRPOTrainer):
    """GRPOTrainer that changes the advantages between the loss's forward pass and their use.

    Those of Pass@k follow from rewards alone, and are changed as soon as TRL has scored a rollout.
    `watch` sees every batch of the loss once, with the advantages as they were. `publish` takes
    the folder of each checkpoint that was saved.
    """

    def __init__(
        self,
        *,
        subject: Subject,
        watch: Callable[[Batch], None],
        publish: Callable[[Path], None],
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.subject = subject
        self.method = subject.spec.method
        self.watch = watch
        self.publish = publish
        self.epoch = 0
        self.batch: dict[str, Any] = {}

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """A checkpoint that cannot be saved, on a full disk say, costs no run: the last one stays.

        Each rank saves its own random state into the folder of the first.
        """
        made = Path(str(self.args.output_dir)) / f"checkpoint-{self.state.global_step}"
        try:
            with ranks.all_or_none(UNSAVED):
                super()._save_checkpoint(model, trial)  # type: ignore[no-untyped-call]
            self.publish(made)
        except UNSAVED as error:
            logger.warning("step %d was not saved: %s", self.state.global_step, error)
            shutil.rmtree(made, ignore_errors=True)

    def _get_train_sampler(self, *given: Any) -> Any:
        """TRL's, which draws an order of the prompts anew at each epoch, from where `epoch` is.

        transformers goes on within the epoch it stopped in, but from the first epoch's order.
        """
        sampler: Any = super()._get_train_sampler(*given)  # TRL's RepeatSampler
        for _ in range(self.epoch):
            torch.randperm(sampler.num_samples, generator=sampler.generator)
        return sampler

    def skip_to(self, step: int) -> None:
        """Before training goes on from the checkpoint of `step`."""
        args = self.args
        batches = len(self.get_train_dataloader())  # type: ignore[no-untyped-call]
        updates = batches // args.gradient_accumulation_steps
        self.epoch = step // max(updates, 1)

    def _tokenize_prompts(self, prompts: list[str]) -> tuple[list[list[int]], None, dict[str, Any]]:
        """TRL would add special tokens to those that a chat template has written."""
        return self.subject.tokenize(prompts), None, {}

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """TRL writes one beside every checkpoint."""

    def _generate_and_score_completions(self, inputs: Any) -> dict[str, Any]:
        """Here groups are whole: TRL shuffles them next.

        TRL's advantage is above 0 for the correct completions of a group, unless all are: then
        that of Pass@k is 0 for all, as it is where none is.
        """
        made: dict[str, Any] = super()._generate_and_score_completions(inputs)
        if isinstance(self.method, PassAtK):
            correct = made["advantages"].view(-1, self.num_generations) > 0
            scaled = self.scale_rewards != "none"
            made["advantages"] = pass_at_k_advantages(correct, self.method.k, scaled).flatten()
        return made

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
            raw = self.batch["advantages"]
            changed, psi = self.changed_advantages(raw, logps.detach(), entropies)
            self.batch["advantages"] = changed
            self.watch(Batch.of(self.batch, raw, entropies.detach(), psi))
        return logps, entropies, auxiliary

    def changed_advantages(
        self, raw: Tensor, logps: Tensor, entropies: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        """The advantages that the loss will read, and psi where they are shaped by entropy."""
        match self.method:
            case EntropyShaped(alpha=alpha, kappa=kappa, form=form):
                return shaped_advantages(raw, entropies, alpha, kappa, form)
            case ClipCov() | KlCov() as method:
                return self.covariant_advantages(method, raw, logps), None
            case _:
                return raw, None

    def covariant_advantages(self, method: ClipCov | KlCov, raw: Tensor, logps: Tensor) -> Tensor:
        """TRL keeps no old log-probabilities where every ratio is 1. CISPO's clip keeps gradients.

        Tokens are drawn from torch's own generator: its state is a checkpoint's.
        """
        raw, mask = columns(raw).expand_as(logps), self.batch["completion_mask"].bool()
        old = self.batch.get("old_per_token_logps")
        log_ratio = torch.zeros_like(logps) if old is None else logps - old
        log = self._metrics["train"]
        if isinstance(method, KlCov):
            changed, chosen = kl_cov_advantages(raw, logps, log_ratio, mask, method)
            log["kl_cov/kl"].append(log_ratio[chosen].abs().mean().item())
            return changed
        bounds = (inf, inf) if self.loss_type == "cispo" else (self.epsilon_low, self.epsilon_high)
        free = unclipped(raw, log_ratio, *bounds)
        drawn_from = torch.default_generator
        changed, chosen = clip_cov_advantages(raw, logps, mask, free, method, drawn_from)
        log["clip_cov/share"].append((chosen.sum() / mask.sum()).item())
        return changed
