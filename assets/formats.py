"""The columns that maths data sets are published with, and the problem in a row of each.

GSM8K       question, answer: the way and `#### 42`
DAPO        prompt: chat messages, reward_model: {ground_truth}
MATH, AIME  problem or question, answer; solution where there is one, and the answer of its last
            \\boxed{} where there is no column for it
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from assets.problems import Item
from assets.rows import Place, Row

LONGEST_ANSWER = 300
LONGEST_QUESTION = 100_000
CALCULATOR = re.compile(r"<<[^<>]*>>")
WRAPPING = re.compile(
    r"Solve the following math problem step by step\.[^\n]*Answer:[^\n]*\n\s*(?P<question>.*?)"
    r"\s*(?:\n\s*Remember to put your answer on its own line after \"Answer:\"\.?\s*)?",
    re.DOTALL,
)
"""The instruction that DAPO's prompts come wrapped in: ours takes its place."""


class Format(NamedTuple):
    name: str
    read: Callable[[Row, Place], Item]
    completion_tokens: int


def recognise(row: Row, place: Place) -> Format:
    """By the first row's columns. Raises BrokenFile."""
    columns = lower(row)
    if {"prompt", "reward_model"} <= columns.keys():
        return DAPO
    if "question" in columns and "####" in str(columns.get("answer")):
        return GSM8K
    if {"problem", "question"} & columns.keys() and {"answer", "solution"} & columns.keys():
        return MATH
    raise place.fail(
        f"has the columns {', '.join(map(str, row)) or 'none'}; known are question and answer, "
        "problem and answer, problem and solution, prompt and reward_model"
    )


def lower(row: Row) -> dict[str, object]:
    return {str(name).lower(): value for name, value in row.items()}


def read_gsm8k(row: Row, place: Place) -> Item:
    columns = lower(row)
    whole = text_of(columns, ["answer"], place)
    way, mark, answer = whole.rpartition("####")
    if not mark:
        raise place.fail("answer does not end in `#### ` and the number")
    solution = CALCULATOR.sub("", way).strip()
    return item(text_of(columns, ["question"], place), answer, solution, place)


def read_dapo(row: Row, place: Place) -> Item:
    columns = lower(row)
    reward = columns.get("reward_model")
    if not isinstance(reward, Mapping):
        raise place.fail("reward_model is not an object with ground_truth")
    asked = last_message(columns.get("prompt"), place)
    wrapped = WRAPPING.fullmatch(asked.strip())
    question = wrapped["question"] if wrapped else asked
    return item(question, answer_of(reward.get("ground_truth"), place), "", place)


def last_message(messages: object, place: Place) -> str:
    if isinstance(messages, str):
        return messages
    said = [
        message["content"]
        for message in (messages if isinstance(messages, Iterable) else ())
        if isinstance(message, Mapping) and message.get("role") == "user"
    ]
    if not said or not isinstance(said[-1], str):
        raise place.fail("prompt has no message of the user with content")
    return said[-1]


def read_math(row: Row, place: Place) -> Item:
    columns = lower(row)
    question = text_of(columns, ["problem", "question"], place)
    given = columns.get("solution")
    solution = given.strip() if isinstance(given, str) else ""
    if columns.get("answer") is not None:
        return item(question, answer_of(columns["answer"], place), solution, place)
    answer = last_boxed(solution)
    if answer is None:
        raise place.fail("has no answer, and no \\boxed{...} in its solution")
    return item(question, answer, solution, place)


def text_of(columns: Mapping[str, object], names: Iterable[str], place: Place) -> str:
    name = next((name for name in names if columns.get(name) is not None), None)
    if name is None:
        raise place.fail(f"column {' or '.join(names)} is missing")
    value = columns[name]
    if not isinstance(value, str) or not value.strip():
        raise place.fail(f"column {name} is not a text")
    return value


def answer_of(value: object, place: Place) -> str:
    """As text; a whole number that was stored as 27.0 is 27."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise place.fail("column answer is neither a text nor a number")


def item(question: str, answer: str, solution: str, place: Place) -> Item:
    """Raises BrokenFile for an answer that no completion could be compared with."""
    answer = " ".join(answer.split())
    problem = fault_of(answer)
    if problem:
        raise place.fail(f"its answer {answer[:60]!r} {problem}; mend the row or remove it")
    if len(question) > LONGEST_QUESTION:
        raise place.fail(f"its question has over {LONGEST_QUESTION:,} characters")
    return Item(question.strip(), answer, solution)


def fault_of(answer: str) -> str:
    if not answer or answer.lower() in ("nan", "none", "null", "inf", "-inf"):
        return "says nothing"
    if len(answer) > LONGEST_ANSWER:
        return f"is longer than {LONGEST_ANSWER} characters"
    if closing_brace("{" + answer + "}") != len(answer) + 1:
        return "has braces that do not match"
    return ""


def last_boxed(text: str) -> str | None:
    """What stands in the last \\boxed{...}; None where there is none or it does not end."""
    start = text.rfind("\\boxed{")
    if start < 0:
        return None
    inside = text[start + len("\\boxed") :]
    end = closing_brace(inside)
    return inside[1:end] if end > 0 else None


def closing_brace(text: str) -> int:
    """Where the brace closes that `text` begins with; -1 where it does not. `\\{` is no brace."""
    depth = 0
    for found in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
            if depth == 0:
                return found.start()
    return -1


GSM8K = Format("GSM8K", read_gsm8k, 512)
DAPO = Format("DAPO", read_dapo, 1024)
MATH = Format("MATH", read_math, 1024)
