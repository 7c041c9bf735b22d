"""A result may not change under an unchanged version."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from domain import runs
from domain.catalogue import MODELS, TASKS
from domain.events import Graded, Metrics
from domain.runs import TrainSettings, content_hash
from tests.trainer.conftest import make_spec, run_events
from trainer.models import FOLDERS, smollm2
from trainer.tasks import Task, Verdict, countdown, load_countdown
from trainer.versions import model_hash, task_hash

TRAINED = {"loss": -0.0787, "grad_norm": 0.3292, "entropy/mean": 0.3097, "psi/share": 0.1434}
COUNTS = [
    0,
    6,
    3,
    0,
    14,
    8,
    0,
    5,
    0,
    3,
    10,
    2,
    4,
    5,
    3,
    3,
    10,
    12,
    5,
    9,
    0,
    2,
    2,
    9,
    10,
    1,
    3,
    1,
    3,
    10,
    5,
    3,
]
CHANGED = "the recipe makes something else: raise RECIPE_VERSION in domain/runs.py"

on_the_cpu = pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU draws other samples")


def test_every_model_of_the_catalogue_is_the_one_its_version_names() -> None:
    for name, folder in FOLDERS.items():
        assert MODELS[name].version == f"1-{model_hash(folder)}"
    assert smollm2.find_weights().suffix == ".gguf"


def test_every_task_of_the_catalogue_is_the_one_its_version_names() -> None:
    for card in TASKS.values():
        assert card.version == f"1-{task_hash(load_countdown())}"


def test_the_probe_sees_every_verdict() -> None:
    task = load_countdown()
    assert {task.grade(prompt, completion) for prompt, completion in task.probe()} == set(Verdict)


def without_problems() -> Task:
    """The verifier and its probe alone, so that only verdicts can change the hash."""
    task = load_countdown()
    probed = list(task.probe())
    return replace(task, draw=lambda *_: (), probe=lambda: iter(probed))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CEILING", 99),
        ("CEILING", 101),
        ("STEP", re.compile(countdown.STEP.pattern.replace("{0,2}", "{0,3}"))),
        ("STEP", re.compile(countdown.STEP.pattern.replace("(0|[1-9][0-9]{0,2})", "([0-9]+)"))),
        ("OPERATORS", {**countdown.OPERATORS, "-": lambda a, b: abs(a - b)}),
    ],
    ids=["lower ceiling", "higher ceiling", "four digits", "leading zeros", "absolute difference"],
)
def test_a_changed_rule_of_the_verifier_changes_the_version(
    name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = without_problems()
    before = task_hash(task)
    monkeypatch.setattr(countdown, name, value)
    assert task_hash(task) != before


def any_target(prompt: str, completion: str) -> Verdict:
    last = re.search(r"([0-9]+) *$", completion)
    return countdown.grade(
        re.sub("[0-9]+ :", f"{last[1]} :", prompt) if last else prompt, completion
    )


@pytest.mark.parametrize(
    "grade",
    [
        any_target,
        lambda prompt, completion: countdown.grade(prompt, completion.strip()),
        lambda prompt, completion: countdown.grade(prompt, completion.strip(" ,")),
        lambda prompt, completion: countdown.grade(prompt, completion.replace(" ,", ",")),
        lambda prompt, completion: countdown.grade(prompt, completion.replace("/", "*")),
    ],
    ids=["any target", "line break", "trailing comma", "no blank before a comma", "division"],
)
def test_another_verifier_has_another_version(grade: Callable[[str, str], Verdict]) -> None:
    task = without_problems()
    assert task_hash(
        replace(task, grade=lambda problem, text: grade(problem.question, text))
    ) != task_hash(task)


@on_the_cpu
def test_training_makes_of_a_spec_what_it_made_before(tmp_path: Path) -> None:
    """Four updates on one rollout: no sampling in between that could amplify a rounding."""
    method = {"method": "entropy_shaped", "alpha": 0.4}
    said = run_events(make_spec(method, {"steps": 4, "updates_per_rollout": 4}), tmp_path)
    *_, last = (event.values for event in said if isinstance(event, Metrics))
    assert {name: last[name] for name in TRAINED} == pytest.approx(TRAINED, rel=0.02), CHANGED


@on_the_cpu
def test_evaluation_makes_of_a_spec_what_it_made_before(tmp_path: Path) -> None:
    """Temperature 0.9 would move the counts by 19 in all."""
    said = run_events(
        make_spec({"method": "base"}, None, {"problems": 32, "samples": 16}), tmp_path
    )
    counts = [event.c for event in said if isinstance(event, Graded)]
    moved = sum(abs(now - before) for now, before in zip(counts, COUNTS, strict=True))
    assert moved <= 6, CHANGED


def test_the_sizes_that_a_tiny_run_does_not_reach_are_as_before() -> None:
    assert TrainSettings().sequences_per_pass == 1024, CHANGED


def test_another_recipe_is_another_run(monkeypatch: pytest.MonkeyPatch) -> None:
    before = content_hash(make_spec())
    monkeypatch.setattr(runs, "RECIPE_VERSION", runs.RECIPE_VERSION + 1)
    assert content_hash(make_spec()) != before
