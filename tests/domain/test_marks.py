"""From words and sentences of a text to the tokens it is made of, however it was cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.lexicons import LEXICONS, Lexicon
from domain.marks import Marker, marker_of
from domain.sentences import split_sentences

ENGLISH, COUNTDOWN = (marker_of(LEXICONS[name]) for name in ("english-1", "countdown-1"))


def words(marker: Marker, tokens: list[str]) -> list[tuple[str, str]]:
    marks = marker.mark(tokens).words
    return [("".join(tokens[mark.first : mark.last + 1]), mark.category) for mark in marks]


def sentences(text: str) -> list[str]:
    return [text[begin:end] for begin, end in split_sentences(text)]


@pytest.mark.parametrize(
    "tokens",
    [
        ["so", " There", "fore", ",", " x"],
        ["so", " ", "There", "fore", ",", " x"],
        ["so ", "THEREFORE", ", x"],
        ["s", "o", " T", "h", "er", "efo", "re", ",", " x"],
    ],
)
def test_a_word_is_found_however_the_tokenizer_cuts_it(tokens: list[str]) -> None:
    found = words(ENGLISH, tokens)
    assert [text.strip().casefold().rstrip(", x") for text, _ in found] == ["so", "therefore"]


def test_the_first_token_of_a_word_is_the_one_that_was_chosen() -> None:
    marks = ENGLISH.mark(["x", " on", " the", " other", " hand", " y"])
    assert [(mark.first, mark.last) for mark in marks.words] == [(1, 4)]


@pytest.mark.parametrize("text", ["also", "thenceforth", "butter", "showdown", "unless5"])
def test_a_part_of_a_word_is_not_the_word(text: str) -> None:
    assert [word for word, _ in words(ENGLISH, [text])] == (["also"] if text == "also" else [])


def test_a_star_stands_for_any_ending() -> None:
    assert words(ENGLISH, ["It", " suggests", " a", " demonstration"]) == [
        (" suggests", "verbs"),
        (" demonstration", "verbs"),
    ]


def test_the_longest_phrase_wins() -> None:
    assert words(ENGLISH, ["even", " though", " so"]) == [
        ("even though", "contrastive"),
        (" so", "causal"),
    ]


def test_operators_are_found_between_the_words_of_a_word_level_tokenizer() -> None:
    assert words(COUNTDOWN, ["3", " +", " 4", " =", " 7", " ,", " 7", " *", " 2"]) == [
        (" +", "operators"),
        (" *", "operators"),
    ]


def test_scripts_without_spaces_are_read_too() -> None:
    marker = Marker(Lexicon(name="zh-1", language="zh", words={"causal": ["因此"]}))
    assert words(marker, ["我们", "得", "因", "此", "三"]) == [("因此", "causal")]


def test_pieces_of_a_character_that_came_out_empty_do_no_harm() -> None:
    assert words(ENGLISH, ["", "", "é", " so", ""]) == [(" so", "causal")]


def test_any_apostrophe_will_do() -> None:
    assert ENGLISH.mark(["Let\u2019s check it."]).sentences[0].reflective


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is 3.5. Then 4.", ["It is 3.5.", "Then 4."]),
        ("$f(x) = 2. 5$ holds. Next.", ["$f(x) = 2. 5$ holds.", "Next."]),
        (r"Let \(a = 1. b = 2.\) Hmm!", [r"Let \(a = 1. b = 2.\) Hmm!"]),
        ("\\[\nx = 3.\\\\\ny = 4\n\\] is it.", ["\\[\nx = 3.\\\\\ny = 4\n\\] is it."]),
        ("He paid $18.50. She paid $2.", ["He paid $18.50.", "She paid $2."]),
        ("Step 1: add.\nStep 2: stop", ["Step 1: add.", "Step 2: stop"]),
        ("1. However, no.\n2. Yes.", ["1. However, no.", "2. Yes."]),
        ("One e.g. 3. \n---\n***\n", ["One e.g. 3."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_steps_of_countdown_are_its_sentences() -> None:
    tokens = ["3", " +", " 4", " =", " 7", " ,", " 7", " *", " 2", " =", " 14"]
    assert COUNTDOWN.mark(tokens).texts == ["3 + 4 = 7 ,", "7 * 2 = 14"]


def test_a_reflective_sentence_is_told_from_others() -> None:
    marks = ENGLISH.mark(["Six", ".", " Wait", ",", " five", ".", " Done", "."])
    assert [mark.reflective for mark in marks.sentences] == [False, True, False]
    assert [(mark.first, mark.last) for mark in marks.sentences] == [(0, 1), (2, 5), (6, 7)]


def test_a_sentence_whose_first_token_ends_the_one_before_begins_with_the_next() -> None:
    marks = ENGLISH.mark(["Six", ". Wait", ",", " five", ".", " Done", "."])
    assert [(mark.first, mark.last) for mark in marks.sentences] == [(0, 1), (2, 4), (5, 6)]
    assert marks.texts == ["Six.", "Wait, five.", "Done."]
    assert [mark.reflective for mark in marks.sentences] == [False, True, False]


def test_chinese_sentences_that_share_a_token_are_told_apart() -> None:
    lexicon = Lexicon(name="zh-1", language="zh", words={"causal": ["因此"]}, reflective=["等等"])
    marks = Marker(lexicon).mark(["六", "。等等", "他五", "。"])
    assert [(mark.first, mark.last) for mark in marks.sentences] == [(0, 1), (2, 3)]
    assert [mark.reflective for mark in marks.sentences] == [False, True]


def test_a_sentence_without_a_token_of_its_own_is_left_out() -> None:
    marks = ENGLISH.mark(["Six", ". No. Yes", "."])
    assert marks.texts == ["Six.", "Yes."]


@given(some.lists(some.text(alphabet="so. wait\n$é3\\[]therfo", max_size=6), max_size=60))
def test_marks_stay_inside_the_tokens_and_apart(tokens: list[str]) -> None:
    marks = ENGLISH.mark(tokens)
    assert len(marks.starts) == len(tokens)
    for found in (marks.words, marks.sentences):
        places = [edge for mark in found for edge in (mark.first, mark.last)]
        assert places == sorted(places)
        assert all(0 <= place < len(tokens) for place in places)
        firsts = [mark.first for mark in found]
        assert len(set(firsts)) == len(firsts)
