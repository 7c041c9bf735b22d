"""How a task's problems are put to a model: by its chat template or as plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from transformers import PreTrainedTokenizerBase

from domain.runs import TaskSettings
from trainer.tasks import Problem, Task


@dataclass(frozen=True)
class Prompts:
    """Writes a problem as the prompt's text, and that as token ids.

    A chat template writes the special tokens itself; to plain text the tokenizer adds its own.
    """

    tokenizer: PreTrainedTokenizerBase
    chat: bool
    instruction: str
    examples: Sequence[Problem]

    @classmethod
    def of(cls, task: Task, settings: TaskSettings, tokenizer: PreTrainedTokenizerBase) -> Self:
        """Examples are the last training problems, which no run of a usual size comes to."""
        instruction = task.instruction if settings.instruction is None else settings.instruction
        has_template = bool(tokenizer.chat_template)
        return cls(
            tokenizer=tokenizer,
            chat=settings.style == "chat" or (settings.style == "auto" and has_template),
            instruction=instruction,
            examples=task.problems("train")[-settings.shots :] if settings.shots else (),
        )

    def write(self, problem: Problem) -> str:
        return problem.question

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        ids: list[list[int]] = self.tokenizer(list(texts), add_special_tokens=not self.chat)[
            "input_ids"
        ]
        return ids
