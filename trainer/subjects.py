"""What a run works on: its spec with the model, tokenizer and task that the spec names."""

from dataclasses import dataclass

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from domain.runs import RunSpec
from trainer.models import load_model
from trainer.tasks import Task, Verdict, load_task


@dataclass(frozen=True)
class Subject:
    spec: RunSpec
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    task: Task

    def is_correct(self, prompt: str, tokens: list[int]) -> bool:
        """Whether a completion is right; one that did not end by itself never is."""
        ended = bool(tokens) and tokens[-1] == self.tokenizer.eos_token_id
        text = str(self.tokenizer.decode(tokens, skip_special_tokens=True))
        return ended and self.task.grade(prompt, text) == Verdict.CORRECT


def load(spec: RunSpec) -> Subject:
    """Raises Invalid for a name the catalogue does not know, BadData where files are missing."""
    model, tokenizer = load_model(spec.model)
    # TRL would move a model that it trains; the base model is only evaluated.
    model.to(choose_device())  # type: ignore[arg-type]  # transformers types it for itself alone
    return Subject(spec=spec, model=model, tokenizer=tokenizer, task=load_task(spec.task))


def choose_device() -> torch.device:
    """The GPU that the process may see, else the CPU: no other accelerator is chosen unasked."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
