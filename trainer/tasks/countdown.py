"""Countdown: reach a target from four numbers in 1..12, in steps written `a op b = c , ...`.

A problem is its canonical form, the sorted numbers and the target. Which split it belongs to
follows from a hash of that form, so no problem can be in two splits however it was drawn.
"""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from operator import add, mul, sub

from trainer.tasks.verdicts import Verdict

COUNT = 4
SMALLEST, LARGEST = 1, 12
CEILING = 100
OPERATORS = {"+": add, "-": sub, "*": mul}
BUCKETS = {0: "eval", 1: "held_out"}
NUMBER_OF_BUCKETS = 8
PROBED = 64
EDGES = (
    ("1 10 10 11 -> 100 :", "10 * 11 = 110 , 110 - 10 = 100 , 100 * 1 = 100"),
    ("1 10 10 11 -> 90 :", "10 * 10 = 100 , 100 + 1 = 101 , 101 - 11 = 90"),
    ("1 1 10 10 -> 100 :", "10 * 10 = 100 , 100 * 1 = 100 , 100 * 1 = 100"),
    ("1 12 12 12 -> 1727 :", "12 * 12 = 144 , 144 * 12 = 1728 , 1728 - 1 = 1727"),
    ("1 1 2 3 -> 5 :", "2 + 3 = 5 , 5 - 1 = 4 , 4 - 1 = 3"),
    ("1 2 2 6 -> 6 :", "6 / 2 = 3 , 3 * 2 = 6 , 6 * 1 = 6"),
    ("1 2 3 4 -> 6 :", "2 - 3 = -1 , 4 - -1 = 5 , 5 + 1 = 6"),
)
"""What drawn derivations seldom do: touch or leave the bounds, pass the target, divide."""

NUMBER = r"(0|[1-9][0-9]{0,2})"
STEP = re.compile(rf"{NUMBER} ([-+*]) {NUMBER} = {NUMBER}", re.ASCII)

Derivation = list[tuple[int, str, int, int]]


def render(numbers: Sequence[int], target: int) -> str:
    return f"{' '.join(map(str, sorted(numbers)))} -> {target} :"


def read(prompt: str) -> tuple[tuple[int, ...], int]:
    given, goal = prompt.removesuffix(" :").split(" -> ")
    return tuple(map(int, given.split())), int(goal)


def split_of(prompt: str) -> str:
    return BUCKETS.get(digest(prompt)[0] % NUMBER_OF_BUCKETS, "train")


def digest(prompt: str) -> bytes:
    return hashlib.sha256(prompt.encode()).digest()


def draw(rng: random.Random) -> tuple[str, Derivation]:
    """A random problem with the random valid derivation that proves it solvable."""
    while True:
        numbers = [rng.randint(SMALLEST, LARGEST) for _ in range(COUNT)]
        steps = derive(numbers, rng)
        if steps:
            return render(numbers, steps[-1][-1]), steps


def derive(numbers: Sequence[int], rng: random.Random) -> Derivation:
    """Combines two numbers at a time until one is left; empty if no operator fits on the way."""
    left, steps = list(numbers), []
    while len(left) > 1:
        a, b = (left.pop(rng.randrange(len(left))) for _ in range(2))
        fitting = [sign for sign, apply in OPERATORS.items() if 0 <= apply(a, b) <= CEILING]
        if not fitting:
            return []
        sign = rng.choice(fitting)
        left.append(OPERATORS[sign](a, b))
        steps.append((a, sign, b, left[-1]))
    return steps


def draw_all(split: str, seed: str) -> Iterator[tuple[str, Derivation]]:
    rng = random.Random(seed)  # noqa: S311  (problems, not secrets)
    while True:
        prompt, steps = draw(rng)
        if split_of(prompt) == split:
            yield prompt, steps


@lru_cache
def problems(split: str, size: int) -> tuple[str, ...]:
    """The first `size` distinct problems drawn for a split, in the order of their hashes.

    The likeliest problems are drawn first and are the easiest; hashes make any beginning of the
    list as hard as the whole.
    """
    found: set[str] = set()
    for prompt, _ in draw_all(split, f"countdown/{split}"):
        if len(found) == size:
            break
        found.add(prompt)
    return tuple(sorted(found, key=digest))


def write(steps: Derivation) -> str:
    return " , ".join(f"{a} {sign} {b} = {value}" for a, sign, b, value in steps)


def grade(prompt: str, completion: str) -> Verdict:
    parts = completion.strip(" ").split(" , ")
    steps = [found.groups() for part in parts if (found := STEP.fullmatch(part))]
    if len(steps) < len(parts):
        return Verdict.UNPARSABLE
    numbers, target = read(prompt)
    left, value = Counter(numbers), None
    for first, sign, second, result in steps:
        a, b, value = int(first), int(second), int(result)
        left.subtract([a, b])
        if min(left.values()) < 0 or OPERATORS[sign](a, b) != value or value > CEILING:
            return Verdict.WRONG
        left[value] += 1
    used_all = left.total() == 1
    return Verdict.CORRECT if used_all and value == target else Verdict.WRONG


def probe() -> Iterator[tuple[str, str]]:
    """Prompts with completions that are right, nearly right, and nothing of the kind."""
    drawn = list(islice(draw_all("train", "probe"), PROBED))
    for number, (prompt, steps) in enumerate(drawn):
        right = write(steps)
        yield prompt, right
        yield drawn[number - 1][0], right
        numbers, target = read(prompt)
        yield render(numbers, target + 1), right
        for wrong in [
            "",
            "42",
            right.rpartition(" , ")[0],
            right + " , 1 + 1 = 2",
            right + " ,",
            right.replace("+", "-"),
            right.replace(" = ", " = 0"),
            right.replace(" ", "  "),
            f" {right} ",
            right.replace(" , ", "\n"),
            right.replace(" , ", ", "),
            right + "\n",
            f"{right} {right}",
        ]:
            yield prompt, wrong
    yield from EDGES
