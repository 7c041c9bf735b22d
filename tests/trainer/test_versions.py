"""A result may not change under an unchanged version."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from domain.catalogue import MODELS, TASKS
from domain.events import Graded, Metrics
from tests.trainer.conftest import make_spec, run_events
from trainer.models import FOLDERS
from trainer.tasks import Task, Verdict, countdown, load_task
from trainer.versions import model_hash, task_hash

RECIPE = {"entropy/mean": 0.3147, "psi/share": 0.1369, "grad_norm": 0.5146}
CORRECT = 4


def test_every_model_of_the_catalogue_is_the_one_its_version_names() -> None:
    for name, card in MODELS.items():
        assert card.version == f"1-{model_hash(FOLDERS[name])}"


def test_every_task_of_the_catalogue_is_the_one_its_version_names() -> None:
    for name, card in TASKS.items():
        assert card.version == f"1-{task_hash(load_task(name))}"


def test_the_probe_sees_every_verdict() -> None:
    task = load_task("countdown")
    assert {task.grade(prompt, completion) for prompt, completion in task.probe()} == set(Verdict)


def without_problems() -> Task:
    """The verifier and its probe alone, so that only verdicts can change the hash."""
    task = load_task("countdown")
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
    assert task_hash(replace(task, grade=grade)) != task_hash(task)


def test_the_recipe_makes_of_a_spec_what_it_made_before(tmp_path: Path) -> None:
    """Coarse, since machines round differently; a change of recipe moves far more."""
    said = run_events(
        make_spec({"method": "entropy_shaped", "alpha": 0.4}, evaluation={"problems": 16}), tmp_path
    )
    first = next(event for event in said if isinstance(event, Metrics)).values
    correct = sum(event.c for event in said if isinstance(event, Graded))
    made = {name: first[name] for name in ("entropy/mean", "psi/share", "grad_norm")}
    changed = "the recipe makes something else: raise RECIPE_VERSION in domain/runs.py"
    assert made == pytest.approx(RECIPE, rel=0.02), changed
    assert correct == pytest.approx(CORRECT, abs=2), changed
