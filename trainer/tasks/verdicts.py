"""What is asked, and what a verifier can say about one completion."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Problem(NamedTuple):
    """What is asked, and what the verifier compares with where the question does not say it all.

    `solution` is a right completion, for tasks whose problems can serve as examples. `number` finds
    a generated problem again. `facts` are what its family says of it.
    """

    question: str
    answer: str = ""
    solution: str = ""
    number: int = 0
    facts: Mapping[str, str] = {}


class Verdict(StrEnum):
    CORRECT = "correct"
    WRONG = "wrong"
    UNPARSABLE = "unparsable"
