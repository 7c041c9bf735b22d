"""Errors in the user's words. `api/errors.py` alone knows which HTTP status each becomes.

DomainError
  + NotFound     nothing has that id
  + Conflict     the thing exists, but its state forbids the request
  + Invalid      the input is wrong; carries one FieldError for each wrong field
  + Fenced       a write came from an attempt that no longer owns its run
  + Unknown      nobody knows who is asking
  + Forbidden    it is known who is asking, and they may not
  + TooOften     it was asked too often; carries the seconds to wait
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.wordings import place, shortened, word

MOST_ERRORS = 100
LONGEST_PART = 200
LONGEST_MESSAGE = 2000
"""Of what is said of a text: nobody reads more, and a text of a megabyte could ask for it."""


class FieldError(BaseModel):
    """One wrong field: where it is (`arms[3].kappa`), what is wrong and what to do about it.

    `arm` is the name of the arm that it is in, if it is in one.
    """

    field: str
    message: Annotated[str, AfterValidator(partial(shortened, longest=LONGEST_MESSAGE))]
    arm: str | None = None

    def __str__(self) -> str:
        return f"{self.field}{f' (arm {self.arm})' if self.arm else ''}: {self.message}"


class DomainError(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    pass


class Conflict(DomainError):
    pass


class Fenced(DomainError):
    pass


class Unknown(DomainError):
    pass


class Forbidden(DomainError):
    pass


class TooOften(DomainError):
    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Invalid(DomainError):
    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(map(str, self.errors)))


def invalid(field: str, message: str) -> Invalid:
    return Invalid([FieldError(field=field, message=message)])


@contextmanager
def naming_arm(name: str) -> Iterator[None]:
    """What is refused within and is at an arm is told with that one's name."""
    try:
        yield
    except Invalid as error:
        errors = [
            one.model_copy(update={"arm": name}) if one.field.startswith("arms[") else one
            for one in error.errors
        ]
        raise Invalid(errors) from error


def from_validation(error: ValidationError, prefix: str = "", tags: Iterable[str] = ()) -> Invalid:
    """Turns pydantic's error into ours. `tags`: union tags, which pydantic adds to paths."""
    return Invalid(field_errors(error.errors(), prefix, tags))


def field_errors(
    details: Iterable[ErrorDetails],
    prefix: str = "",
    tags: Iterable[str] = (),
    kind: type[BaseModel] | None = None,
) -> list[FieldError]:
    """The first ones. `kind` is what was to be read, if it is known."""
    hidden = frozenset(tags)
    found: dict[str, FieldError] = {}
    for detail in details:
        field = dotted([part for part in place(detail) if part not in hidden], prefix)
        if field not in found:
            found[field] = FieldError(field=field or "body", message=word(detail, kind))
        if len(found) == MOST_ERRORS:
            break
    return list(found.values())


def dotted(parts: Iterable[int | str], prefix: str = "") -> str:
    """("arms", 3, "kappa") -> "arms[3].kappa"."""
    path = prefix
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part[:LONGEST_PART]}" if path else part[:LONGEST_PART]
    return path
