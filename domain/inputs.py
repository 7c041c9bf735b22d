"""From decoded JSON or YAML to a type of ours: the one way in for what users write."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from domain.errors import FieldError, Invalid, dotted, from_validation

M = TypeVar("M", bound=BaseModel)
Place = tuple[int | str, ...]


def parse(kind: type[M], data: object, tags: Iterable[str] = ()) -> M:
    """Raises Invalid naming every wrong field. `tags`: see `from_validation`."""
    try:
        parsed = kind.model_validate(data)
    except ValidationError as error:
        raise from_validation(error, tags=tags) from error
    message = "takes no true or false"
    if wrong := [FieldError(field=dotted(at), message=message) for at in misread(data, parsed)]:
        raise Invalid(wrong)
    return parsed


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
