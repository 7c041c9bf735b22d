"""What is said of a trainer that crashed: the exception, not the lines before it."""

import pytest

from workers.supervisor import cause_of

TRACEBACK = ["Traceback (most recent call last):", '  File "x.py", line 1, in <module>', "    ^^^^"]


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ([*TRACEBACK, "ValueError: no"], ["ValueError: no"]),
        (
            [*TRACEBACK, "torch.AcceleratorError: CUDA error", "more", "advice", "and more"],
            ["torch.AcceleratorError: CUDA error", "more", "advice"],
        ),
        (["one", "two", "three", "four"], ["two", "three", "four"]),
        ([], []),
    ],
)
def test_a_log_ends_in_the_exception_that_it_names_last(log: list[str], said: list[str]) -> None:
    assert cause_of(log) == said
