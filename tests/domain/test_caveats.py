"""A reader is told what weakens a report's figures, and of nothing that does not."""

from collections.abc import Sequence

import pytest

from domain.caveats import list_caveats
from domain.reports import Related
from domain.trajectories import Course
from tests.domain.graded import arm
from tests.domain.reported import GRPO, SHAPED, report


def mentions(sentences: Sequence[str], words: str) -> bool:
    return any(words in sentence for sentence in sentences)


def test_caveats_hold_the_warnings_power_divergence_and_luck() -> None:
    other = arm("other", {0: [2, 1, 3], 1: [1, 2, 3]})
    found = report(GRPO, SHAPED, other, courses=(Course(9, "shaped", 1, 0.5, 2.0, {"loss": 3}),))
    caveats = list_caveats(found)
    assert caveats[: len(found.comparison.warnings)] == found.comparison.warnings
    assert mentions(caveats, "Power: at pass@4")
    assert mentions(caveats, "Entropy exploded in 1 run")
    assert mentions(caveats, "loss from step 3")
    assert mentions(caveats, "The best of 2 arms owes part of its lead to luck")


def test_a_confirmation_has_no_luck_to_warn_of() -> None:
    other = arm("other", {0: [2, 1, 3], 1: [1, 2, 3]})
    found = report(GRPO, SHAPED, other, confirms=Related(7, "a search", "shaped"))
    assert not mentions(list_caveats(found), "luck")


@pytest.mark.parametrize(("correct", "word"), [(0, "floor"), (4, "ceiling")])
def test_problems_at_the_floor_or_the_ceiling_are_counted(correct: int, word: str) -> None:
    stuck = arm("grpo", {0: [correct, correct, 2], 1: [correct, correct, 2]})
    caveats = list_caveats(report(stuck, SHAPED))
    assert mentions(caveats, f"67\u00a0% of the problems are at the {word}")


def test_one_seed_has_no_power_to_speak_of() -> None:
    caveats = list_caveats(report(arm("grpo", {0: [1, 2, 3]}), arm("shaped", {0: [2, 2, 3]})))
    assert not mentions(caveats, "Power")
