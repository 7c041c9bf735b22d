"""The sampler draws what transformers draws, whatever the batch, and the same for each problem."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
import scipy.stats
import torch
from torch import Tensor

from tests.trainer.conftest import make_spec
from trainer import reminders, sampling, subjects
from trainer.evaluate import sampling_of
from trainer.sampling import (
    Drawn,
    Job,
    Sampling,
    choose,
    choose_exactly,
    fitting_rows,
    sample,
    sample_whole,
)
from trainer.subjects import Subject

SETTINGS = {"problems": 12, "samples": 20, "max_completion_tokens": 20}


@pytest.fixture(scope="module")
def subject() -> Subject:
    found = subjects.load(make_spec({"method": "base"}, None, SETTINGS))
    found.model.eval()
    return found


@pytest.fixture(scope="module")
def jobs(subject: Subject) -> list[Job]:
    return list(enumerate(subject.tokenize(subject.ask("eval", 12))))


def uneven(jobs: Sequence[Job]) -> list[Job]:
    """Prompts of different lengths, which need padding and a mask."""
    return [(number, prompt[number % 4 :]) for number, prompt in jobs]


def drawn(subject: Subject, jobs: Sequence[Job], rows: int = 0) -> dict[int, Tensor]:
    return dict(sample(subject.model, jobs, sampling_of(subject), rows))


@pytest.mark.parametrize("rows", [1, 7, 20, 33, 100])
def test_the_batch_has_no_say(subject: Subject, jobs: list[Job], rows: int) -> None:
    whole, parts = drawn(subject, jobs), drawn(subject, jobs, rows)
    assert list(parts) == [number for number, _ in jobs], "in order, each once"
    assert all(torch.equal(whole[number], parts[number]) for number in whole)


def test_padding_has_no_say(subject: Subject, jobs: list[Job]) -> None:
    ragged = uneven(jobs)
    together, alone = drawn(subject, ragged), drawn(subject, ragged, rows=20)
    assert all(torch.equal(together[number], alone[number]) for number in together)


def test_other_problems_have_no_say(subject: Subject, jobs: list[Job]) -> None:
    """What goes on after an interruption draws the rest as it would have been drawn."""
    whole, rest = drawn(subject, jobs), drawn(subject, jobs[5:])
    assert all(torch.equal(whole[number], rest[number]) for number in rest)


def test_completions_are_blank_after_their_end(subject: Subject, jobs: list[Job]) -> None:
    eos, pad = subject.tokenizer.eos_token_id, subject.tokenizer.pad_token_id
    for completions in drawn(subject, jobs).values():
        assert completions.shape == (20, 20)
        for row in completions.tolist():
            after = row[row.index(eos) + 1 :] if eos in row else []
            assert set(after) <= {pad}
            assert pad == eos or pad not in row[: len(row) - len(after)]


def generated(subject: Subject, jobs: Sequence[Job], how: Sampling) -> Iterator[Tensor]:
    """transformers' own sampling of the same prompts."""
    torch.manual_seed(0)
    for _, prompt in jobs:
        ids = torch.tensor([prompt])
        whole = cast(Any, subject.model).generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=how.tokens,
            do_sample=True,
            temperature=how.temperature,
            top_p=how.top_p,
            top_k=0,
            num_return_sequences=how.samples,
            pad_token_id=how.pad,
            eos_token_id=how.eos,
        )
        yield whole[:, ids.shape[1] :]


@pytest.mark.parametrize(("temperature", "top_p"), [(1.0, 1.0), (0.6, 0.95), (1.3, 0.7)])
def test_it_draws_from_the_distribution_that_generate_draws_from(
    subject: Subject, jobs: list[Job], temperature: float, top_p: float
) -> None:
    """The same first tokens as often, and completions as long, by chi-square and rank tests."""
    how = replace(sampling_of(subject), samples=400, temperature=temperature, top_p=top_p)
    few = uneven(jobs)[:4]
    ours = [found for _, found in sample(subject.model, few, how)]
    theirs = list(generated(subject, few, how))
    for mine, other in zip(ours, theirs, strict=True):
        assert alike(mine[:, 0], other[:, 0]) > 1e-4
        one, two = ((found == how.eos).int().argmax(1).numpy() for found in (mine, other))
        assert scipy.stats.mannwhitneyu(one, two).pvalue > 1e-4


def alike(one: Tensor, other: Tensor) -> float:
    """p of a chi-square test that two samples of tokens have one distribution."""
    tokens = torch.cat([one, other]).unique()
    table = np.array([[int((found == token).sum()) for token in tokens] for found in (one, other)])
    common = table[:, table.sum(axis=0) >= 10]
    return float(scipy.stats.chi2_contingency(common).pvalue) if common.shape[1] > 1 else 1.0


HOW = Sampling(samples=1, tokens=1, temperature=1.0, top_p=1.0, seed=0, eos=0, pad=0)


def choice(probabilities: list[float], uniform: float, top_p: float = 1.0) -> int:
    logits = torch.tensor([probabilities]).log()
    number = torch.tensor([uniform], dtype=torch.float64)
    return int(choose(logits, number, replace(HOW, top_p=top_p)))


@pytest.mark.parametrize(
    ("uniform", "token"), [(0.0, 0), (0.19, 0), (0.21, 1), (0.69, 1), (0.71, 2), (0.999999, 2)]
)
def test_a_uniform_number_picks_the_token_whose_mass_it_falls_into(
    uniform: float, token: int
) -> None:
    assert choice([0.2, 0.5, 0.3], uniform) == token


