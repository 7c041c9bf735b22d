"""What the catalogue's versions must end in: hashes of a model's files, of a task's behaviour.

python -m trainer.versions
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import get_args

from trainer.models import FOLDERS
from trainer.tasks import Split, Task, load_countdown

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


if __name__ == "__main__":
    sys.stdout.write(f"countdown-tiny {model_hash(FOLDERS['countdown-tiny'])}\n")
    sys.stdout.write(f"countdown {task_hash(load_countdown())}\n")
