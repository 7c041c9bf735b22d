"""Word lists: what ships, what a user may write, and what is refused with a remedy."""

import pytest
from pydantic import ValidationError

from domain.errors import Invalid
from domain.lexicons import LEXICONS, Lexicon, find_lexicon

PAPER = {
    "causal": ("because", "therefore"),
    "contrastive": ("however", "although"),
    "sequential": ("first", "then"),
    "verbs": ("suggest*", "demonstrat*"),
}


@pytest.mark.parametrize("category", PAPER)
def test_the_english_list_has_the_words_that_the_paper_names(category: str) -> None:
    assert set(PAPER[category]) <= set(LEXICONS["english-1"].words[category])


def test_the_pivots_of_countdown_are_its_operators() -> None:
    assert find_lexicon(None, "countdown").words == {"operators": ["+", "-", "*"]}


def test_any_other_task_is_read_as_english() -> None:
    assert find_lexicon(None, "reasoning-gym/products").name == "english-1"


def test_a_list_that_a_user_wrote_is_taken_as_it_is() -> None:
    own = Lexicon(name="mine-3", language="de", words={"kausal": ["weil", "deshalb"]})
    assert find_lexicon(own, "countdown") is own


def test_a_name_that_no_list_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="known: english-1, countdown-1, or write one out"):
        find_lexicon("englisch", "countdown")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"a": ["so"], "b": ["So"]}, "'So' is in a and in b; keep one of them"),
        ({"a": ["ver*fy"]}, "at the end of a word alone"),
        ({"a": []}, "at least 1"),
        ({}, "at least 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: dict[str, list[str]], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Lexicon(name="mine-1", words=words)


def test_white_space_in_a_phrase_does_not_matter() -> None:
    assert Lexicon(name="mine-1", words={"a": [" so  far "]}).words == {"a": ["so far"]}
