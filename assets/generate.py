"""Makes a reasoning-gym family's problems, in a process of its own: `python -m assets.generate`.

A JSON request on standard input, a JSON reply on standard output. Six families follow the order of
Python's sets, so whoever starts this sets PYTHONHASHSEED=0; some print; some never end.
"""

import dataclasses
import json
import os
import random
import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

SECONDS_A_PROBLEM = 20
MEMORY = 4 << 30
LONGEST_FACT = 200


class Refusal(Exception):
    """`field` below task_settings.parameters, or nothing for all of them."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Drawn(TypedDict):
    question: str
    answer: str | None
    number: int
    facts: dict[str, str]


def open_family(family: str, parameters: Mapping[str, Any]) -> Any:
    """The package's data set: indexed by a problem's number. Raises Refusal."""
    from reasoning_gym.factory import DATASETS

    dataset, config = DATASETS[family]
    fields = {field.name: field for field in dataclasses.fields(config)}
    for name in parameters:
        if name not in fields:
            raise Refusal(name, f"is not one of {family}'s; it has {', '.join(sorted(fields))}")
    values = {name: fitted(name, value, fields[name]) for name, value in parameters.items()}
    try:
        made = config(**values)
        made.validate()
        return dataset(made)
    except (AssertionError, TypeError, ValueError, KeyError, IndexError) as error:
        field = next((name for name in parameters if name in str(error)), "")
        raise Refusal(field, f"{family} refuses them: {error or type(error).__name__}") from None


def fitted(name: str, value: object, field: Any) -> object:
    """As the package wants it, which checks ranges but not types. Raises Refusal."""
    default = field.default
    if default is dataclasses.MISSING or default is None:
        return value
    kind = type(default)
    if kind is tuple and isinstance(value, list):
        return tuple(value)
    fits = isinstance(value, int | float) if kind is float else isinstance(value, kind)
    if not fits or isinstance(value, bool) != (kind is bool):
        raise Refusal(
            name, f"must be of type {kind.__name__}, such as {default!r} (given: {value!r})"
        )
    return value


def draw(family: str, parameters: Mapping[str, Any]) -> Iterator[Drawn]:
    """One problem for each number below `size`. Raises Refusal."""
    data = open_family(family, parameters)
    for number in range(len(data)):
        random.seed(number)  # should a family forget to use its own
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_A_PROBLEM)
        try:
            entry = data[number]
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  (each family raises what it likes)
            raise Refusal("", f"{family} cannot make problem {number}: {error}") from None
        if late:  # and caught by the family itself, which then went on with something else
            raise TooSlow
        yield Drawn(
            question=entry["question"],
            answer=entry["answer"],
            number=number,
            facts=facts_of(entry["metadata"]),
        )
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def facts_of(metadata: Mapping[str, object]) -> dict[str, str]:
    """What is short enough to stand in a prompt, less what the package keeps for itself."""
    short = {
        name: str(value) for name, value in metadata.items() if isinstance(value, str | int | float)
    }
    return {
        name: value
        for name, value in short.items()
        if len(value) <= LONGEST_FACT and not name.startswith("source_")
    }


class TooSlow(BaseException):
    """Not an Exception, so that few of the families' own handlers catch it."""


late: list[int] = []


def give_up(number: int, _: object) -> None:
    late.append(number)
    raise TooSlow


def main() -> None:
    reply = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    made: list[Drawn] = []
    signal.signal(signal.SIGVTALRM, give_up)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        made.extend(draw(request["family"], request["parameters"]))
    except Refusal as refused:
        json.dump({"field": refused.field, "message": str(refused)}, reply)
    except TooSlow:
        problem = f"problem {len(made)} of {request['family']} took over {SECONDS_A_PROBLEM} s"
        json.dump(
            {"field": "size", "message": f"{problem}; take a smaller size or another seed"}, reply
        )
    except MemoryError:
        made.clear()
        problem = f"{request['family']} needs over {MEMORY >> 30} GiB of memory with these"
        json.dump({"field": "", "message": f"{problem}; take smaller ones"}, reply)
    else:
        json.dump({"problems": made}, reply)
    reply.close()


if __name__ == "__main__":
    main()
