"""Mutual information of likelihoods that are known, and the four regimes by their rule."""

import numpy as np
import pytest

from domain.collapses import Collapse, Scores, assess, known, name_regime
from domain.resampling import Floats

N, K = 8, 3


def assessed(logs: Floats, length: float = 4.0) -> Collapse:
    found = assess(Scores(logs, np.full(logs.shape[:2], length)))
    assert found is not None
    return found


def shifted(own: float, other: float) -> Floats:
    logs = np.full((N, K, N), other)
    logs[np.arange(N), :, np.arange(N)] = own
    return logs


def test_traces_that_are_sure_of_their_prompt_tell_all_there_is_to_tell() -> None:
    found = assessed(shifted(-3.0, -1000.0))
    assert known(found.sequence.mutual) == pytest.approx(np.log(N))
    assert [one.share.value for one in found.retrieval] == [1.0, 1.0, 1.0]


def test_traces_that_do_not_depend_on_their_prompt_tell_nothing() -> None:
    found = assessed(shifted(-3.0, -3.0))
    assert known(found.sequence.mutual) == pytest.approx(0.0)


def test_prompts_that_are_equally_likely_are_retrieved_by_chance() -> None:
    for one in assessed(shifted(-3.0, -3.0)).retrieval:
        assert one.share.value == pytest.approx(one.chance)


def test_information_and_entropies_add_up() -> None:
    generator = np.random.default_rng(0)
    found = assessed(-generator.gamma(5, size=(N, K, N)))
    for one in (found.sequence, found.token):
        whole = known(one.mutual) + known(one.conditional)
        assert known(one.marginal) == pytest.approx(whole)


def test_two_values_are_as_they_are_by_hand() -> None:
    logs = np.log(np.array([[[0.5, 0.1]], [[0.2, 0.4]]]))
    found = assessed(logs)
    exact = (np.log(0.5 / 0.3) + np.log(0.4 / 0.3)) / 2
    assert known(found.sequence.mutual) == pytest.approx(exact)
    assert known(found.token.mutual) == pytest.approx(exact / 4)
    assert known(found.sequence.conditional) == pytest.approx(-(np.log(0.5) + np.log(0.4)) / 2)


def test_a_trace_that_has_no_likelihood_is_left_out_and_counted() -> None:
    logs = shifted(-3.0, -9.0)
    logs[0, 0, 5] = np.nan
    found = assessed(logs)
    assert (found.traces, found.unknown) == (N * K - 1, 1)


def test_a_model_that_knows_no_likelihood_at_all_is_not_assessed() -> None:
    logs = np.full((N, K, N), np.nan)
    assert assess(Scores(logs, np.ones((N, K)))) is None


@pytest.mark.parametrize(
    ("own", "other", "regime"),
    [
        (-8.0, -100.0, "diverse"),
        (-8.0, -8.1, "template collapse"),
        (-2.0, -100.0, "compressed"),
        (-2.0, -2.1, "entropy collapse"),
    ],
)
def test_the_regime_follows_from_both(own: float, other: float, regime: str) -> None:
    untrained = assessed(shifted(-10.0, -100.0))
    assert name_regime(assessed(shifted(own, other)), untrained) == regime


def test_without_the_untrained_model_there_is_no_regime() -> None:
    assert name_regime(assessed(shifted(-1.0, -2.0)), None) is None
