"""The tasks a run can train and be evaluated on: deterministic problems and an exact verifier."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assets.rows import BrokenFile
from assets.tasks import FoundTask, read_task
from domain.catalogue import TaskCard, find_task
from domain.runs import RunSpec
from trainer.failures import BadData
from trainer.tasks import countdown, gym, maths
from trainer.tasks.verdicts import Problem, Verdict

__all__ = [
    "Problem",
    "Split",
    "Task",
    "Verdict",
    "countdown",
    "gym",
    "load_countdown",
    "load_task",
    "maths",
]

Split = Literal["train", "eval", "held_out"]


@dataclass(frozen=True)
class Task:
    """`draw(split, size)` lists a split's problems.

    `grade` judges a completion's text. `probe` gives problems with completions right and wrong in
    many ways, to notice when `grade` changes. `instruction` tells how to answer; `examples` are
    solved and in no split. Where the questions are `bare` they are put as they stand, to a model
    made for them.
    """

    card: TaskCard
    draw: Callable[[str, int], Sequence[Problem]]
    grade: Callable[[Problem, str], Verdict]
    probe: Callable[[], Iterator[tuple[Problem, str]]]
    instruction: str = ""
    examples: Sequence[Problem] = ()
    bare: bool = False

    def problems(self, split: Split) -> Sequence[Problem]:
        sizes = {
            "train": self.card.train_problems,
            "eval": self.card.eval_problems,
            "held_out": self.card.held_out_problems,
        }
        return self.draw(split, sizes[split])


def load_task(spec: RunSpec, root: Path) -> Task:
    """Raises Invalid for a name nobody knows, BadData where its files are missing or broken."""
    try:
        found = read_task(spec.task, spec.task_settings, root)
    except BrokenFile as error:
        raise BadData(error.message) from None
    if found:
        return load_found(found, spec.task_settings.instruction)
    find_task(spec.task)
    return load_countdown()


def load_found(found: FoundTask, own: str | None) -> Task:
    """`own` replaces the task's words on how to answer, which its examples follow."""
    instruction = found.instruction if own is None else own
    kind = gym if found.kind == "gym" else maths
    splits = {
        split: [Problem(*item) for item in items] for split, items in found.splits._asdict().items()
    }
    return Task(
        card=found.card,
        draw=lambda split, size: splits[split][:size],
        grade=kind.grader(found),
        probe=kind.probe,
        instruction=instruction,
        examples=[kind.solve(Problem(*item), instruction) for item in found.examples],
    )


def load_countdown() -> Task:
    return Task(
        card=find_task("countdown"),
        draw=lambda split, size: [Problem(prompt) for prompt in countdown.problems(split, size)],
        grade=lambda problem, completion: countdown.grade(problem.question, completion),
        probe=lambda: ((Problem(prompt), text) for prompt, text in countdown.probe()),
        bare=True,
    )
