"""The models and tasks that ship with Forkpoint, and what makes each of them the same thing twice.

A version changes whenever a result could change; it is part of every run's content hash.
"""

from domain.errors import invalid
from domain.schemas import Strict


class ModelCard(Strict):
    """A model: `version` names its exact weights."""

    name: str
    version: str
    parameters: int
    summary: str


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
        )
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


def find_model(name: str) -> ModelCard:
    if name not in MODELS:
        raise invalid("model", f"no model named {name!r}; known: {', '.join(MODELS)}")
    return MODELS[name]


def find_task(name: str) -> TaskCard:
    if name not in TASKS:
        raise invalid("task", f"no task named {name!r}; known: {', '.join(TASKS)}")
    return TASKS[name]
