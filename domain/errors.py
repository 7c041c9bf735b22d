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

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails


class FieldError(BaseModel):
    """One wrong field: where it is (`arms[3].kappa`), what is wrong and what to do about it."""

    field: str
    message: str


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
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors))


def invalid(field: str, message: str) -> Invalid:
    return Invalid([FieldError(field=field, message=message)])


def from_validation(error: ValidationError, prefix: str = "", tags: Iterable[str] = ()) -> Invalid:
    """Turns pydantic's error into ours. `tags`: union tags, which pydantic adds to paths."""
    return Invalid(field_errors(error.errors(), prefix, tags))


def field_errors(
    details: Iterable[ErrorDetails], prefix: str = "", tags: Iterable[str] = ()
) -> list[FieldError]:
    hidden = frozenset(tags)
    found: dict[str, FieldError] = {}
    for detail in details:
        field = dotted([part for part in detail["loc"] if part not in hidden], prefix)
        found.setdefault(field, FieldError(field=field or "body", message=wording(detail)))
    return list(found.values())


def dotted(parts: Iterable[int | str], prefix: str = "") -> str:
    """("arms", 3, "kappa") -> "arms[3].kappa"."""
    path = prefix
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path


def wording(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind == "missing":
        return "is required"
    if kind == "extra_forbidden":
        return "is not a known field here; check the spelling or remove it"
    if kind == "union_tag_not_found":
        return f"its {detail['ctx']['discriminator']} is required"
    if kind in ("value_error", "assertion_error"):
        return str(detail["ctx"]["error"])
    message = detail["msg"]
    given = detail.get("input")
    shown = isinstance(given, str | int | float) and len(str(given)) <= 60
    return f"{message} (given: {given})" if shown else message
