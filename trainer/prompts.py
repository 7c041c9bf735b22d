"""How a task's problems are put to a model: by its chat template or as plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from transformers import PreTrainedTokenizerBase

from assets.problems import word
from domain.errors import invalid
from domain.runs import TaskSettings
from trainer.tasks import Problem, Task


@dataclass(frozen=True)
class Prompts:
    """Writes a problem as the prompt's text, and that as token ids.

    A chat template writes the special tokens itself; to plain text the tokenizer adds its own.
    Another wording is another recipe: raise RECIPE_VERSION in domain/runs.py.
    """

    tokenizer: PreTrainedTokenizerBase
    chat: bool
    bare: bool
    instruction: str
    examples: Sequence[Problem]
    template: str | None
    gap: str

    @classmethod
    def of(cls, task: Task, settings: TaskSettings, tokenizer: PreTrainedTokenizerBase) -> Self:
        """Raises Invalid where a chat is asked for that the model knows nothing of."""
        has_template = bool(tokenizer.chat_template)
        if settings.style == "chat" and not has_template:
            raise invalid(
                "task_settings.style",
                "this model's tokenizer has no chat template; use plain or auto, or the model's "
                "instruct version",
            )
        return cls(
            tokenizer=tokenizer,
            chat=has_template and settings.style != "plain" and not task.bare,
            bare=task.bare,
            instruction=task.instruction,
            examples=task.examples,
            template=settings.template,
            gap="\n" if settings.stop == "line" else "\n\n",
        )

    def write(self, problem: Problem) -> str:
        if self.bare:
            return problem.question
        return self.write_chat(problem) if self.chat else self.write_plain(problem)

    def write_chat(self, problem: Problem) -> str:
        """Examples are earlier turns; the last turn alone says how to answer."""
        turns = [
            {"role": role, "content": text}
            for example in self.examples
            for role, text in (("user", self.word(example)), ("assistant", example.solution))
        ]
        asked = "\n\n".join(filter(None, [self.word(problem), self.instruction]))
        return str(
            self.tokenizer.apply_chat_template(
                [*turns, {"role": "user", "content": asked}],
                tokenize=False,
                add_generation_prompt=True,
            )
        )

    def write_plain(self, problem: Problem) -> str:
        solved = [f"{self.word_plain(example)} {example.solution}" for example in self.examples]
        asked = self.word_plain(problem)
        return self.gap.join(filter(None, [self.instruction, *solved, asked]))

    def word_plain(self, problem: Problem) -> str:
        asked = self.word(problem)
        return asked if self.template else f"Question: {asked}\nAnswer:"

    def word(self, problem: Problem) -> str:
        return word(self.template or "{question}", problem.question, problem.facts)

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        ids: list[list[int]] = self.tokenizer(list(texts), add_special_tokens=not self.chat)[
            "input_ids"
        ]
        return ids
