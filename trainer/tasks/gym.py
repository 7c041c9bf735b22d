"""Generated problems of reasoning-gym: of the family's own scorer only the full score counts.

Its scorers give partial credit, and some take the first number they find in a sentence: so the
answer is taken out here, and where the reference is a number it has to be written as one.
"""

import re
from collections.abc import Callable, Iterator

from assets.tasks import FoundTask
from domain.catalogue import FAMILY
from trainer.tasks.examinations import Examiner
from trainer.tasks.verdicts import Problem, Verdict

LONGEST = 20_000
TAGGED = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
LINE = re.compile(r"^[ \t]*Answer:", re.MULTILINE)
NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?", re.ASCII)
FORBIDDEN = "__"
FAMILIES = """
    binary_matrix countdown intermediate_integration n_queens polynomial_multiplication
    simple_integration spiral_matrix string_insertion
"""
EVALUATED = frozenset(FAMILIES.split())
"""Families whose scorers evaluate an answer as Python, themselves or through sympy."""
BEYOND_A_FORMULA = re.compile(
    r"""["'\\]|\.\s*[A-Za-z_]|"""
    r"(?<![A-Za-z_])(?!(?:a?(?:sin|cos|tan)h?|sec|csc|cot|exp|log|ln|sqrt|pi|Abs)\b)[A-Za-z_]\w",
    re.ASCII,
)
"""Texts, attributes and names that are neither one letter nor one of these functions."""

PROBED = (
    ("18", "18"),
    ("18", "+018.0"),
    ("18", " 18\n"),
    ("18", "18."),
    ("18", "3 * 6"),
    ("18", "18 or 19"),
    ("18", "It is 18"),
    ("18", "1.8e1"),
    ("18", "١٨"),
    ("1800", "1,800"),
    ("1800", "18,00"),
    ("18", ""),
    ("18", "7\nAnswer: 18"),
    ("18", "Answer: 7\nAnswer: 18"),
    ("18", "<answer>7</answer> and <answer> 18 </answer> or Answer: 9"),
    ("18", "<answer>18"),
    ("18", "<answer></answer>"),
    ("a\nb", "Answer:\na\nb"),
    ("True", "True"),
    ("True", "__import__('os')"),
    ("x", "é"),
    ("é", "é"),
    ("", "anything"),
    ("x", "y" * (LONGEST + 1)),
)


def grader(found: FoundTask) -> Callable[[Problem, str], Verdict]:
    family = FAMILY.fullmatch(found.card.name)
    assert family  # noqa: S101  (that is how it was found)
    examiner = Examiner({"family": family[1], "parameters": found.parameters})

    def scores_full(problem: Problem, answer: str) -> bool:
        if family[1] in EVALUATED and BEYOND_A_FORMULA.search(answer):
            return False
        return examiner.accepts({"number": problem.number, "text": answer})

    return lambda problem, completion: grade(problem, completion, scores_full)


def grade(
    problem: Problem, completion: str, scores_full: Callable[[Problem, str], bool]
) -> Verdict:
    answer = extract(completion)
    if not answer:
        return Verdict.UNPARSABLE
    right = answer == problem.answer.strip() or (
        admissible(problem.answer, answer) and scores_full(problem, answer)
    )
    return Verdict.CORRECT if right else Verdict.WRONG


def extract(completion: str) -> str:
    """In the last tags, else after the last line that begins with `Answer:`, else all of it."""
    if tagged := TAGGED.findall(completion):
        return str(tagged[-1]).strip()
    if "<answer>" in completion:
        return ""
    return LINE.split(completion)[-1].strip()


def admissible(reference: str, answer: str) -> bool:
    """Whether the scorer is to see the answer at all."""
    if len(answer) > LONGEST or FORBIDDEN in answer:
        return False
    if reference.isascii() and not answer.isascii():
        return False
    return not NUMBER.fullmatch(reference) or NUMBER.fullmatch(answer) is not None


def solve(problem: Problem, instruction: str) -> Problem:
    """With its reference written as the instruction asks for the answer."""
    if "<answer>" in instruction:
        return problem._replace(solution=f"<answer>{problem.answer}</answer>")
    mark = "Answer: " if "Answer:" in instruction else ""
    return problem._replace(solution=f"{mark}{problem.answer}")


def probe() -> Iterator[tuple[Problem, str]]:
    """For `grade` with a scorer that is content with everything."""
    for answer, completion in PROBED:
        yield Problem("", answer), completion
