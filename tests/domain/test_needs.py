"""What a run needs its worker to understand."""

import hashlib
import json
from typing import Any

import pytest

from domain import needs
from domain.analyses import AnalysisSettings
from domain.methods import Grpo
from domain.needs import OLDEST, SINCE, UNDERSTOOD, needed
from domain.runs import (
    ANALYSIS_VERSION,
    RECIPE_VERSION,
    EvalSettings,
    RunSpec,
    TrainSettings,
    analysis_of,
)

PLAIN = RunSpec(
    model="countdown-tiny",
    model_version="1",
    task="countdown",
    task_version="1",
    method=Grpo(method="grpo"),
    train=TrainSettings(),
    eval=EvalSettings(),
    seed=1,
)

SHAPES = {2: "52fbe10b8ae1d9deca46979019e689654d4f29e1d3674f5d6b82b8827def9964"}
"""What runs can say, by what a worker has to understand to run all of them."""


def shape_of(schema: object) -> object:
    """A schema without its words."""
    if isinstance(schema, dict):
        words = ("description", "title")
        return {name: shape_of(part) for name, part in schema.items() if name not in words}
    return [shape_of(part) for part in schema] if isinstance(schema, list) else schema


def test_a_run_that_says_nothing_new_needs_no_more_than_the_oldest_worker() -> None:
    assert needed(PLAIN) == OLDEST


def test_a_run_needs_what_it_says() -> None:
    kept = PLAIN.model_copy(update={"train": TrainSettings(keep_every=5)})
    assert needed(kept) == 2


def test_an_analysis_needs_a_worker_that_knows_analyses() -> None:
    assert needed(analysis_of(PLAIN, AnalysisSettings(step=0))) == 2


@pytest.mark.parametrize(
    ("place", "needed_then"),
    [(f"recipe={RECIPE_VERSION}", 9), (f"recipe={RECIPE_VERSION + 1}", OLDEST), ("recipe", 9)],
)
def test_a_new_recipe_or_value_is_needed_by_the_runs_that_have_it(
    monkeypatch: pytest.MonkeyPatch, place: str, needed_then: int
) -> None:
    monkeypatch.setitem(needs.SINCE, place, 9)
    assert needed(PLAIN) == needed_then


def test_this_code_understands_all_that_a_run_may_need() -> None:
    assert max(SINCE.values()) == UNDERSTOOD


def test_whatever_a_run_can_say_anew_raises_what_workers_have_to_understand() -> None:
    shape: list[Any] = [shape_of(RunSpec.model_json_schema()), RECIPE_VERSION, ANALYSIS_VERSION]
    found = hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()
    assert found == SHAPES.get(UNDERSTOOD), (
        "runs can say something else: raise UNDERSTOOD in domain/needs.py, say in SINCE what needs "
        f"it, and add {{UNDERSTOOD: {found!r}}} here"
    )
