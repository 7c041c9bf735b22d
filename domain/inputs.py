"""From decoded JSON or YAML to a type of ours: the one way in for what users write."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from domain.errors import LONGEST_PART, FieldError, Invalid, dotted, field_errors

M = TypeVar("M", bound=BaseModel)
Place = tuple[int | str, ...]
ARM = re.compile(r"arms\[(\d+)\]")


def parse(kind: type[M], data: object, tags: Iterable[str] = ()) -> M:
    """Raises Invalid naming every wrong field, and its arm. `tags`: see `from_validation`."""
    try:
        parsed = kind.model_validate(data)
    except ValidationError as error:
        wrong = field_errors(error.errors(), tags=tags, kind=kind)
        raise Invalid([in_arm(one, data) for one in wrong]) from error
    message = "takes no true or false"
    if wrong := [FieldError(field=dotted(at), message=message) for at in misread(data, parsed)]:
        raise Invalid([in_arm(one, data) for one in wrong])
    return parsed


def in_arm(error: FieldError, data: object) -> FieldError:
    """With the name of its arm, which says more than a number does."""
    found = ARM.match(error.field)
    arms = data.get("arms") if isinstance(data, Mapping) else None
    arm = arms[int(found[1])] if found and isinstance(arms, list) else None
    name = arm.get("name") if isinstance(arm, Mapping) else None
    if not isinstance(name, str) or len(name) > LONGEST_PART:
        return error
    return error.model_copy(update={"arm": name})


def misread(given: object, read: object, at: Place = ()) -> Iterator[Place]:
    """Where true or false became something else: Python takes `steps: yes` for one step."""
    if isinstance(given, bool):
        values = read if isinstance(read, list) else [read]
        if not all(isinstance(value, bool) for value in values):
            yield at
    elif isinstance(given, Mapping):
        for name, value in given.items():
            inner = read.get(name) if isinstance(read, Mapping) else getattr(read, name, None)
            yield from misread(value, inner, (*at, name))
    elif isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        for index, (one, other) in enumerate(zip(given, read, strict=True)):
            yield from misread(one, other, (*at, index))
