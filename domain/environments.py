"""What a program reads of its environment, which may hold secrets that no log is to repeat."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from domain.wordings import word

PREFIX = "FORKPOINT_"
Settings = TypeVar("Settings", bound=BaseModel)


def read(kind: type[Settings]) -> Settings:
    """Its settings; ends the program with a line for each variable that is missing or wrong."""
    try:
        return kind()
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)
        lines = [f"{PREFIX}{detail['loc'][0]}".upper() + f": {word(detail)}" for detail in wrong]
        raise SystemExit("\n".join(lines)) from None
