"""What a sweep may name, and the sweeps that ship as examples."""

from dataclasses import dataclass
from pathlib import Path

from assets.cards import Roots
from assets.families import FAMILIES
from assets.folders import find_folders
from assets.models import list_folders
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
    model_folders: list[str]
    examples: list[Example]


def read_catalogue(examples: Path, roots: Roots) -> Catalogue:
    return Catalogue(
        models=list(MODELS.values()),
        tasks=list(TASKS.values()),
        families=[f"reasoning-gym/{family}" for family in FAMILIES],
        folders=find_folders(roots.datasets),
        model_folders=list_folders(roots.models),
        examples=[
            Example(path.stem, path.read_text("utf-8")) for path in sorted(examples.glob("*.yaml"))
        ],
    )
