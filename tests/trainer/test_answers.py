"""The maths verifier: exact, strict, and not to be had by a completion that hedges or explodes."""

import sys

import pytest

from assets.tasks import MATHS_VERSION
from trainer.tasks import Problem, Verdict, examinations, maths
from trainer.tasks.answers import extract, number_of
from trainer.tasks.examinations import Examiner
from trainer.versions import maths_hash


def grade(answer: str, completion: str) -> Verdict:
    return maths.grade(Problem("", answer), completion)


@pytest.mark.parametrize(
    ("completion", "answer"),
    [
        (r"\boxed{1} \boxed{2}", "2"),
        (r"\boxed{\frac{1}{2}}", r"\frac{1}{2}"),
        (r"\boxed{\{1, 2\}}", r"\{1, 2\}"),
        (r"\boxed {3}", "3"),
        ("#### 42\n", "42"),
        ("Answer: $7$.", "7"),
        ("**Answer:** 7", "7"),
        (r"Answer: \boxed{7}", "7"),
        ("\\boxed{7}\nAnswer: 8", "8"),
        ("Answer: 8\n\\boxed{7}", "7"),
        ("Answer: 7\nwhich is right", "7"),
    ],
)
def test_what_is_stated_last_is_the_answer(completion: str, answer: str) -> None:
    assert extract(completion) == answer


@pytest.mark.parametrize(
    "completion",
    [
        "",
        "42",
        "The answer is 42",
        r"\boxed{}",
        r"\boxed{ $ $ }",
        r"\boxed{42",
        r"\boxed{42} \boxed{",
        "Answer:",
        "Answer:\n42",
        "####",
        "My Answer: 42",
        r"\boxed 42",
    ],
)
def test_where_nothing_is_stated_nothing_is_judged(completion: str) -> None:
    assert grade("42", completion) == Verdict.UNPARSABLE


@pytest.mark.parametrize(
    ("answer", "stated"),
    [
        ("42", "42"),
        ("42", "042"),
        ("42", "+42"),
        ("42", "42.00"),
        ("-3", "-3"),
        ("1234567", "1,234,567"),
        ("10080", r"10,\!080"),
        ("0.5", r"\frac{1}{2}"),
        (r"\frac12", "0.5"),
        (r"\frac{1}{2}", r"\dfrac{2}{4}"),
        (r"-\frac{1}{2}", r"\frac{-1}{2}"),
        ("3/4", ".75"),
        ("18", r"\$18"),
        (r"\$18", "18"),
        ("20", r"20\%"),
        ("90", r"90^\circ"),
        ("5", r"5 \text{ cm}^2"),
        ("5", "x = 5"),
        ("073", "73"),
    ],
)
def test_a_number_may_be_written_in_more_than_one_way(answer: str, stated: str) -> None:
    assert grade(answer, f"\\boxed{{{stated}}}") == Verdict.CORRECT


@pytest.mark.parametrize(
    "stated",
    [
        "5 or 6",
        "6, 5",
        "5, 6",
        "5 6",
        r"5 \text{ or } 6",
        r"\{5, 6\}",
        "[4, 6]",
        r"5 \pm 1",
        "x > 4",
        r"\approx 5",
        "4.9999999999",
        "2 + 3",
        "10/2/1",
        "10 - 5",
        r"\sqrt{25}",
        "5^1",
        "5!",
        "5e0",
        "0x5",
        "\N{ARABIC-INDIC DIGIT FIVE}",
        "\N{FULLWIDTH DIGIT FIVE}",
        "5 = 2 + 3",
        "1 = 5",
        "x = y = 5",
        r"\frac{5}{0}",
        "nan",
        "inf",
        "None",
        r"\infty",
        "1,0000",
    ],
)
def test_for_a_number_nothing_else_will_do(stated: str) -> None:
    assert grade("5", f"\\boxed{{{stated}}}") == Verdict.WRONG


