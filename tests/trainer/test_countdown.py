"""The verifier at its edges, and splits that cannot overlap."""

import itertools

import pytest

from trainer.tasks import countdown
from trainer.tasks.countdown import grade, problems

PROMPT = "2 3 7 8 -> 66 :"


@pytest.mark.parametrize(
    ("completion", "verdict"),
    [
        ("8 + 3 = 11 , 2 * 11 = 22 , 22 + 7 = 29", "wrong"),
        ("7 + 2 = 9 , 9 * 8 = 72 , 72 - 3 = 69", "wrong"),
        ("8 * 7 = 56 , 3 * 2 = 6 , 56 + 6 = 62", "wrong"),
        ("8 - 2 = 6 , 7 + 3 = 10 , 6 * 10 = 60", "wrong"),
        ("3 * 2 = 6 , 6 * 8 = 48 , 48 + 7 = 55", "wrong"),
        ("8 - 2 = 6 , 3 + 7 = 11 , 6 * 11 = 66", "wrong"),
        ("8 * 8 = 64 , 64 + 2 = 66", "wrong"),
        ("2 - 3 = -1 , 7 + 8 = 15 , 15 - -1 = 16", "unparsable"),
        ("8 / 2 = 4 , 3 + 7 = 10 , 4 + 10 = 14", "unparsable"),
        ("", "unparsable"),
        ("66", "unparsable"),
        ("8 - 2 = 6 ,", "unparsable"),
        ("8 - 2 = 6 , 3 + 7", "unparsable"),
        ("08 - 2 = 6", "unparsable"),
        ("٨ - 2 = 6", "unparsable"),
    ],
)
def test_refuses_what_is_not_an_exact_derivation(completion: str, verdict: str) -> None:
    assert grade(PROMPT, completion) == verdict


def test_accepts_an_exact_derivation() -> None:
    assert grade("2 3 7 8 -> 62 :", "8 * 7 = 56 , 3 * 2 = 6 , 56 + 6 = 62") == "correct"


def test_every_number_must_be_used() -> None:
    assert grade("1 2 3 4 -> 6 :", "1 + 2 = 3 , 3 + 3 = 6") == "wrong"


def test_a_number_given_twice_may_be_used_twice() -> None:
    completion = "3 + 3 = 6 , 6 + 1 = 7 , 7 + 1 = 8"
    assert grade("1 1 3 3 -> 8 :", completion) == "correct"
    assert grade("1 1 3 4 -> 8 :", completion) == "wrong"


def test_intermediate_values_stay_at_most_a_hundred() -> None:
    completion = "12 * 12 = 144 , 144 - 12 = 132 , 132 - 12 = 120"
    assert grade("12 12 12 12 -> 120 :", completion) == "wrong"


def test_the_last_step_must_be_the_one_that_gives_the_target() -> None:
    assert grade("1 1 1 2 -> 2 :", "1 + 1 = 2 , 2 + 2 = 4 , 4 - 1 = 3") == "wrong"


def test_every_drawn_derivation_is_correct() -> None:
    for prompt, steps in itertools.islice(countdown.draw_all("train", "a test"), 500):
        assert grade(prompt, countdown.write(steps)) == "correct"


def test_splits_are_disjoint() -> None:
    splits = [set(problems(split, 1000)) for split in ("train", "eval", "held_out")]
    assert [len(split) for split in splits] == [1000, 1000, 1000]
    assert not any(a & b for a, b in itertools.combinations(splits, 2))


def test_the_order_does_not_follow_how_likely_a_problem_is() -> None:
    few, many = problems("eval", 50), problems("eval", 500)
    assert set(few) < set(many)
    assert set(many[:50]) != set(few)
