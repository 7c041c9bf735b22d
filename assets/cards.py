"""What the names in a sweep stand for here: what ships, and what lies below the roots."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from assets import models
from assets.families import FAMILIES
from assets.tasks import read_task
from domain.catalogue import (
    FOLDER,
    HUB_ID,
    HUB_MODEL,
    MODELS,
    TASKS,
    Cards,
    ModelCard,
    TaskCard,
    matched,
    refuse_settings,
)
from domain.catalogue import find_model as find_shipped_model
from domain.catalogue import find_task as find_shipped_task
from domain.errors import invalid
from domain.runs import TaskSettings

AT_COMMIT = "write owner/name@ and the 40 characters of a commit from the model's page on the hub"


@dataclass(frozen=True)
class Roots:
    """The folders below which models and datasets are looked for."""

    models: Path
    datasets: Path

    @classmethod
    def of(cls, data: Path, models: Path | None = None, datasets: Path | None = None) -> Self:
        """Each where it is said to be, else a folder of `data`."""
        return cls(models or data / "models", datasets or data / "datasets")

    def find(self, model: str, task: str, settings: TaskSettings) -> Cards:
        """A domain.catalogue.Finder. Raises Invalid naming the field."""
        cards = Cards(find_model(model, self.models), find_task(task, settings, self.datasets))
        return matched(cards)


def find_model(name: str, root: Path) -> ModelCard:
    """Raises Invalid with what can be done about it."""
    if name in MODELS:
        return MODELS[name]
    if hub := HUB_MODEL.fullmatch(name):
        return ModelCard(name=name, version=hub[2], parameters=None, summary=f"{hub[1]} of the hub")
    if FOLDER.fullmatch(name):
        return models.describe(name, root)
    if HUB_ID.fullmatch(name):
        raise invalid("model", f"{name} needs its commit, so that it stays the same: {AT_COMMIT}")
    return find_shipped_model(name)


def find_task(name: str, settings: TaskSettings, root: Path) -> TaskCard:
    """Raises Invalid with what can be done about it."""
    if name in TASKS:
        refuse_settings(TASKS[name], settings)
        return TASKS[name]
    if name in FAMILIES:
        raise invalid("task", f"no task named {name!r}; did you mean reasoning-gym/{name}?")
    found = read_task(name, settings, root)
    return found.card if found else find_shipped_task(name)
