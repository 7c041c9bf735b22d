"""The tasks a run can train and be evaluated on: deterministic problems and an exact verifier."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from domain.catalogue import TaskCard, find_task
from domain.runs import RunSpec
from trainer.tasks import countdown
from trainer.tasks.verdicts import Verdict

__all__ = ["Problem", "Split", "Task", "Verdict", "load_countdown", "load_task"]

Split = Literal["train", "eval", "held_out"]


class Problem(NamedTuple):
    """What is asked, and what the verifier compares with where the question does not say it all.

    `solution` is a right completion in full, for tasks whose problems can serve as examples.
    """

    question: str
    answer: str = ""
    solution: str = ""


@dataclass(frozen=True)
class Task:
    """`draw(split, size)` lists a split's problems.

    `grade` judges a completion's text. `probe` gives problems with completions right and wrong in
    many ways, to notice when `grade` changes. `instruction` tells how to answer; a task without one
    puts its questions as they stand to a model made for them.
    """

    card: TaskCard
    draw: Callable[[str, int], Sequence[Problem]]
    grade: Callable[[Problem, str], Verdict]
    probe: Callable[[], Iterator[tuple[Problem, str]]]
    instruction: str = ""

    def problems(self, split: Split) -> Sequence[Problem]:
        sizes = {
            "train": self.card.train_problems,
            "eval": self.card.eval_problems,
            "held_out": self.card.held_out_problems,
        }
        return self.draw(split, sizes[split])


def load_task(spec: RunSpec) -> Task:
    """Raises Invalid for a name nobody knows, BadData where its files are missing or broken."""
    find_task(spec.task)
    return load_countdown()


def load_countdown() -> Task:
    return Task(
        card=find_task("countdown"),
        draw=lambda split, size: [Problem(prompt) for prompt in countdown.problems(split, size)],
        grade=lambda problem, completion: countdown.grade(problem.question, completion),
        probe=lambda: ((Problem(prompt), text) for prompt, text in countdown.probe()),
    )
