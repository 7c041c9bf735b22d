"""What the catalogue's versions must end in: hashes of a model's files, of a task's behaviour.

python -m trainer.versions
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from trainer.models import FOLDERS
from trainer.tasks import Split, Task, Verdict, gym, load_countdown, maths

FILES = (
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
)
DIGITS = 12


def model_hash(folder: Path) -> str:
    content = b"".join(hashlib.sha256((folder / name).read_bytes()).digest() for name in FILES)
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def task_hash(task: Task) -> str:
    """Of its problems, and of what its verifier says to completions right and wrong."""
    splits = {
        split: [problem.question for problem in task.problems(split)] for split in get_args(Split)
    }
    verdicts = [task.grade(problem, completion) for problem, completion in task.probe()]
    return hashlib.sha256(json.dumps([splits, verdicts]).encode()).hexdigest()[:DIGITS]


def maths_hash() -> str:
    return verdicts_hash(maths.grade(problem, text) for problem, text in maths.probe())


def gym_hash() -> str:
    """Of what reaches a family's scorer, and of what is made of its yes and no."""

    def scores(answer: bool) -> Iterable[Verdict]:
        return (gym.grade(problem, text, lambda *_: answer) for problem, text in gym.probe())

    return verdicts_hash([*scores(True), *scores(False)])


def verdicts_hash(verdicts: Iterable[Verdict]) -> str:
    return hashlib.sha256(json.dumps(list(verdicts)).encode()).hexdigest()[:6]


if __name__ == "__main__":
    sys.stdout.write(f"countdown-tiny {model_hash(FOLDERS['countdown-tiny'])}\n")
    sys.stdout.write(f"countdown {task_hash(load_countdown())}\n")
    sys.stdout.write(f"maths {maths_hash()}\n")
    sys.stdout.write(f"gym {gym_hash()}\n")