@pytest.mark.parametrize(
    ("top_p", "kept"), [(0.4, {1}), (0.5001, {1, 2}), (0.81, {0, 1, 2}), (1.0, {0, 1, 2})]
)
def test_top_p_keeps_the_likeliest_that_reach_it(top_p: float, kept: set[int]) -> None:
    found = {choice([0.2, 0.5, 0.3], uniform, top_p) for uniform in np.linspace(0, 0.9999, 500)}
    assert found == kept


def test_a_token_without_mass_is_never_drawn() -> None:
    found = {choice([0.0, 1.0, 0.0], uniform) for uniform in (0.0, 0.5, 0.9999999)}
    assert found == {1}


@pytest.mark.parametrize("words", [4096, 49_152, 50_257])
def test_a_large_vocabulary_is_searched_by_blocks_for_the_same_token(words: int) -> None:
    generator = torch.Generator().manual_seed(words)
    logits = 4 * torch.randn((400, words), generator=generator)
    uniform = torch.rand(400, generator=generator, dtype=torch.float64)
    found = choose(logits, uniform, HOW)
    same = (found == choose_exactly(logits, uniform, HOW)).float().mean()
    assert same > 0.99, "but for numbers within a rounding of a token's edge"
    one_by_one = [choose(logits[[row]], uniform[[row]], HOW) for row in range(0, 400, 40)]
    assert torch.equal(torch.cat(one_by_one), found[::40]), "other rows have no say"


@pytest.mark.parametrize("token", [0, 127, 128, 5000, 50_256])
def test_of_a_large_vocabulary_a_token_without_mass_is_never_drawn(token: int) -> None:
    logits = torch.full((5, 50_257), float("-inf"))
    logits[:, token] = 1.0
    uniform = torch.tensor([0.0, 0.3, 0.5, 0.999, 1 - 2**-53], dtype=torch.float64)
    assert choose(logits, uniform, HOW).tolist() == [token] * 5


def test_a_diverged_model_still_draws(subject: Subject, jobs: list[Job]) -> None:
    broken = subjects.load(subject.spec)
    with torch.no_grad():
        next(broken.model.parameters()).fill_(float("nan"))
    assert drawn(broken, jobs[:2])[0].shape == (20, 20)


def test_running_out_of_memory_halves_the_batch(
    subject: Subject, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, real, sizes = drawn(subject, jobs), sampling.draw_all, []
    holding: list[object] = []

    def small_memory(model: Any, part: Sequence[Job], how: Sampling, width: int) -> list[Drawn]:
        sizes.append(len(part) * width)
        if sizes[-1] > 50:
            raise torch.cuda.OutOfMemoryError
        return real(model, part, how, width)

    monkeypatch.setattr(sampling, "draw_all", small_memory)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: holding.append(sys.exc_info()[2]))
    parts = drawn(subject, jobs, rows=240)
    assert all(torch.equal(whole[number], parts[number]) for number in whole)
    assert sizes[:3] == [240, 120, 60]
    assert max(sizes[3:]) <= 50
    assert set(holding) == {None}, "a traceback would keep what the large batch took"


def test_a_batch_that_takes_long_gives_signs_of_life(
    subject: Subject,
    jobs: list[Job],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(reminders, "SECONDS", 0.0)
    drawn(subject, jobs[:1])
    assert len(caplog.messages) > 1
    assert caplog.messages[1] == "20 completions have 1 tokens and go on"


def test_memory_that_holds_no_single_row_is_an_error(
    subject: Subject, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> list[Drawn]:
        raise torch.cuda.OutOfMemoryError

    monkeypatch.setattr(sampling, "draw_all", no_memory)
    with pytest.raises(torch.cuda.OutOfMemoryError):
        drawn(subject, jobs, rows=8)


def test_memory_bounds_the_rows(
    subject: Subject, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    how = sampling_of(subject)
    assert fitting_rows(subject.model, jobs, how) == sampling.ROWS
    monkeypatch.setattr(sampling, "CACHE_BYTES", sampling.CACHE_BYTES >> 9)
    assert 1 < fitting_rows(subject.model, jobs, how) < sampling.ROWS


def read_at_once(subject: Subject, prompt: list[int], completion: list[int]) -> Tensor:
    """The logits that each token of a completion is drawn from."""
    ids = torch.tensor([[*prompt, *completion]])
    with torch.no_grad():
        logits: Tensor = cast(Any, subject.model)(input_ids=ids).logits[0]
    return logits[len(prompt) - 1 : -1]


@pytest.mark.parametrize("temperature", [0.7, 1.0])
def test_entropies_are_those_of_the_distributions_drawn_from(
    subject: Subject, jobs: list[Job], temperature: float
) -> None:
    how = replace(sampling_of(subject), samples=3, temperature=temperature, entropies=True)
    few = uneven(jobs)[:4]
    for (_, prompt), (_, (tokens, entropies)) in zip(
        few, sample_whole(subject.model, few, how), strict=True
    ):
        assert entropies is not None
        for row, values in zip(tokens.tolist(), entropies, strict=True):
            length = row.index(how.eos) + 1 if how.eos in row else len(row)
            logits = read_at_once(subject, prompt, row[:length]) / temperature
            exact = torch.distributions.Categorical(logits=logits.double()).entropy()
            torch.testing.assert_close(values[:length].double(), exact, atol=1e-4, rtol=1e-4)


def test_asking_for_entropies_draws_the_same(subject: Subject, jobs: list[Job]) -> None:
    how = replace(sampling_of(subject), entropies=True)
    whole = drawn(subject, jobs)
    for number, found in sample_whole(subject.model, jobs, how):
        assert torch.equal(found.tokens, whole[number])
