"""What a model reads: a chat by its template, plain text, or the bare question."""

from collections.abc import Sequence

import pytest
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from domain.catalogue import TaskCard
from domain.errors import Invalid
from domain.runs import TaskSettings
from trainer.models import FOLDERS
from trainer.prompts import Prompts
from trainer.tasks import Problem, Task, Verdict, load_countdown

TEMPLATE = (
    "{% for message in messages %}<{{ message.role }}>{{ message.content }}</{{ message.role }}>"
    "{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
)
ASKED = Problem("3 * 6?", "18")
SHOWN = [Problem("2 * 2?", "4", "It is 4."), Problem("2 * 3?", "6", "It is 6.")]


@pytest.fixture
def tokenizer() -> PreTrainedTokenizerBase:
    return AutoTokenizer.from_pretrained(FOLDERS["countdown-tiny"], local_files_only=True)


@pytest.fixture
def chatty(tokenizer: PreTrainedTokenizerBase) -> PreTrainedTokenizerBase:
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def task(instruction: str = "Be brief.", examples: Sequence[Problem] = ()) -> Task:
    card = TaskCard(
        name="products",
        version="1",
        summary="",
        correct="",
        train_problems=0,
        eval_problems=0,
        held_out_problems=0,
        completion_tokens=1,
    )
    return Task(
        card,
        draw=lambda *_: [],
        grade=lambda *_: Verdict.WRONG,
        probe=lambda: iter(()),
        instruction=instruction,
        examples=examples,
    )


def write(tokenizer: PreTrainedTokenizerBase, asked: Task, style: str = "auto") -> str:
    settings = TaskSettings.model_validate({"style": style})
    return Prompts.of(asked, settings, tokenizer).write(ASKED)


def test_a_chat_model_reads_its_template(chatty: PreTrainedTokenizerBase) -> None:
    assert write(chatty, task()) == "<user>3 * 6?\n\nBe brief.</user><assistant>"


def test_examples_of_a_chat_are_earlier_turns(chatty: PreTrainedTokenizerBase) -> None:
    assert write(chatty, task(examples=SHOWN)) == (
        "<user>2 * 2?</user><assistant>It is 4.</assistant>"
        "<user>2 * 3?</user><assistant>It is 6.</assistant>"
        "<user>3 * 6?\n\nBe brief.</user><assistant>"
    )


def test_a_chat_without_an_instruction_ends_in_the_question(
    chatty: PreTrainedTokenizerBase,
) -> None:
    assert write(chatty, task("")) == "<user>3 * 6?</user><assistant>"


def test_a_base_model_reads_plain_text(tokenizer: PreTrainedTokenizerBase) -> None:
    assert write(tokenizer, task()) == "Be brief.\n\nQuestion: 3 * 6?\nAnswer:"


def test_plain_examples_are_separated_by_blank_lines(chatty: PreTrainedTokenizerBase) -> None:
    assert write(chatty, task("", SHOWN), "plain") == (
        "Question: 2 * 2?\nAnswer: It is 4.\n\n"
        "Question: 2 * 3?\nAnswer: It is 6.\n\n"
        "Question: 3 * 6?\nAnswer:"
    )


def test_a_chat_without_a_template_is_refused_with_a_remedy(
    tokenizer: PreTrainedTokenizerBase,
) -> None:
    with pytest.raises(Invalid) as refused:
        write(tokenizer, task(), "chat")
    (error,) = refused.value.errors
    assert error.field == "task_settings.style"
    assert "use plain or auto" in error.message


@pytest.mark.parametrize("template", [None, TEMPLATE])
def test_countdown_is_asked_as_it_stands(
    tokenizer: PreTrainedTokenizerBase, template: str | None
) -> None:
    tokenizer.chat_template = template
    countdown = load_countdown()
    problem = countdown.problems("train")[0]
    assert Prompts.of(countdown, TaskSettings(), tokenizer).write(problem) == problem.question
