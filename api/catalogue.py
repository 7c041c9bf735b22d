"""What a sweep may name, and the sweeps that ship as examples."""

from dataclasses import dataclass
from pathlib import Path

from assets.families import FAMILIES
from assets.folders import find_folders
from domain.catalogue import MODELS, TASKS, ModelCard, TaskCard


@dataclass(frozen=True)
class Example:
    name: str
    yaml: str


@dataclass(frozen=True)
class Catalogue:
    models: list[ModelCard]
    tasks: list[TaskCard]
    families: list[str]
    folders: list[str]
    examples: list[Example]


def read_catalogue(examples: Path, datasets: Path) -> Catalogue:
    return Catalogue(
        models=list(MODELS.values()),
        tasks=list(TASKS.values()),
        families=[f"reasoning-gym/{family}" for family in FAMILIES],
        folders=find_folders(datasets),
        examples=[
            Example(path.stem, path.read_text("utf-8")) for path in sorted(examples.glob("*.yaml"))
        ],
    )
