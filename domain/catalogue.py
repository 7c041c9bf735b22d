"""The models and tasks that a sweep may name, and what makes each of them the same thing twice.

A version changes whenever a result could change; it is part of every run's content hash.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from domain.errors import invalid
from domain.runs import TaskSettings
from domain.schemas import Strict


class ModelCard(Strict):
    """A model: `version` names its exact weights, `parameters` counts them where that is known.

    One that was made for a single task reads no other: `only_task`.
    """

    name: str
    version: str
    parameters: int | None
    summary: str
    only_task: str | None = None


class TaskCard(Strict):
    """A family of problems with disjoint train, eval and held-out splits of the given sizes."""

    name: str
    version: str
    summary: str
    correct: str
    train_problems: int
    eval_problems: int
    held_out_problems: int
    completion_tokens: int


MODELS = {
    card.name: card
    for card in [
        ModelCard(
            name="countdown-tiny",
            version="1-e47726150a05",
            parameters=360_672,
            summary="0.36 M parameters, Llama-shaped, knows countdown; a CPU core is enough.",
            only_task="countdown",
        ),
        ModelCard(
            name="smollm2-135m",
            version="1-b179c9523d0e",
            parameters=134_515_008,
            summary="SmolLM2-135M-Instruct, a pretrained chat model; slow on a CPU core.",
        ),
    ]
}

TASKS = {
    card.name: card
    for card in [
        TaskCard(
            name="countdown",
            version="1-16e1dbe72fdd",
            summary="Reach a target from four numbers in 1..12 with +, - and *, step by step.",
            correct=(
                "Every step is true arithmetic on numbers still available, every number is "
                "used exactly once, intermediate values stay in 0..100, and the last step gives "
                "the target."
            ),
            train_problems=6144,
            eval_problems=1024,
            held_out_problems=1024,
            completion_tokens=20,
        )
    ]
}


HUB_MODEL = re.compile(r"(\w[\w.-]*/\w[\w.-]*)@([0-9a-f]{40})", re.ASCII)
HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*(@.*)?", re.ASCII)
FOLDER = re.compile(r"\./(\w[\w.-]*(?:/\w[\w.-]*)*)", re.ASCII)
PINNED_FOLDER = re.compile(rf"(?P<folder>{FOLDER.pattern})@[0-9a-f]{{40}}", re.ASCII)
FAMILY = re.compile(r"reasoning-gym/(\w+)", re.ASCII)
"""How a sweep names what does not ship: a hub id with a commit (and without one, which is refused),
a folder (and with the version of what is in it), a generated family."""


class Cards(NamedTuple):
    """What a sweep's names stand for."""

    model: ModelCard
    task: TaskCard


Finder = Callable[[str, str, TaskSettings], Cards]
"""From a sweep's model, task and task settings. Raises Invalid naming the field."""


def find_shipped(model: str, task: str, settings: TaskSettings) -> Cards:
    """Of what ships with Forkpoint, known without looking anywhere. Raises Invalid."""
    card = find_task(task)
    refuse_settings(card, settings)
    return matched(Cards(find_model(model), card))


def refuse_settings(card: TaskCard, settings: TaskSettings) -> None:
    """Raises Invalid for any that is set: a task that ships is always asked in the same way."""
    for field in settings.model_dump(exclude_defaults=True):
        raise invalid(f"task_settings.{field}", f"{card.name} has none; remove it")


def matched(cards: Cards) -> Cards:
    """Raises Invalid for a model that does not know the words of the task."""
    model, task = cards
    if model.only_task not in (None, task.name):
        raise invalid(
            "task",
            f"{model.name} was made for {model.only_task} and reads nothing else; choose a "
            "pretrained model for this task, such as smollm2-135m",
        )
    return cards


def find_model(name: str) -> ModelCard:
    if name not in MODELS:
        known = f"known: {', '.join(MODELS)}, owner/name@commit of the hub"
        raise invalid(
            "model", f"no model named {name!r}; {known}, and ./folder below the models root"
        )
    return MODELS[name]


def find_task(name: str) -> TaskCard:
    if name not in TASKS:
        known = f"known: {', '.join(TASKS)}, reasoning-gym/family"
        raise invalid(
            "task", f"no task named {name!r}; {known}, and ./folder below the datasets root"
        )
    return TASKS[name]
