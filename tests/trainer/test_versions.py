"""A result may not change under an unchanged version."""

from domain.catalogue import MODELS, TASKS
from trainer.models import FOLDERS
from trainer.tasks import load_task
from trainer.versions import model_hash, task_hash


def test_every_model_of_the_catalogue_is_the_one_its_version_names() -> None:
    for name, card in MODELS.items():
        assert card.version == f"1-{model_hash(FOLDERS[name])}"


def test_every_task_of_the_catalogue_is_the_one_its_version_names() -> None:
    for name, card in TASKS.items():
        assert card.version == f"1-{task_hash(load_task(name))}"
