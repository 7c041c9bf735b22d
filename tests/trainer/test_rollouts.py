"""The completions that are kept to be read: which they are, and that they can be read."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from domain.events import Rollout
from tests.trainer.conftest import make_spec, run_events
from trainer.models import FOLDERS
from trainer.rollouts import SHOWN_COMPLETIONS, shown_steps, spell

SHAPED = {"method": "entropy_shaped", "alpha": 4.0}
BONUS = {"method": "entropy_bonus", "beta": 0.1}


def kept(method: Mapping[str, object], train: Mapping[str, object], folder: Path) -> list[Rollout]:
    settings = {"prompts_per_step": 8, "learning_rate": 3e-3, **train}
    said = run_events(make_spec(method, settings, {"problems": 1, "samples": 1}), folder)
    return [event for event in said if isinstance(event, Rollout)]


def problems(rollouts: list[Rollout]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for rollout in rollouts:
        found.setdefault(rollout.step, set()).add(rollout.problem)
    return found


@pytest.mark.parametrize("sequences", [1024, 8], ids=["in one batch", "in four batches"])
def test_arms_of_a_seed_show_the_same_problems_in_whole_groups(
    tmp_path: Path, sequences: int
) -> None:
    """In several batches TRL deals out each step's completions by chance."""
    train = {"steps": 3, "sequences_per_pass": sequences}
    one, other = kept(SHAPED, train, tmp_path), kept(BONUS, train, tmp_path)
    assert problems(one) == problems(other)
    assert [len(found) for found in problems(one).values()] == [4, 4, 4]
    for rollouts in (one, other):
        groups = [(rollout.step, rollout.problem) for rollout in rollouts]
        assert {groups.count(group) for group in groups} == {4}
        assert groups == sorted(groups, key=groups.index), "a group stands together"


def test_arms_share_most_problems_where_a_rollout_serves_several_updates(tmp_path: Path) -> None:
    """A step has then a part of each group, drawn by chance in each arm."""
    train = {"steps": 4, "updates_per_rollout": 4, "completions_per_prompt": 8}
    one = problems(kept(SHAPED, train, tmp_path))
    other = problems(kept(BONUS, train, tmp_path))
    shared = [len(one[step] & other[step]) / len(one[step]) for step in one]
    assert sum(shared) / len(shared) > 0.5


def test_no_kind_of_problem_is_preferred(tmp_path: Path) -> None:
    """In order of their text, only problems with a small first number would be shown."""
    rollouts = kept({"method": "grpo"}, {"steps": 10, "completions_per_prompt": 8}, tmp_path)
    first = [int(problem.split()[0]) for found in problems(rollouts).values() for problem in found]
    assert len(first) == 20
    assert max(first) > min(first) + 1


def test_ten_evenly_spaced_steps_are_shown() -> None:
    assert sorted(shown_steps(100)) == [1, 12, 23, 34, 45, 56, 67, 78, 89, 100]
    assert sorted(shown_steps(3)) == [1, 2, 3]
    assert shown_steps(1) == {1}


def test_tokens_joined_are_the_text() -> None:
    tokenizer = AutoTokenizer.from_pretrained(FOLDERS["countdown-tiny"])
    ids = [*tokenizer("3 * 4 = 12 , 12 - 5 = 7").input_ids, tokenizer.eos_token_id]
    spelt = spell(ids, tokenizer)
    assert len(spelt) == len(ids)
    assert "".join(spelt) == tokenizer.decode(ids)
    assert spelt[1:4] == [" 3", " *", " 4"]


@pytest.fixture(scope="module")
def bytewise() -> PreTrainedTokenizerFast:
    """A tokenizer with a token for each byte, as a byte-level one has for what it rarely saw."""
    letters = {letter: number for number, letter in enumerate(pre_tokenizers.ByteLevel.alphabet())}
    tokenizer = Tokenizer(models.BPE(vocab=letters, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


def test_a_character_of_several_tokens_is_the_last_ones(bytewise: PreTrainedTokenizerFast) -> None:
    assert spell(bytewise.encode("é 🙂b"), bytewise) == ["", "é", " ", "", "", "", "🙂", "b"]


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_completion_that_ends_within_a_character_loses_no_token(
    bytewise: PreTrainedTokenizerFast, cut: int
) -> None:
    ids = bytewise.encode("a🙂")[:-cut]
    assert spell(ids, bytewise) == ["a", *[""] * (3 - cut), "\N{REPLACEMENT CHARACTER}"]


def test_bytes_that_make_no_character_lose_no_token(bytewise: PreTrainedTokenizerFast) -> None:
    start = bytewise.encode("🙂")[0]
    assert spell([start, start, *bytewise.encode("ab")], bytewise)[2:] == ["\ufffd\ufffda", "b"]


def test_nothing_is_spelt_as_nothing(bytewise: PreTrainedTokenizerFast) -> None:
    assert spell([], bytewise) == []


def test_a_step_keeps_no_more_than_can_be_read(tmp_path: Path) -> None:
    train = {"steps": 1, "prompts_per_step": 2, "completions_per_prompt": 32}
    rollouts = kept({"method": "grpo"}, train, tmp_path)
    assert [rollout.index for rollout in rollouts] == list(range(SHOWN_COMPLETIONS))
    assert len({rollout.problem for rollout in rollouts}) == 1
