"""The strictness every input of Forkpoint shares: unknown fields refused, values frozen."""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Span(NamedTuple):
    """From the character `begin` up to `end`, which is the first one behind it."""

    begin: int
    end: int
