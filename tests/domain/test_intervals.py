"""Intervals against scipy and statsmodels where they do the same, and against plain loops."""

import numpy as np
import pandas
import pytest
import scipy.stats
import statsmodels.formula.api
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.proportion import proportion_confint

from domain.intervals import (
    Floats,
    Moments,
    Part,
    allow_for_edge,
    analyse,
    analyse_apart,
    bound_rate,
    critical,
    critical_at,
    half_width,
    near_edge,
    p_values,
    t_half_width,
    tail_p_values,
    two_sided,
)


def draw(seeds: int, problems: int, columns: int = 2, seed: int = 0) -> Floats:
    generator = np.random.default_rng(seed)
    return (
        0.3 * generator.standard_normal((seeds, 1, columns))
        + generator.standard_normal((1, problems, columns))
        + 0.5 * generator.standard_normal((seeds, problems, columns))
    )


def moments(mean: float, seeds: float, problems: float, freedom: int = 2) -> Moments:
    return Moments(
        mean=np.array([mean]),
        seeds=(Part(np.array([seeds]), freedom),),
        problems=Part(np.array([problems]), 99),
        by_problem=np.full((100, 1), mean),
    )


@pytest.mark.parametrize(("seeds", "problems"), [(2, 5), (3, 40), (5, 12)])
def test_the_parts_are_those_of_a_two_way_analysis_of_variance(seeds: int, problems: int) -> None:
    values = draw(seeds, problems, columns=1)
    rows = [(s, p, values[s, p, 0]) for s in range(seeds) for p in range(problems)]
    frame = pandas.DataFrame(rows, columns=["seed", "problem", "value"])
    fit = statsmodels.formula.api.ols("value ~ C(seed) + C(problem)", frame).fit()
    squares = anova_lm(fit)["mean_sq"]
    found = analyse(values)
    size = seeds * problems
    assert found.seeds[0].variance[0] == pytest.approx(squares["C(seed)"] / size)
    wanted = (squares["C(problem)"] - squares["Residual"]) / size
    assert found.problems.variance[0] == pytest.approx(wanted)
    assert (found.seeds[0].freedom, found.problems.freedom) == (seeds - 1, problems - 1)


def test_a_part_is_never_below_zero() -> None:
    """Problems that only seem to differ: what both do together is more than they show."""
    values = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])[..., None]
    assert analyse(values).problems.variance[0] == 0.0


def test_one_seed_is_a_paired_t_test_over_problems() -> None:
    values = draw(1, 30)
    found, wanted = analyse(values), scipy.stats.ttest_1samp(values[0], 0)
    interval = wanted.confidence_interval(0.95)
    assert not found.has_training_noise
    assert found.mean - half_width(found) == pytest.approx(interval.low)
    assert found.mean + half_width(found) == pytest.approx(interval.high)
    assert p_values(found) == pytest.approx(wanted.pvalue, rel=1e-3)


def test_seeds_alone_are_a_t_test_over_seeds() -> None:
    means = np.array([0.1, 0.4, 0.3])
    found = analyse(np.repeat(means[:, None, None], 20, axis=1))
    wanted = scipy.stats.ttest_1samp(means, 0)
    assert half_width(found)[0] == pytest.approx(
        means.mean() - wanted.confidence_interval(0.95).low
    )
    assert p_values(found)[0] == pytest.approx(wanted.pvalue, rel=1e-3)


def test_the_critical_value_is_weighed_by_variance() -> None:
    """Cochran and Cox, by hand: t(2) = 4.303 and t(99) = 1.984, three to one."""
    parts = moments(0.0, 0.03, 0.01).parts
    assert critical(parts)[0] == pytest.approx(0.75 * 4.30265 + 0.25 * 1.98422, abs=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.7, 1.0])
@pytest.mark.parametrize("freedom", [1, 2, 4])
def test_p_is_five_percent_where_the_interval_touches_zero(share: float, freedom: int) -> None:
    touching = moments(0.0, share, 1 - share, freedom)
    at_edge = moments(half_width(touching)[0], share, 1 - share, freedom)
    assert p_values(at_edge)[0] == pytest.approx(0.05, abs=2e-4)


def test_p_falls_as_the_difference_grows() -> None:
    found = [p_values(moments(mean, 0.01, 0.01))[0] for mean in (0.0, 0.1, 0.5, 2.0, 50.0)]
    assert found[0] == 1.0
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)


def test_seeds_apart_give_a_part_for_each_side() -> None:
    one, other = draw(2, 50), draw(4, 50, seed=1)
    found = analyse_apart(one, other)
    left, right = analyse(one), analyse(other)
    assert [part.freedom for part in found.seeds] == [1, 3]
    assert found.seeds[0].variance == pytest.approx(left.seeds[0].variance)
    assert found.seeds[1].variance == pytest.approx(right.seeds[0].variance)
    assert found.mean == pytest.approx(left.mean - right.mean)


