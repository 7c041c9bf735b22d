"""A result may not change under an unchanged version."""

from pathlib import Path

import pytest

from domain.catalogue import MODELS, TASKS
from domain.events import Graded, Metrics
from tests.trainer.conftest import make_spec, run_events
from trainer.models import FOLDERS
from trainer.tasks import Verdict, load_task
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
