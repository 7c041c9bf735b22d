"""Texts of tokens, which make up the completion when they are joined."""

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from tokenizers.decoders import ByteLevel
from transformers import PreTrainedTokenizerFast

from tests.trainer.conftest import make_spec
from trainer import subjects
from trainer.pieces import pieces


@pytest.fixture(scope="module")
def by_bytes() -> PreTrainedTokenizerFast:
    """One token for each byte, as the worst of byte-level tokenizers would cut."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    known = {letter: place for place, letter in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=known, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


@pytest.mark.parametrize("text", ["plain", " é ü", "因此 3", "a 😀 b", "\n\n x"])
def test_they_make_up_the_text(by_bytes: PreTrainedTokenizerFast, text: str) -> None:
    ids = by_bytes.encode(text, add_special_tokens=False)
    found = pieces(by_bytes, ids)
    assert len(found) == len(ids)
    assert "".join(found) == text


def test_half_a_character_adds_nothing_until_it_is_whole(by_bytes: PreTrainedTokenizerFast) -> None:
    ids = by_bytes.encode("é!", add_special_tokens=False)
    assert pieces(by_bytes, ids) == ["", "é", "!"]


def test_a_character_that_stays_half_is_shown_as_such(by_bytes: PreTrainedTokenizerFast) -> None:
    ids = by_bytes.encode("aé", add_special_tokens=False)[:-1]
    assert pieces(by_bytes, ids) == ["a", "\ufffd"]


def test_words_of_a_word_level_tokenizer_keep_their_spaces_and_the_end_has_no_text() -> None:
    tokenizer = subjects.load(make_spec({"method": "base"})).tokenizer
    ids = [*tokenizer.encode("3 + 4 = 7", add_special_tokens=False), tokenizer.eos_token_id]
    assert pieces(tokenizer, ids) == ["3", " +", " 4", " =", " 7", ""]
