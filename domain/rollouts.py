"""Kept completions: how their problems are named, and which of them are asked for."""

import hashlib
from dataclasses import dataclass

KEY = r"^[0-9a-f]{12}$"
CORRECT = 1.0
"""The reward of a correct completion; that of a wrong one is below, whatever a sweep makes it."""


def problem_key(problem: str) -> str:
    """A name for a problem, short enough for an address, the same in every run."""
    return hashlib.sha256(problem.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class RolloutQuery:
    """Which completions of a run: at `step`, by default the last, of the problem with that key,
    `correct` or not, with `search` in their text in any case."""

    step: int | None = None
    problem: str | None = None
    correct: bool | None = None
    search: str = ""
    limit: int = 50
    offset: int = 0
