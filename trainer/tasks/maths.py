"""Maths problems: the last stated answer against the reference."""

from collections.abc import Callable, Iterator
from functools import cache

from assets.tasks import FoundTask
from trainer.tasks.answers import LONGEST, extract, number_of
from trainer.tasks.examinations import Examiner
from trainer.tasks.verdicts import Problem, Verdict

PROBED = {
    "42": (
        r"\boxed{42}",
        r"So it is $\boxed{42}$.",
        r"\boxed{42.0}",
        r"\boxed{\frac{84}{2}}",
        r"\boxed{x = 42}",
        r"\boxed{42 \text{ cm}^2}",
        r"\boxed{42^\circ}",
        r"\boxed{1} and \boxed{42}",
        r"\boxed{42} or \boxed{43}",
        r"\boxed{42, 43}",
        r"\boxed{42 \text{ or } 43}",
        r"\boxed{40 + 2}",
        r"\boxed{\sqrt{1764}}",
        r"\boxed{4.2e1}",
        r"\boxed{٤٢}",
        r"\boxed{}",
        r"\boxed{42",
        "Answer: 42",
        "**Answer:** 42",
        "The answer is 42",
        "Answer: 42 or 43",
        "#### 42",
        "#### $42.",
        "#### 43",
        "42",
        "",
    ),
    "1,234.5": (
        r"\boxed{1234.5}",
        r"\boxed{1,234.50}",
        r"\boxed{12,34.5}",
        r"\boxed{\frac{2469}{2}}",
    ),
    r"10\%": (r"\boxed{10}", r"\boxed{10\%}", r"\boxed{0.1}"),
    r"3\sqrt{13}": (r"\boxed{\sqrt{117}}", r"\boxed{3\sqrt{13}}", r"\boxed{10.816653826392}"),
    r"\left( 3, \frac{\pi}{2} \right)": (
        r"\boxed{(3, \frac{\pi}{2})}",
        r"\boxed{(3, \pi/2)}",
        r"\boxed{(\frac{\pi}{2}, 3)}",
    ),
    "[1,\\infty)": (r"\boxed{[1, \infty)}", r"\boxed{(1, \infty)}"),
    "p - q": (r"\boxed{-q + p}", r"\boxed{q - p}"),
    r"\text{Evelyn}": (r"\boxed{\text{Evelyn}}", r"\boxed{Evelyn}", r"\boxed{\text{Carla}}"),
    "1, 2, 3": (r"\boxed{3, 2, 1}", r"\boxed{1, 2, 3}", r"\boxed{1, 2}", r"\boxed{1, 2, 3, 4}"),
}


def grader(_: FoundTask) -> Callable[[Problem, str], Verdict]:
    return grade


@cache
def examiner() -> Examiner:
    return Examiner({})


def grade(problem: Problem, completion: str) -> Verdict:
    answer = extract(completion)
    if answer is None:
        return Verdict.UNPARSABLE
    return Verdict.CORRECT if equal(problem.answer, answer) else Verdict.WRONG


def equal(reference: str, answer: str) -> bool:
    """Numbers exactly; else as math-verify finds, of an answer that is not its decimals."""
    if len(answer) > LONGEST:
        return False
    exact = number_of(reference)
    if exact is not None:
        return number_of(answer) == exact
    if answer == reference:
        return True
    if not answer.isascii() or ("." in answer and "." not in reference):
        return False
    return examiner().accepts({"gold": reference, "text": answer})


def solve(problem: Problem, instruction: str) -> Problem:
    """With its solution written out as the instruction asks for the answer."""
    ending = f"\\boxed{{{problem.answer}}}"
    if "boxed" not in instruction:
        marks = [mark for mark in ("####", "Answer:") if mark in instruction]
        ending = f"{marks[0]} {problem.answer}" if marks else ending
    elif "\\boxed" in problem.solution:
        return problem
    return problem._replace(solution=f"{problem.solution}\n{ending}".strip())


def probe() -> Iterator[tuple[Problem, str]]:
    for answer, completions in PROBED.items():
        for completion in completions:
            yield Problem("", answer), completion
