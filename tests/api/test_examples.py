"""The sweeps that ship can be submitted as they are, once their models and data are there."""

from pathlib import Path

import pytest

from api.catalogue import read_examples
from api.decoding import decode_yaml
from domain.catalogue import FOLDER, HUB_MODEL, Cards, ModelCard, TaskCard, find_model, find_task
from domain.runs import TaskSettings
from domain.sweeps import expand, parse_sweep

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.yaml"))


def find(model: str, task: str, _: TaskSettings) -> Cards:
    """As if the hub's models were at hand, and folders as large as the data sets they are for."""
    return Cards(find_any_model(model), find_any_task(task))


def find_any_model(name: str) -> ModelCard:
    hub = HUB_MODEL.fullmatch(name)
    if not hub:
        return find_model(name)
    return ModelCard(name=name, version=hub[2], parameters=None, summary="")


def find_any_task(name: str) -> TaskCard:
    if not FOLDER.fullmatch(name) and not name.startswith("reasoning-gym/"):
        return find_task(name)
    sizes = {
        "./gsm8k": (7473, 1319),
        "./dapo-aime": (17_398, 30),
        "reasoning-gym/products": (498, 257),
    }
    train, evaluation = sizes[name]
    return find_task("countdown").model_copy(
        update={"name": name, "train_problems": train, "eval_problems": evaluation}
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_expands(path: Path) -> None:
    assert expand(parse_sweep(decode_yaml(path.read_bytes())), find).runs


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_says_in_a_few_words_on_what_it_runs_and_how_long(path: Path) -> None:
    (found,) = [one for one in read_examples(path.parent) if one.name == path.stem]
    assert 10 < len(found.device) < 60
    assert 10 < len(found.time) < 60
    assert found.question.endswith("?")
    assert found.estimated == ("wen" in found.name), "those without a GPU were measured"


def test_the_first_example_is_the_one_to_begin_with() -> None:
    assert read_examples(EXAMPLES[0].parent)[0].name == "quickstart"
