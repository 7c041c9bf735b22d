"""The loss under shaping is TRL's own, given advantages that are shaped here from the formula."""

import copy
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from torch import Tensor
from trl.trainer.grpo_trainer import GRPOTrainer

from domain.methods import EntropyShaped
from tests.trainer.conftest import make_spec
from trainer import subjects
from trainer.train import build_settings, build_trainer

LOSSES: list[dict[str, object]] = [
    {"loss_type": "dapo"},
    {"loss_type": "grpo"},
    {"loss_type": "dr_grpo", "scale_rewards": "none"},
    {"loss_type": "bnpo"},
    {"loss_type": "cispo"},
    {"loss_type": "grpo", "ratio_level": "sequence"},
    {"loss_type": "dapo", "ratio_level": "sequence"},
    {"loss_type": "dapo", "kl_coef": 0.1},
]
# An example is small as it is: to shrink one would take minutes.
HEAVY = settings(max_examples=12, deadline=None, phases=[Phase.reuse, Phase.generate])
ROWS, PROMPT, TOKENS, VOCABULARY = 4, 3, 6, 111
PARTS, UPDATES = 2, 2

every_loss = pytest.mark.parametrize(
    "loss", range(len(LOSSES)), ids=[" ".join(map(str, loss.values())) for loss in LOSSES]
)

Inputs = dict[str, Any]
Gradients = dict[str, Tensor]
Step = tuple[float, Gradients]


def by_formula(a: float, h: float, method: EntropyShaped) -> float:
    psi = min(method.alpha * h, abs(a) / method.kappa)
    if method.form == "symmetric" and a < 0:
        return a - psi
    return a + psi


def entropies_of(model: torch.nn.Module, inputs: Inputs) -> Tensor:
    """(B, T) in nats, by a forward pass of its own; at temperature 1."""
    ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], dim=1)
    mask = torch.cat([inputs["prompt_mask"], inputs["completion_mask"]], dim=1)
    with torch.no_grad():
        logits = model(input_ids=ids, attention_mask=mask).logits.double()
    first = inputs["prompt_ids"].shape[1] - 1
    logps = logits[:, first:-1].log_softmax(-1)
    entropies: Tensor = -(logps.exp() * logps).sum(-1)
    return entropies


def shaped_here(model: torch.nn.Module, inputs: Inputs, method: EntropyShaped) -> Inputs:
    """A copy of the inputs whose advantages are (B, T) and shaped."""
    entropies = entropies_of(model, inputs).tolist()
    advantages = [
        [by_formula(a, h, method) for h in row]
        for a, row in zip(inputs["advantages"].tolist(), entropies, strict=True)
    ]
    return inputs | {"advantages": torch.tensor(advantages)}


@dataclass(frozen=True)
class Pair:
    """Ours and TRL's own on the same model, as they are in the middle of an accumulated step."""

    model: torch.nn.Module
    ours: Any  # build_trainer's, whose method is exchanged
    theirs: GRPOTrainer


@cache
def pair_of(loss: int) -> Pair:
    settings = {**LOSSES[loss], "updates_per_rollout": UPDATES}
    subject = subjects.load(make_spec({"method": "entropy_shaped", "alpha": 1.0}, settings))
    with tempfile.TemporaryDirectory() as folder:
        ours = build_trainer(subject, Path(folder), lambda _: None, [])
        theirs = GRPOTrainer(**build_settings(subject, Path(folder)))
    for trainer in (ours, theirs):
        args: Any = trainer.args
        args.steps_per_generation = PARTS * UPDATES
        trainer.current_gradient_accumulation_steps = PARTS
    subject.model.train()
    return Pair(subject.model, ours, theirs)


@st.composite
def rollouts(draw: st.DrawFn) -> Inputs:
    """One step's part of a rollout, as TRL hands it to its loss: completions end at any length."""
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**32)))
    lengths = draw(st.lists(st.integers(1, TOKENS), min_size=ROWS, max_size=ROWS))
    advantages = draw(st.lists(st.floats(-3, 3, width=32), min_size=ROWS, max_size=ROWS))
    gaps = draw(st.lists(st.integers(0, PROMPT - 1), min_size=ROWS, max_size=ROWS))
    completion_mask = torch.arange(TOKENS) < torch.tensor(lengths)[:, None]
    prompt_mask = torch.arange(PROMPT) >= torch.tensor(gaps)[:, None]
    ids = torch.randint(3, VOCABULARY, (ROWS, PROMPT + TOKENS), generator=generator)
    return {
        "prompt_ids": ids[:, :PROMPT].masked_fill(~prompt_mask, 0),
        "prompt_mask": prompt_mask.long(),
        "completion_ids": ids[:, PROMPT:].masked_fill(~completion_mask, 0),
        "completion_mask": completion_mask.long(),
        "advantages": torch.tensor(advantages),
        "old_per_token_logps": torch.randn((ROWS, TOKENS), generator=generator) / 4,
        "ref_per_token_logps": torch.randn((ROWS, TOKENS), generator=generator) / 4,
        "num_items_in_batch": UPDATES * completion_mask.sum(),
    }