def test_seeds_apart_still_share_their_problems() -> None:
    """The problems' own difficulty cancels; what is left is how differently the two find them."""
    one = draw(3, 200)
    other = one[..., :] + 0.01 * draw(3, 200, seed=1)
    alone, apart = analyse(one), analyse_apart(one, other)
    assert (apart.problems.variance < 0.01 * alone.problems.variance).all()


def test_one_seed_on_either_side_leaves_training_noise_out() -> None:
    assert not analyse_apart(draw(1, 20), draw(3, 20)).has_training_noise


@pytest.mark.parametrize("correct", [10, 25, 40])
def test_a_rate_of_one_seed_has_wilsons_interval(correct: int) -> None:
    values = np.array([1.0] * correct + [0.0] * (50 - correct))[None, :, None]
    found, q = bound_rate(analyse(values)), two_sided(49)
    low, high = proportion_confint(
        correct * 49 / 50, 49, alpha=2 * scipy.stats.norm.sf(q), method="wilson"
    )
    assert (found.low[0], found.high[0]) == pytest.approx((low, high))


@pytest.mark.parametrize("solved", [0.0, 1.0])
@pytest.mark.parametrize("seeds", [1, 3])
def test_where_all_problems_are_alike_each_counts_as_one_trial(solved: float, seeds: int) -> None:
    found = bound_rate(analyse(np.full((seeds, 50, 1), solved)))
    low, high = proportion_confint(
        50 * solved, 50, alpha=2 * scipy.stats.norm.sf(two_sided(49)), method="wilson"
    )
    assert (found.low[0], found.high[0]) == pytest.approx((low, high))


@pytest.mark.parametrize("seed", range(20))
def test_a_rate_stays_inside_its_interval_and_that_inside_0_to_1(seed: int) -> None:
    generator = np.random.default_rng(seed)
    values = generator.beta(0.05, 1.0, size=(generator.integers(1, 6), 30, 50))
    found, bounds = analyse(values), bound_rate(analyse(values))
    assert (bounds.low >= 0).all()
    assert (bounds.low <= found.mean).all()
    assert (found.mean <= bounds.high).all()
    assert (bounds.high <= 1).all()


def test_the_edge_is_five_problems_wide() -> None:
    rates = np.array([0.0, 0.025, 0.05, 0.5, 0.95, 0.975, 1.0])
    assert near_edge(rates, 100) == pytest.approx([1, 0.5, 0, 0, 0, 0.5, 1])


def test_what_saturation_hides_is_the_rule_of_three() -> None:
    nothing = analyse(np.zeros((3, 100, 1)))
    for side in (0.0, 0.5, 1.0):
        found = allow_for_edge(nothing, np.array([side]), np.array([1 - side]))
        assert half_width(found)[0] == pytest.approx(3 / 100)


def test_what_varies_far_from_the_edges_is_left_as_it_is() -> None:
    seen, middle = analyse(draw(3, 100, columns=1)), np.array([0.5])
    assert half_width(allow_for_edge(seen, middle, middle)) == pytest.approx(half_width(seen))
    one_side = allow_for_edge(seen, np.array([1.0]), middle)
    assert half_width(one_side)[0] > half_width(seen)[0]


def test_a_rate_that_every_problem_has_is_not_certain() -> None:
    found = bound_rate(analyse(np.full((2, 50, 1), 0.5)))
    low, high = proportion_confint(
        25, 50, alpha=2 * scipy.stats.norm.sf(two_sided(49)), method="wilson"
    )
    assert (found.low[0], found.high[0]) == pytest.approx((low, high))


def test_a_band_over_seeds_is_students() -> None:
    values = np.array([[0.1, 1.0], [0.5, 2.0], [0.3, 4.0]])
    low, high = scipy.stats.t.interval(
        0.95, 2, loc=values.mean(axis=0), scale=scipy.stats.sem(values)
    )
    assert values.mean(axis=0) - t_half_width(values) == pytest.approx(low)
    assert values.mean(axis=0) + t_half_width(values) == pytest.approx(high)


def test_one_seed_has_no_band() -> None:
    with pytest.raises(ValueError, match="at least two"):
        t_half_width(np.array([[0.1]]))


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_in_the_tails_margins_add_in_quadrature(share: float) -> None:
    found = critical_at(moments(0.0, share, 1 - share).parts, np.array([0.99]))
    margins = [scipy.stats.t.ppf(0.995, freedom) for freedom in (2, 99)]
    wanted = np.sqrt(share * margins[0] ** 2 + (1 - share) * margins[1] ** 2)
    assert found[0] == pytest.approx(wanted)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_p_in_the_tails_is_that_of_the_interval_in_the_tails(share: float) -> None:
    edge = critical_at(moments(0.0, share, 1 - share).parts, np.array([0.997]))[0]
    assert tail_p_values(moments(edge, share, 1 - share))[0] == pytest.approx(0.003, rel=1e-2)
