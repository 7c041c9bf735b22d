"""Figures of traces with planted words, sentences and entropies."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from domain.analyses import AnalysisSettings, ProbeSettings
from domain.behaviours import Behaviour, describe_behaviour
from domain.catalogue import TASKS
from domain.errors import Invalid
from domain.findings import ScoreColumn, TokenCell, TokenTally
from domain.kinds import Kind
from domain.lexicons import LEXICONS
from domain.marks import marker_of
from domain.probes import bill, settle_analysis
from domain.tallies import PlacedSentence, Trace, tally_rare, tally_tokens

ENGLISH = marker_of(LEXICONS["english-1"])
SENTENCES = "She has six . Therefore he has two . Wait , it is five . However , it is done now ."
TEXT = tuple(SENTENCES.split())
TOKENS = [f" {word}" for word in TEXT]
PIVOTAL = {"Therefore", "However", "now"}


def trace(pivotal: float, plain: float, generator: np.random.Generator) -> Trace:
    entropies = [
        (pivotal if word in PIVOTAL else plain) * generator.uniform(0.8, 1.2) for word in TEXT
    ]
    return Trace(TOKENS, entropies, ENGLISH.mark(TOKENS), correct=False, truncated=False)


def tallies(pivotal: float, plain: float, problems: int = 20) -> list[TokenTally]:
    generator = np.random.default_rng(0)
    return [
        tally_tokens(number, [trace(pivotal, plain, generator) for _ in range(3)])
        for number in range(problems)
    ]


def described(found: Sequence[TokenTally | ScoreColumn], **settings: object) -> Behaviour:
    behaviour = describe_behaviour(AnalysisSettings.model_validate(settings), found)
    assert behaviour is not None
    return behaviour


def kind(behaviour: Behaviour, name: str) -> Kind:
    return next(one for one in behaviour.pivotal if one.name == name)


def test_planted_entropy_is_found_at_its_words_and_counted() -> None:
    found = described(tallies(pivotal=1.5, plain=0.5))
    causal = kind(found, "causal")
    assert causal.count == 60, "Therefore, in three traces of twenty problems"
    assert causal.per_thousand.value == pytest.approx(1000 / len(TEXT))
    assert causal.mean.value == pytest.approx(1.5, abs=0.05)
    assert causal.rest.value == pytest.approx(0.5, abs=0.05)
    for gap in causal.gaps:
        if gap.view in ("all", "problem", "word starts"):
            assert gap.delta.value == pytest.approx(1.0, abs=0.05)
            assert gap.adjusted_p is not None
            assert gap.adjusted_p < 0.01


def test_categories_that_do_not_occur_say_so() -> None:
    verbs = kind(described(tallies(1.5, 0.5)), "verbs")
    assert (verbs.count, verbs.mean.value) == (0, None)
    assert all(gap.note.startswith("in 0 problems") for gap in verbs.gaps)


def test_where_all_problems_say_the_same_that_is_said_and_not_that_they_are_few() -> None:
    marks = ENGLISH.mark([" so", " x"])
    alike = Trace([" so", " x"], [1.0, 0.5], marks, correct=True, truncated=False)
    gap = kind(described([tally_tokens(number, [alike]) for number in range(9)]), "causal").gaps[0]
    assert (gap.delta.low, gap.delta.high, gap.p) == (0.5, 0.5, None)
    assert gap.note == "every problem says the same, which has no p"


def test_no_difference_is_reported_as_none() -> None:
    whole = kind(described(tallies(0.5, 0.5)), "all")
    assert whole.gaps[0].p is not None
    assert whole.gaps[0].p > 0.05


def test_a_reflective_sentence_is_set_against_the_others() -> None:
    found = described(tallies(1.5, 0.5)).reflective
    assert found.count == 60
    assert found.mean.value == pytest.approx(0.5, abs=0.05)
    assert found.rest.value is not None
    assert found.rest.value > 0.55, "sentences with a pivotal word"


def test_tokens_without_a_number_are_left_out_and_counted() -> None:
    marks = ENGLISH.mark([" a", " b"])
    broken = Trace([" a", " b"], [math.nan, 1.0], marks, correct=False, truncated=True)
    tally = tally_tokens(0, [broken])
    assert (tally.tokens, tally.unknown, sum(cell.n for cell in tally.cells)) == (2, 1, 1)


def test_the_rest_of_a_listed_word_is_in_neither_side() -> None:
    tokens = [" There", "fore", " x"]
    marks = ENGLISH.mark(tokens)
    tally = tally_tokens(0, [Trace(tokens, [2.0, 9.0, 1.0], marks, correct=True, truncated=False)])
    found = described([tally])
    assert (kind(found, "causal").mean.value, kind(found, "causal").rest.value) == (2.0, 1.0)


def test_rare_sentences_are_those_from_the_threshold_on() -> None:
    placed = [PlacedSentence(place, 0.1 * place, reflective=False) for place in range(4)]
    tally = tally_rare(3, placed, [0.1, 0.4, 0.4, 0.2], threshold=0.4, base_threshold=0.15)
    assert (tally.beyond, tally.sentences) == (3, 4)
    assert sum(cell.n for cell in tally.cells if cell.marked) == 2


def test_scores_that_are_not_complete_are_not_assessed() -> None:
    column = ScoreColumn(number=0, lengths=[[3]] * 3, scores=[[-1.0]] * 3)
    assert described([*tallies(1, 1), column]).collapse is None


def test_nothing_found_yet_is_no_behaviour() -> None:
    assert describe_behaviour(AnalysisSettings(), []) is None


def test_what_weakens_the_figures_is_said() -> None:
    few = described(tallies(1.5, 0.5, problems=6), probe={"temperature": 0.7})
    assert [text.split()[0] for text in few.remarks] == ["6", "Entropies"]


def test_a_ceiling_and_uneven_problems_are_said() -> None:
    columns = [
        ScoreColumn(
            number=number,
            lengths=[[5]] * 8,
            scores=[[-1.0 if row == number else -900.0] for row in range(8)],
        )
        for number in range(8)
    ]
    sure = described([*tallies(1.5, 0.5), *columns]).remarks
    assert any("only more prompts could show it fall" in text for text in sure)
    cells = [TokenCell("causal", 1, 0, 120 if number == 3 else 1, 60.0) for number in range(20)]
    uneven = [
        one.model_copy(update={"cells": [*one.cells, cell]})
        for one, cell in zip(tallies(1.5, 0.5), cells, strict=True)
    ]
    assert any(text.startswith("A few problems hold") for text in described(uneven).remarks)
    assert not any(text.startswith("A few") for text in described(tallies(1.5, 0.5)).remarks)


def test_sizes_that_were_not_asked_for_are_what_the_task_has() -> None:
    small = TASKS["countdown"].model_copy(update={"eval_problems": 10})
    settled = settle_analysis(AnalysisSettings(), small)
    assert (settled.probe.problems, settled.probe.max_completion_tokens) == (10, 20)
    assert settled.collapse is not None
    assert settled.collapse.problems == 10
    assert bill(settled).passes == 10 * 10 * 2
    with pytest.raises(Invalid, match="has 10; ask for at most"):
        settle_analysis(AnalysisSettings(probe=ProbeSettings(problems=11)), small)
