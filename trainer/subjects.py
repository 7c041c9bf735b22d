"""What a run works on: its spec with the model, tokenizer and task that the spec names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from assets.cards import Roots
from domain.errors import invalid
from domain.runs import RunSpec, content_hash
from trainer.equipment import check_equipment
from trainer.models import load_model
from trainer.precision import compute_dtype, weights_dtype
from trainer.prompts import Prompts
from trainer.tasks import Problem, Split, Task, Verdict, load_task

DIGITS = 16
HERE = Roots.of(Path(".data"))


@dataclass(frozen=True)
class Subject:
    """`texts` remembers the prompt that token ids came of: TRL hands on the ids alone."""

    spec: RunSpec
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    task: Task
    prompts: Prompts
    texts: dict[tuple[int, ...], str] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)

    @property
    def dtype(self) -> torch.dtype:
        """In which it computes; see trainer/precision.py."""
        return compute_dtype(self.spec, self.model.device)

    @property
    def dtype_name(self) -> str:
        return str(self.dtype).removeprefix("torch.")

    @property
    def made_in(self) -> str:
        """Names what is kept of its work: another dtype, or a later version of the trainer, would
        make something else of the same spec."""
        return f"{self.dtype_name}-{content_hash(self.spec)[:DIGITS]}"

    def ask(self, split: Split, size: int | None = None) -> list[str]:
        """The first `size` prompts of a split, as the model reads them."""
        problems = self.task.problems(split)[:size]
        texts = [self.prompts.write(problem) for problem in problems]
        self.problems.update(zip(texts, problems, strict=True))
        return texts

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        ids = self.prompts.tokenize(texts)
        self.texts.update(zip(map(tuple, ids), texts, strict=True))
        return ids

    def reward(self, prompt: str, tokens: list[int]) -> float:
        """1 for a right completion, else `wrong_reward`; one that did not end never is right."""
        ended = bool(tokens) and tokens[-1] == self.tokenizer.eos_token_id
        text = str(self.tokenizer.decode(tokens, skip_special_tokens=True))
        if ended and self.task.grade(self.problems[prompt], text) == Verdict.CORRECT:
            return 1.0
        return self.spec.train.wrong_reward if self.spec.train else 0.0


def load(spec: RunSpec, roots: Roots = HERE) -> Subject:
    """Raises Invalid for a name nobody knows, BadData where its files are missing."""
    check_equipment(spec)
    task, device = load_task(spec, roots.datasets), choose_device()
    model, tokenizer = load_model(spec, roots.models, weights_dtype(spec, device))
    # TRL would move a model that it trains; the base model is only evaluated.
    model.to(device)  # type: ignore[arg-type]  # transformers types it for itself alone
    if spec.task_settings.stop == "line":
        end_with_the_line(tokenizer)
    prompts = Prompts.of(task, spec.task_settings, tokenizer)
    return Subject(spec, model, tokenizer, task, prompts)


def end_with_the_line(tokenizer: PreTrainedTokenizerBase) -> None:
    """Everything that asks for the end of a completion asks the tokenizer. Raises Invalid."""
    last = tokenizer.encode("\n", add_special_tokens=False)[-1:]
    if tokenizer.decode(last) != "\n":
        raise invalid("task_settings.stop", "this model has no token for a line's end; use end")
    tokenizer.eos_token = str(tokenizer.convert_ids_to_tokens(last[0]))


def choose_device() -> torch.device:
    """The GPU that the process may see, else the CPU: no other accelerator is chosen unasked."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
