"""What part of a run's or a sweep's curves a request asks for, as query parameters."""

from typing import Annotated

from fastapi import Query
from pydantic import Field, ValidationInfo, field_validator

from api.dependencies import MAX_ID, Text, split_names
from db.axes import Axis
from db.series import Window
from domain.schemas import Strict

MOST_NAMES = 50  # each is read on its own
Place = Annotated[float | None, Field(ge=0, le=1e18)]


class RunWindowQuery(Strict):
    names: Annotated[
        Text,
        Field(
            max_length=4000, description=f"At most {MOST_NAMES} metric names, separated by commas."
        ),
    ] = ""
    points: Annotated[
        int, Field(ge=4, le=10_000, description="About how many points a series keeps.")
    ] = 500
    x: Annotated[Axis, Field(description="What it is drawn against.")] = Axis.STEP
    low: Annotated[Place, Field(alias="from", description="Of `x`; default: its start.")] = None
    high: Annotated[Place, Field(alias="to", description="Of `x`; default: its end.")] = None

    @field_validator("names")
    @classmethod
    def check_number(cls, names: str) -> str:
        if (number := len(split_names(names))) > MOST_NAMES:
            raise ValueError(f"has {number} metrics; ask for at most {MOST_NAMES} at once")
        return names

    @field_validator("high")
    @classmethod
    def check_order(cls, high: float | None, info: ValidationInfo) -> float | None:
        low = info.data.get("low")
        if high is not None and low is not None and high < low:
            raise ValueError(f"must not be below from; swap the two (from: {low:g}, to: {high:g})")
        return high

    def window(self) -> Window:
        return Window(split_names(self.names), self.points, self.x, self.low, self.high)


class SweepWindowQuery(RunWindowQuery):
    arms: Annotated[
        list[Text], Field(max_length=1000, description="Only these arms, by name; repeatable.")
    ] = []
    runs: Annotated[
        list[Annotated[int, Field(ge=1, le=MAX_ID)]],
        Field(max_length=1000, description="Only these runs, with those of `arms`; repeatable."),
    ] = []

    def window(self) -> Window:
        asked = super().window()
        return Window(
            asked.names, asked.points, asked.axis, asked.low, asked.high, self.arms, self.runs
        )


RunWindow = Annotated[RunWindowQuery, Query()]
SweepWindow = Annotated[SweepWindowQuery, Query()]
