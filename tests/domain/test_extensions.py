"""Extending a sweep: the union of what it has with what is added, cell by cell."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.extensions import ExtensionRequest, extend
from domain.sweeps import SweepSpec, expand, parse_sweep
from tests.factories import sweep_body

SHAPED = {"name": "shaped", "method": "entropy_shaped", "alpha": 0.4}


def spec(**changes: Any) -> SweepSpec:
    return parse_sweep(sweep_body(**changes))


def request(**more: Any) -> ExtensionRequest:
    return ExtensionRequest.model_validate(more)


def names(sweep: SweepSpec) -> list[str]:
    return [arm.name for arm in expand(sweep).arms]


def test_values_join_those_that_are_there() -> None:
    grown = extend(spec(), request(values={"shaped": {"alpha": [0.8, 0.4]}}))
    assert names(grown) == ["base", "grpo", "shaped/alpha=0.4", "shaped/alpha=0.8"]


def test_a_training_setting_can_have_further_values() -> None:
    arms = [{"name": "grpo", "method": "grpo", "train": {"steps": 10}}]
    before = spec(arms=arms)
    grown = extend(before, request(values={"grpo": {"train.steps": [20]}}))
    assert names(grown) == ["grpo/train.steps=10", "grpo/train.steps=20"]


def test_the_baseline_stays_the_arm_that_it_was() -> None:
    """By its template's name alone it would be one of two."""
    grown = extend(spec(baseline="shaped"), request(values={"shaped": {"alpha": [0.8]}}))
    assert expand(grown).baseline == "shaped/alpha=0.4"


def coupled() -> SweepSpec:
    zipped = SHAPED | {"alpha": [0.4, 0.8], "kappa": [2, 3], "zip": ["alpha", "kappa"]}
    return spec(arms=[{"name": "grpo", "method": "grpo"}, zipped])


def test_coupled_lists_grow_together() -> None:
    grown = extend(coupled(), request(values={"shaped": {"alpha": [0.8, 1.2], "kappa": [3, 4]}}))
    assert names(grown)[1:] == [
        "shaped/alpha=0.4,kappa=2",
        "shaped/alpha=0.8,kappa=3",
        "shaped/alpha=1.2,kappa=4",
    ]


def test_one_of_two_coupled_lists_cannot_grow_alone() -> None:
    with pytest.raises(Invalid, match="alpha, kappa are coupled: give as many values for each"):
        extend(coupled(), request(values={"shaped": {"alpha": [1.2]}}))


def test_of_an_arm_that_is_there_in_part_only_the_rest_is_added() -> None:
    grown = extend(spec(), request(arms=[SHAPED | {"alpha": [0.4, 0.8]}]))
    assert names(grown) == ["base", "grpo", "shaped/alpha=0.4", "shaped/alpha=0.8"]


def test_an_arm_of_the_same_name_and_other_settings_is_refused() -> None:
    other = {"name": "grpo", "method": "forking_tokens"}
    with pytest.raises(Invalid, match=r"arms\[0\].name: the sweep has another arm named 'grpo'"):
        extend(spec(), request(arms=[other]))


def test_values_of_an_unwritten_parameter_are_refused() -> None:
    """They would rename every arm of the template."""
    with pytest.raises(Invalid, match="shaped does not write kappa"):
        extend(spec(), request(values={"shaped": {"kappa": [4]}}))


def test_values_of_a_name_that_two_templates_have_join_the_first() -> None:
    twice = spec(arms=[{"name": "grpo", "method": "grpo"}, SHAPED, SHAPED | {"alpha": 0.8}])
    grown = extend(twice, request(values={"shaped": {"alpha": [0.8, 1.2]}}))
    assert names(grown)[1:] == [f"shaped/alpha={alpha}" for alpha in (0.4, 0.8, 1.2)]


SEEDS = st.lists(st.integers(0, 9), min_size=1, max_size=5, unique=True)
ALPHAS = st.lists(st.sampled_from([0.1, 0.4, 0.8, 1.2]), min_size=1, max_size=3, unique=True)


@given(seeds=SEEDS, more_seeds=SEEDS, alphas=ALPHAS, more_alphas=ALPHAS)
def test_an_extension_keeps_every_cell_and_said_twice_adds_nothing(
    seeds: list[int], more_seeds: list[int], alphas: list[float], more_alphas: list[float]
) -> None:
    before = spec(
        seeds=seeds, arms=[{"name": "grpo", "method": "grpo"}, SHAPED | {"alpha": alphas}]
    )
    more = request(
        seeds=more_seeds, arms=[SHAPED | {"alpha": more_alphas}], values={"shaped": {"alpha": [2]}}
    )
    grown = extend(before, more)
    cells, kept = ([run.spec for run in expand(one).runs] for one in (grown, before))
    assert all(run in cells for run in kept)
    arms = len({*alphas, *more_alphas, 2}) + 1
    assert len(cells) == len({*seeds, *more_seeds}) * arms
    assert extend(grown, more) == grown
