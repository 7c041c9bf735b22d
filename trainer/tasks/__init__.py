"""The tasks a run can train and be evaluated on: deterministic problems and an exact verifier."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from domain.catalogue import TaskCard, find_task
from trainer.tasks import countdown
from trainer.tasks.verdicts import Verdict

__all__ = ["Split", "Task", "Verdict", "load_task"]

Split = Literal["train", "eval", "held_out"]


@dataclass(frozen=True)
class Task:
    """`draw(split, size)` lists a split's prompts.

    `grade(prompt, completion)` judges a completion's text by the prompt alone. `probe()` gives
    prompts with completions right and wrong in many ways, to notice when `grade` changes.
    """

    card: TaskCard
    draw: Callable[[str, int], tuple[str, ...]]
    grade: Callable[[str, str], Verdict]
    probe: Callable[[], Iterator[tuple[str, str]]]

    def problems(self, split: Split) -> tuple[str, ...]:
        sizes = {
            "train": self.card.train_problems,
            "eval": self.card.eval_problems,
            "held_out": self.card.held_out_problems,
        }
        return self.draw(split, sizes[split])


def load_task(name: str) -> Task:
    """Raises Invalid for a name the catalogue does not know."""
    return Task(
        card=find_task(name),
        draw=countdown.problems,
        grade=countdown.grade,
        probe=countdown.probe,
    )
