"""What a report says of behaviour, in sentences and over an arm's runs."""

from dataclasses import replace

import numpy as np
import pytest

from domain.armbehaviours import describe
from domain.behaviourdifferences import list_differences
from domain.behaviourreports import (
    UNESTABLISHED,
    JudgedRun,
    ReportedBehaviour,
    depend,
    list_established,
    list_kinds,
)
from domain.collapses import Collapse, Scores, assess
from tests.domain.test_armbehaviours import SETTINGS, World, layout

BASE, MORE = layout("grpo", [0, 1, 2]), layout("more", [0, 1, 2], World(gap=0.7))
SAME = layout("same", [0, 1, 2], World(draw=2))


def reported(*layouts: object) -> ReportedBehaviour:
    chosen = [one for one in (BASE, MORE, SAME) if one in layouts]
    return ReportedBehaviour(
        settings=SETTINGS,
        arms=tuple(describe(one) for one in chosen),
        baseline="grpo",
        differences=tuple(list_differences(chosen, BASE)),
        missing=None,
        dependence=(),
        remarks=(),
    )


def test_what_is_established_is_said_with_its_interval_and_p() -> None:
    said = list_established(reported(BASE, MORE))
    assert any(
        text.startswith(
            "more: pivotal words (operators) come with entropy further above the rest than"
        )
        and "nats, adjusted p" in text
        for text in said
    )


def test_of_one_seed_nothing_is_established() -> None:
    base, more = layout("grpo", [0]), layout("more", [0], World(gap=0.7))
    alone = tuple(list_differences([base, more], base))
    none, *others = list_established(replace(reported(BASE, MORE), differences=alone))
    assert none.startswith("No arm's behaviour is established to differ from grpo's")
    assert none.endswith("none has an adjusted p below 0.05 in an interval with training noise.")
    assert others
    assert all(text.endswith(f"{UNESTABLISHED}.") for text in others)


def test_a_null_is_said_to_be_one() -> None:
    found = reported(BASE, SAME)
    assert len(found.differences) == 12
    (said,) = list_established(found)
    assert said.startswith("No arm's behaviour is established to differ from grpo's: of 6 diff")
    assert said.endswith("none has an adjusted p below 0.05.")


def test_where_the_baseline_is_missing_that_is_said() -> None:
    (said,) = list_established(replace(reported(BASE), missing="grpo has no finished analysis"))
    assert said == "grpo has no finished analysis, so that arms cannot be set against it."


def test_a_single_category_is_listed_once_and_what_was_not_looked_at_not() -> None:
    assert list(list_kinds(reported(BASE))) == [("operators", "words"), ("rare", "sentences")]


def collapse(problems: int) -> Collapse:
    """Of traces that are far likelier under their own prompts."""
    scores = np.full((problems, 2, problems), -20.0)
    for problem in range(problems):
        scores[problem, :, problem] = -8.0
    found = assess(Scores(scores, np.full((problems, 2), 10.0)))
    assert found is not None
    return found


def test_runs_of_another_number_of_prompts_are_not_told_together() -> None:
    runs = [JudgedRun("grpo", 10, collapse(prompts), None) for prompts in (6, 4, 4)]
    (told,) = depend(runs)
    assert (told.runs, told.chance) == (2, 0.25)
    assert told.most == pytest.approx(np.log(4))
    assert told.mutual.value == pytest.approx(np.log(4), abs=1e-4)


def test_runs_are_told_together_with_their_regimes() -> None:
    found = collapse(4)
    runs = [JudgedRun("grpo", 10, found, "diverse"), JudgedRun("grpo", 10, found, None)]
    (told,) = depend([*runs])
    assert (told.runs, told.regimes, told.chance) == (2, {"diverse": 1}, 0.25)
    assert told.mutual.value == pytest.approx(np.log(4), abs=1e-4)
    assert told.mutual.low is not None
    (alone,) = depend(runs[:1])
    assert alone.retrieved == found.retrieval[0].share
