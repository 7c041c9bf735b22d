"""What a sweep may name, and the sweeps that ship as examples."""

import re
from dataclasses import dataclass
from pathlib import Path

from api.decoding import decode_yaml
from assets.cards import Roots
from assets.families import FAMILIES
from assets.folders import find_folders
from assets.models import list_folders
from domain.catalogue import MODELS, TASKS, ModelCard, TaskCard
from domain.lexicons import LEXICONS

# What an example's comment says of its cost: `# Time (estimate): a day or two. ...`
FACT = re.compile(r"^# (Device|Time)( \(estimate\))?: (.*(?:\n# (?!Device|Time).*)*)", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    name: str
    yaml: str
    question: str
    model: str
    task: str
    device: str
    time: str
    estimated: bool


@dataclass(frozen=True)
class Catalogue:
    models: list[ModelCard]
    tasks: list[TaskCard]
    families: list[str]
    folders: list[str]
    model_folders: list[str]
    lexicons: list[str]
    examples: list[Example]


def read_catalogue(examples: Path, roots: Roots) -> Catalogue:
    return Catalogue(
        models=list(MODELS.values()),
        tasks=list(TASKS.values()),
        families=[f"reasoning-gym/{family}" for family in FAMILIES],
        folders=find_folders(roots.datasets),
        model_folders=list_folders(roots.models),
        lexicons=list(LEXICONS),
        examples=read_examples(examples),
    )


def read_examples(folder: Path) -> list[Example]:
    """What was measured first, and of that the one to begin with."""
    found = [describe(path) for path in sorted(folder.glob("*.yaml"))]
    return sorted(found, key=lambda one: (one.estimated, one.name != "quickstart"))


def describe(path: Path) -> Example:
    """An example with the first sentence of what it says about device and time."""
    text = path.read_text("utf-8")
    sweep = decode_yaml(text.encode())
    written = sweep if isinstance(sweep, dict) else {}
    facts = {word: first_sentence(rest) for word, _, rest in FACT.findall(text)}
    return Example(
        name=path.stem,
        yaml=text,
        question=str(written.get("question", "")),
        model=str(written.get("model", "")),
        task=str(written.get("task", "")),
        device=facts.get("Device", ""),
        time=facts.get("Time", ""),
        estimated=any(guess for _, guess, _ in FACT.findall(text)),
    )


def first_sentence(comment: str) -> str:
    words = " ".join(line.removeprefix("# ") for line in comment.splitlines())
    return words.partition(". ")[0].removesuffix(".").replace("`", "")
