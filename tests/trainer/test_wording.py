"""Prompts in a user's own words, to a real chat model, and completions that end with their line."""

from pathlib import Path

import pytest

from assets.cards import Roots
from domain.errors import Invalid
from domain.events import Graded, Rollout
from domain.runs import RunSpec, TaskSettings
from tests.trainer.conftest import Unpacked, make_spec, run_events
from trainer import subjects
from trainer.subjects import Subject

FAMILY = "reasoning-gym/products"
DIGITS = {"min_terms": 2, "max_terms": 2, "min_digits": 1, "max_digits": 1}
BARE = {"style": "plain", "instruction": "", "template": "{expression} =", "stop": "line"}


@pytest.fixture(scope="module")
def roots(unpacked: Unpacked, tmp_path_factory: pytest.TempPathFactory) -> Roots:
    return Roots(unpacked.root, tmp_path_factory.mktemp("datasets"))


def products(roots: Roots, settings: dict[str, object], train: bool = False) -> RunSpec:
    asked = TaskSettings.model_validate({"parameters": DIGITS, **settings})
    model, task = roots.find("smollm2-135m", FAMILY, asked)
    return make_spec(
        {"method": "entropy_shaped", "alpha": 0.4} if train else {"method": "base"},
        {"steps": 1, "prompts_per_step": 2, "completions_per_prompt": 2, "learning_rate": 1e-5},
        {"problems": 2, "samples": 2, "max_completion_tokens": 6},
        model=model.name,
        model_version=model.version,
        task=task.name,
        task_version=task.version,
        task_settings=asked,
    )


def load(roots: Roots, **settings: object) -> Subject:
    return subjects.load(products(roots, settings), roots)


def test_a_template_words_questions_and_examples(roots: Roots) -> None:
    (prompt,) = load(roots, shots=2, **BARE).ask("eval", 1)
    *solved, asked = prompt.splitlines()
    assert [line.count("=") for line in solved] == [1, 1]
    assert asked.endswith(" =")


def test_a_chat_shows_examples_as_earlier_turns(roots: Roots) -> None:
    (prompt,) = load(roots, shots=1).ask("eval", 1)
    assert prompt.count("<|im_start|>user") == 2
    assert prompt.count("Give the final answer alone") == 1
    assert prompt.endswith("<|im_start|>assistant\n")


def test_special_tokens_of_a_chat_are_not_added_twice(roots: Roots) -> None:
    subject = load(roots)
    (ids,) = subject.tokenize(subject.ask("eval", 1))
    assert subject.tokenizer.decode(ids) == subject.ask("eval", 1)[0]
    assert ids[:2] == subject.tokenizer.convert_tokens_to_ids(["<|im_start|>", "system"])


def test_a_template_that_names_nothing_of_the_problem_is_refused(roots: Roots) -> None:
    settings = TaskSettings(parameters=DIGITS, template="what is {x}?")
    with pytest.raises(Invalid, match=r"task_settings\.template.*\{expression\}"):
        roots.find("smollm2-135m", FAMILY, settings)


def test_a_template_that_words_problems_alike_is_refused(roots: Roots) -> None:
    settings = TaskSettings(parameters=DIGITS, template="{num_terms} factors =")
    with pytest.raises(Invalid, match=r"makes 1 prompts of 100 problems.*\{expression\}"):
        roots.find("smollm2-135m", FAMILY, settings)


def test_a_line_ends_a_completion_in_training_and_in_evaluation(
    roots: Roots, tmp_path: Path
) -> None:
    said = run_events(products(roots, {"shots": 2, **BARE}, train=True), tmp_path, roots)
    shown = [event for event in said if isinstance(event, Rollout)]
    assert any(event.tokens[-1] == "\n" for event in shown)
    assert all("\n" not in event.tokens[:-1] for event in shown)
    grades = [event for event in said if isinstance(event, Graded)]
    assert sum(event.truncated for event in grades) < sum(event.n for event in grades)
