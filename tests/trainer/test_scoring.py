"""Likelihoods by teacher forcing: as one pass finds them, and exact where they are known."""

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from domain.collapses import Scores, assess
from tests.trainer.conftest import make_spec
from trainer import scoring, subjects
from trainer.sampling import Sampling, sample
from trainer.scoring import score
from trainer.subjects import Subject

VOCABULARY, EOS, PAD = 8, 0, 7


def how(temperature: float = 1.0, samples: int = 4) -> Sampling:
    return Sampling(samples, 12, temperature, 1.0, 0, EOS, PAD)


@pytest.fixture(scope="module")
def markov() -> LlamaForCausalLM:
    """A Llama whose layers add nothing: the next token follows from the last one alone."""
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=VOCABULARY,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        tie_word_embeddings=False,
        eos_token_id=EOS,
        pad_token_id=PAD,
    )
    torch.manual_seed(0)
    model: LlamaForCausalLM = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(torch.eye(VOCABULARY))
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        model.lm_head.weight.copy_(torch.randn(VOCABULARY, VOCABULARY))
    return model


def transitions(model: LlamaForCausalLM) -> torch.Tensor:
    """log p of the next token (columns) after each (rows), by hand.

    An embedding is a unit vector, which RMSNorm makes sqrt(V) long.
    """
    size = math.sqrt(VOCABULARY / (1 + VOCABULARY * model.config.rms_norm_eps))
    logits: torch.Tensor = size * model.lm_head.weight.detach().double().T
    return logits.log_softmax(-1)


def by_hand(table: torch.Tensor, prompt: Sequence[int], trace: Sequence[int]) -> float:
    before = [prompt[-1], *trace[:-1]]
    return float(sum(table[one, other] for one, other in zip(before, trace, strict=True)))


def test_likelihoods_are_exact_where_they_are_known(markov: LlamaForCausalLM) -> None:
    table = transitions(markov)
    prompts = [[1, 2, 3], [4], [5, 5]]
    traces = [[1, 2, 0], [3], [5, 4, 3, 2, 1, 0], [2, 2]]
    for prompt in prompts:
        expected = [by_hand(table, prompt, trace) for trace in traces]
        np.testing.assert_allclose(score(markov, prompt, traces, how()), expected, atol=1e-4)


def test_the_information_of_a_known_model_is_what_it_must_be(markov: LlamaForCausalLM) -> None:
    """A trace tells of its prompt by its first token alone, so I(X;Z) is a sum over that token."""
    table = transitions(markov)
    ends = [1, 2, 3, 4, 5]
    jobs = [(place, [end]) for place, end in enumerate(ends)]
    drawn = dict(sample(markov, jobs, how(samples=400)))
    traces = [
        [row[: row.index(EOS) + 1] if EOS in row else row for row in drawn[place].tolist()]
        for place in range(len(ends))
    ]
    flat = [trace for own in traces for trace in own]
    columns = [np.reshape(score(markov, [end], flat, how()), (len(ends), -1)) for end in ends]
    lengths = np.array([[float(len(trace)) for trace in own] for own in traces])
    found = assess(Scores(np.stack(columns, axis=2), lengths))

    first = table[ends].exp()
    mixed = first.mean(0)
    exact = float((first * (first / mixed).log()).sum(1).mean())
    assert found is not None
    assert found.sequence.mutual.value == pytest.approx(exact, abs=0.05)
    own = [
        by_hand(table, [end], trace)
        for end, rows in zip(ends, traces, strict=True)
        for trace in rows
    ]
    assert found.sequence.conditional.value == pytest.approx(-np.mean(own), abs=1e-3)


@pytest.fixture(scope="module")
def subject() -> Subject:
    found = subjects.load(make_spec({"method": "base"}))
    found.model.eval()
    return found


@pytest.mark.parametrize("temperature", [0.7, 1.0])
def test_a_shared_prefix_finds_what_one_pass_over_everything_finds(
    subject: Subject, temperature: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    eos, pad = subject.tokenizer.eos_token_id, subject.tokenizer.pad_token_id
    settings = Sampling(5, 20, temperature, 1.0, 0, eos, pad)
    prompts = subject.tokenize(subject.ask("eval", 4))
    drawn = sample(subject.model, list(enumerate(prompts)), settings)
    traces = [row[: 5 + place] for place, (_, rows) in enumerate(drawn) for row in rows.tolist()]
    monkeypatch.setattr(scoring, "LOGIT_BYTES", 20_000)
    assert len(list(scoring.batches(subject.model, 10, traces))) > 3, "in several batches"
    for prompt in prompts:
        expected = []
        for trace in traces:
            with torch.no_grad():
                ids = torch.tensor([[*prompt, *trace]])
                logits = cast(Any, subject.model)(input_ids=ids).logits[0].double()
            logs = (logits[len(prompt) - 1 : -1] / temperature).log_softmax(-1)
            expected.append(float(logs[range(len(trace)), trace].sum()))
        np.testing.assert_allclose(
            score(subject.model, prompt, traces, settings), expected, atol=2e-4
        )
