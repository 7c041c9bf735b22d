"""Generated families and folders as the trainer has them: graded, with examples, and refused."""

import inspect
import json
import re
from pathlib import Path

import pytest

from assets.cards import Roots
from assets.families import FAMILIES
from assets.tasks import GYM_VERSION
from domain.catalogue import MODELS
from domain.errors import Invalid
from tests.trainer.conftest import make_spec
from trainer.failures import BadData
from trainer.specs import check
from trainer.tasks import Problem, Task, Verdict, gym, load_task
from trainer.versions import gym_hash

TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("datasets")


def load(root: Path, task: str, **settings: object) -> Task:
    return load_task(make_spec(task=task, task_settings=settings), root)


def family(root: Path, name: str, **parameters: object) -> Task:
    return load(root, f"reasoning-gym/{name}", parameters={"size": 24, **parameters})


def folder(root: Path, rows: int = 40) -> Path:
    path = root / "maths" / "train.jsonl"
    path.parent.mkdir(parents=True)
    lines = [{"question": f"{n} + 1?", "answer": f"Add 1.\n#### {n + 1}"} for n in range(rows)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return root


def test_a_familys_own_answers_are_right_and_others_are_wrong(root: Path) -> None:
    task = family(root, "products", max_digits=1)
    for problem in task.problems("train"):
        assert task.grade(problem, problem.answer) == Verdict.CORRECT
        assert task.grade(problem, f"<answer>{problem.answer}.00</answer>") == Verdict.CORRECT
        assert task.grade(problem, f"{problem.answer}1") == Verdict.WRONG
        assert task.grade(problem, f"It is {problem.answer}") == Verdict.WRONG


def test_another_right_answer_than_the_reference_is_right(root: Path) -> None:
    task = family(root, "prime_factorization")
    problem = next(problem for problem in task.problems("train") if TIMES in problem.answer)
    turned = f" {TIMES} ".join(reversed(problem.answer.split(f" {TIMES} ")))
    assert task.grade(problem, turned) == Verdict.CORRECT


def test_prose_that_makes_a_scorer_raise_is_wrong(root: Path) -> None:
    task = family(root, "prime_factorization")
    assert task.grade(task.problems("train")[0], f"two {TIMES} three, I think") == Verdict.WRONG


def test_a_scorer_that_takes_anything_is_not_asked(root: Path) -> None:
    """game_of_life_halting's takes every text for True."""
    task = load(root, "reasoning-gym/game_of_life_halting", parameters={"size": 10})
    for problem in task.problems("train"):
        assert task.grade(problem, "perhaps") == Verdict.WRONG
        assert task.grade(problem, problem.answer) == Verdict.CORRECT


@pytest.mark.parametrize(
    ("completion", "answer"),
    [
        ("42", "42"),
        (" 42\n", "42"),
        ("so\nAnswer: 42", "42"),
        ("Answer: 1\nAnswer: 2", "2"),
        ("<answer>1</answer><answer> 2 </answer> then", "2"),
        ("<answer>1", ""),
        ("", ""),
    ],
)
def test_an_answer_is_taken_out_before_a_scorer_sees_it(completion: str, answer: str) -> None:
    assert gym.extract(completion) == answer


@pytest.mark.parametrize("answer", ["12 or 13", "1.2e1", "12!", "1,2", "__import__('os')", "²"])
def test_a_scorer_never_sees_what_is_no_number_where_one_is_asked_for(answer: str) -> None:
    assert not gym.admissible("12", answer)


@pytest.mark.parametrize("name", ["countdown", "n_queens", "polynomial_multiplication"])
@pytest.mark.parametrize("program", ["exec(\"import os; os.mkdir('{}')\")", "S('exec(...)')"])
def test_what_a_model_wrote_is_never_run(root: Path, name: str, program: str) -> None:
    """These families' scorers evaluate an answer as Python."""
    task, made = family(root, name), root / "made"
    problem = task.problems("train")[0]
    assert task.grade(problem, program.format(made)) == Verdict.WRONG
    assert not made.exists()
    assert task.grade(problem, problem.answer) == Verdict.CORRECT


@pytest.mark.parametrize(
    "harmless",
    [
        "4*X**10/3 - 2*X**9 + 1.5*X",
        "-cos(x)/2 + C",
        "exp(2*x)*log(x)",
        "49*(85 - 1)/14",
        "_ Q\n_ _",
    ],
)
def test_a_formula_is_left_to_the_scorer(harmless: str) -> None:
    assert not gym.BEYOND_A_FORMULA.search(harmless)


@pytest.mark.parametrize(
    "program",
    [
        "exec(x)",
        "(eval)(x)",
        "open(1)",
        "x.func",
        "Q . real",
        "'a'",
        "lambda: 1",
        "_x(1)",
        "sinexec(1)",
        "2exec(1)",
    ],
)
def test_a_program_is_not(program: str) -> None:
    assert gym.BEYOND_A_FORMULA.search(program)


def test_every_scorer_that_evaluates_answers_is_known() -> None:
    """number_sorting evaluates its own reference."""
    from reasoning_gym.factory import DATASETS

    written = {name: inspect.getsource(DATASETS[name][0].score_answer) for name in FAMILIES}
    found = {name for name, text in written.items() if re.search(r"\b(eval|parse_expr)\(", text)}
    assert found - {"number_sorting"} == gym.EVALUATED


def test_the_version_names_what_the_extraction_says() -> None:
    assert GYM_VERSION.endswith(f"-{gym_hash()}")


def test_examples_are_in_no_split(tmp_path: Path) -> None:
    task = load(folder(tmp_path), "./maths", shots=3)
    shown = {example.question for example in task.examples}
    assert len(shown) == 3
    assert task.card.train_problems == len(task.problems("train")) == 17
    for split in ("train", "eval", "held_out"):
        assert shown.isdisjoint(problem.question for problem in task.problems(split))


@pytest.mark.parametrize(
    ("instruction", "ending"),
    [
        (None, "\\boxed{{{}}}"),
        ("End with #### and the number.", "#### {}"),
        ("End with a line `Answer: ...`.", "Answer: {}"),
        ("", "\\boxed{{{}}}"),
    ],
)
def test_examples_end_as_the_instruction_asks(
    tmp_path: Path, instruction: str | None, ending: str
) -> None:
    task = load(folder(tmp_path), "./maths", shots=1, instruction=instruction)
    (example,) = task.examples
    assert example.solution == f"Add 1.\n{ending.format(example.answer)}"
    assert task.grade(example, example.solution) == Verdict.CORRECT


def test_a_generated_example_ends_as_the_instruction_asks() -> None:
    problem = Problem("3 * 6", "18")
    assert gym.solve(problem, "").solution == "18"
    assert gym.solve(problem, "Use <answer>...</answer>.").solution == "<answer>18</answer>"
    assert gym.solve(problem, "End with `Answer: ...`.").solution == "Answer: 18"


def test_the_trainer_comes_to_the_card_that_was_submitted(tmp_path: Path) -> None:
    roots = Roots.of(tmp_path, datasets=folder(tmp_path))
    model = MODELS["smollm2-135m"]
    spec = make_spec(
        task="./maths",
        evaluation={"max_completion_tokens": 8},
        model=model.name,
        model_version=model.version,
    )
    card = roots.find(spec.model, spec.task, spec.task_settings).task
    check(spec.model_copy(update={"task_version": card.version}), roots)
    with pytest.raises(Invalid, match="1-old is asked for"):
        check(spec.model_copy(update={"task_version": "1-old"}), roots)


def test_a_broken_file_is_bad_data_to_the_trainer(tmp_path: Path) -> None:
    path = folder(tmp_path) / "maths" / "train.jsonl"
    path.write_text(path.read_text("utf-8") + "{", "utf-8")
    with pytest.raises(BadData, match="line 41: is not JSON"):
        load(tmp_path, "./maths")
    with pytest.raises(BadData, match="line 41: is not JSON"):
        check(make_spec(task="./maths"), Roots.of(tmp_path, datasets=tmp_path))