@st.composite
def methods(draw: st.DrawFn) -> EntropyShaped:
    """From no bonus to one that is at its cap nearly everywhere."""
    return EntropyShaped(
        method="entropy_shaped",
        alpha=draw(st.floats(0, 2)),
        kappa=draw(st.floats(1.01, 10)),
        form=draw(st.sampled_from(["additive", "symmetric"])),
    )


def parts_of(rollout: Inputs, pair: Pair) -> list[Inputs]:
    """What is accumulated to one update; ratios lie about 1, in the clip's bounds and beyond."""
    ids = torch.cat([rollout["prompt_ids"], rollout["completion_ids"]], dim=1)
    mask = torch.cat([rollout["prompt_mask"], rollout["completion_mask"]], dim=1)
    with torch.no_grad():
        logps = pair.theirs._get_per_token_logps_and_entropies(pair.model, ids, mask, TOKENS)[0]
    policies = ("old_per_token_logps", "ref_per_token_logps")
    rollout = rollout | {name: logps + rollout[name] for name in policies}
    size = ROWS // PARTS
    return [
        {k: v if v.dim() == 0 else v[first : first + size] for k, v in rollout.items()}
        for first in range(0, ROWS, size)
    ]


def back(trainer: GRPOTrainer, model: torch.nn.Module, parts: list[Inputs]) -> Step:
    """The loss of a step and its gradients, as both are accumulated."""
    model.zero_grad()
    total = 0.0
    for part in parts:
        loss = trainer._compute_loss(model, part)
        loss.backward()
        total += loss.item()
    gradients = {}
    for name, weight in model.named_parameters():
        assert weight.grad is not None
        gradients[name] = weight.grad.clone()
    return total, gradients


def assert_close(found: Step, wanted: Step) -> None:
    """The entropies come of two programs: what differs is float32's rounding."""
    assert found[0] == pytest.approx(wanted[0], rel=1e-4, abs=1e-5)
    largest = max(gradient.abs().max().item() for gradient in wanted[1].values())
    for name, gradient in wanted[1].items():
        torch.testing.assert_close(found[1][name], gradient, rtol=1e-3, atol=1e-5 * (1 + largest))


@every_loss
@HEAVY
@given(rollout=rollouts(), method=methods())
def test_every_update_on_a_rollout_is_that_of_the_formula(
    loss: int, rollout: Inputs, method: EntropyShaped
) -> None:
    """Accumulated over two batches; the second update starts from the same A as the first."""
    pair = pair_of(loss)
    pair.ours.method = method
    parts = parts_of(rollout, pair)
    before = copy.deepcopy((parts, pair.model.state_dict()))
    for _ in range(UPDATES):
        found = back(pair.ours, pair.model, parts)
        shaped = [shaped_here(pair.model, part, method) for part in parts]
        assert_close(found, back(pair.theirs, pair.model, shaped))
        move(pair.model, found[1])
    pair.model.load_state_dict(before[1])
    for part, same in zip(parts, before[0], strict=True):
        assert part.keys() == same.keys()
        assert all(torch.equal(part[name], same[name]) for name in part)


def move(model: torch.nn.Module, gradients: Gradients) -> None:
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.sub_(1e-3 * gradients[name].sign())


@every_loss
@HEAVY
@given(rollout=rollouts(), method=methods(), seed=st.integers(0, 2**32))
def test_what_stands_after_the_end_of_a_completion_has_no_say(
    loss: int, rollout: Inputs, method: EntropyShaped, seed: int
) -> None:
    pair = pair_of(loss)
    pair.ours.method = method
    generator = torch.Generator().manual_seed(seed)
    after = rollout["completion_mask"] == 0
    junk = torch.randint(3, VOCABULARY, after.shape, generator=generator)
    noise = torch.randn(after.shape, generator=generator)
    other = rollout | {
        "completion_ids": torch.where(after, junk, rollout["completion_ids"]),
        "old_per_token_logps": torch.where(after, noise, rollout["old_per_token_logps"]),
    }
    one, same = (back(pair.ours, pair.model, parts_of(given, pair)) for given in (rollout, other))
    assert one[0] == same[0]
    assert all(torch.equal(one[1][name], same[1][name]) for name in one[1])
