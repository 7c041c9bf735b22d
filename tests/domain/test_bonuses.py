"""Where the bonus goes: planted psi, advantages and entropies come out by kind of token."""

import math
from collections.abc import Sequence

import pytest

from domain.bonuses import KeptCompletion, RunTally, TokenBonus, describe_bonuses
from domain.lexicons import LEXICONS
from domain.marks import marker_of

ENGLISH = LEXICONS["english-1"]
TOKENS = [" She", " has", " six", ".", " There", "fore", " two", ".", " Wait", ",", " check", "."]
CAP = 2.0


def completion(step: int = 1, pivotal: float = 0.5, **changes: Sequence[float]) -> KeptCompletion:
    """`Therefore` is two tokens, with psi/|A| of `pivotal` at the first; the rest has 0.1."""
    psi = [0.1] * len(TOKENS)
    psi[4], psi[5] = pivotal, 0.3
    values = {
        "entropies": [1.0] * len(TOKENS),
        "advantages": [-1.0] * len(TOKENS),
        "psi": psi,
        **changes,
    }
    return KeptCompletion(step=step, tokens=TOKENS, **values)


def told(*runs: Sequence[KeptCompletion], kappa: float | None = CAP) -> dict[str, TokenBonus]:
    tallies = []
    for completions in runs:
        tallies.append(RunTally(marker_of(ENGLISH), kappa))
        for one in completions:
            tallies[-1].add(one)
    return {kind.name: kind for kind in describe_bonuses(ENGLISH, tallies)}


def test_a_word_is_told_by_its_first_token_and_the_rest_without_the_word() -> None:
    kinds = told([completion()])
    causal, rest = kinds["causal"].points[0], kinds["rest"].points[0]
    assert (causal.tokens, causal.share.value, causal.capped.value) == (1, 0.5, 1.0)
    assert (rest.tokens, rest.capped.value) == (10, 0.0)
    assert rest.share.value == pytest.approx(0.1)


def test_tokens_of_reflective_sentences_are_told_together() -> None:
    assert told([completion()])["reflective"].points[0].tokens == 4


def test_steps_are_told_in_order_and_seeds_together() -> None:
    run = [completion(step=5, pivotal=0.2), completion(step=1, pivotal=0.4)]
    other = [completion(step=1, pivotal=0.2), completion(step=1, pivotal=0.2)]
    first, last = told(run, other)["causal"].points
    assert (first.step, first.seeds, first.tokens) == (1, 2, 3)
    assert first.share.value == pytest.approx(0.3), "every seed counts the same"
    assert first.share.low is not None
    assert (last.step, last.seeds, last.share.low) == (5, 1, None)


def test_tokens_without_an_advantage_have_an_entropy_and_no_share() -> None:
    flat = completion(advantages=[0.0] * len(TOKENS))
    point = told([flat])["causal"].points[0]
    assert (point.entropy.value, point.share.value, point.capped.value) == (1.0, None, None)


def test_what_is_no_number_is_left_out() -> None:
    broken = completion(entropies=[math.nan] * 4 + [2.0] * 8, psi=[math.inf] * len(TOKENS))
    kinds = told([broken])
    assert kinds["rest"].points[0].tokens == 6
    assert kinds["causal"].points[0].entropy.value == 2.0
    assert kinds["causal"].points[0].share.value is None


def test_an_arm_that_is_not_shaped_has_no_cap() -> None:
    assert told([completion()], kappa=None)["causal"].points[0].capped.value == 0.0


def test_no_run_has_kinds_without_points() -> None:
    assert {len(kind.points) for kind in told().values()} == {0}