def test_a_scientific_number_is_no_plain_number() -> None:
    assert grade("100000", r"\boxed{1e5}") == Verdict.WRONG


@pytest.mark.parametrize("digits", [300, 10**6])
def test_a_number_of_any_length_costs_nothing(digits: int) -> None:
    assert grade("5", f"\\boxed{{{'9' * digits}}}") == Verdict.WRONG
    assert grade(r"2\pi", f"\\boxed{{{'9' * digits}\\pi}}") == Verdict.WRONG


def test_a_million_boxes_are_read_in_time() -> None:
    assert grade("5", r"\boxed{" * 10**5 + "5" + "}" * 10**5) == Verdict.CORRECT
    assert grade("5", r"\boxed{" * 10**6) == Verdict.UNPARSABLE


@pytest.mark.parametrize(
    ("answer", "stated", "verdict"),
    [
        (r"3\sqrt{13}", r"\sqrt{117}", "correct"),
        (r"3\sqrt{13}", "10.816653826391967", "wrong"),
        (r"\left( 3, \frac{\pi}{2} \right)", r"(3, \frac{\pi}{2})", "correct"),
        (r"\left( 3, \frac{\pi}{2} \right)", r"(\frac{\pi}{2}, 3)", "wrong"),
        ("[1,\\infty)", r"[1, \infty)", "correct"),
        ("[1,\\infty)", r"(1, \infty)", "wrong"),
        ("1, 2, 3", "3, 2, 1", "correct"),
        ("1, 2, 3", "1, 2, 3, 4", "wrong"),
        (r"\text{Evelyn}", r"\text{Evelyn}", "correct"),
        (r"\text{Evelyn}", r"\text{Evelyn or Carla}", "wrong"),
        ("x + 1", "1 + x", "correct"),
        ("x + 1", "x + 1 = x + 2", "wrong"),
    ],
)
def test_what_is_no_number_is_compared_as_mathematics(
    answer: str, stated: str, verdict: str
) -> None:
    assert grade(answer, f"\\boxed{{{stated}}}") == verdict


@pytest.mark.parametrize("stated", ["9^{9^{9^9}}", "(10^9)!"])
def test_an_answer_that_takes_for_ever_is_wrong_and_counted(stated: str) -> None:
    before = maths.examiner().late
    assert grade("x + 1", f"\\boxed{{{stated}}}") == Verdict.WRONG
    assert maths.examiner().late == before + 1
    assert grade("x + 1", r"\boxed{1 + x}") == Verdict.CORRECT


def test_the_same_answer_is_examined_once() -> None:
    maths.equal("x + 1", "x + 7")
    known = len(maths.examiner().known)
    maths.equal("x + 1", "x + 7")
    assert len(maths.examiner().known) == known


def test_an_examiner_that_something_else_killed_is_asked_again() -> None:
    examiner = Examiner({})
    examiner.start().kill()
    assert examiner.accepts({"gold": "x + 1", "text": "1 + x"})
    assert examiner.late == 0


def test_a_verdict_that_came_of_a_kill_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    examiner = Examiner({})
    question: dict[str, object] = {"gold": "x + 1", "text": "1 + x"}
    dying = "print('ready', flush=True); [input(), input()]; import os; os.kill(os.getpid(), 9)"
    with monkeypatch.context() as patched:
        patched.setattr(examinations, "PROGRAM", [sys.executable, "-c", dying])
        assert not examiner.accepts(question)
        assert examiner.late == 1
    assert examiner.accepts(question)


def test_a_number_is_exact() -> None:
    assert number_of("0." + "3" * 100) != number_of(r"\frac{1}{3}")


def test_the_version_names_what_the_verifier_says() -> None:
    assert MATHS_VERSION.endswith(f"-{maths_hash()}")


def test_the_probe_sees_every_verdict() -> None:
    assert {maths.grade(*probed) for probed in maths.probe()} == set(Verdict)
