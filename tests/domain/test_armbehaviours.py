"""Figures of arms over seeds and problems: what was planted is found, and nothing in noise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from domain.analyses import AnalysisSettings, ProbeSettings
from domain.armbehaviours import AnalysedRun, ArmFigures, KindFigures, Layout, describe, lay_out
from domain.armgaps import measure_gaps, open_view
from domain.behaviourdifferences import BehaviourDifference, list_differences
from domain.behaviourremarks import list_remarks
from domain.behaviours import describe_behaviour
from domain.digests import digest
from domain.events import Analysed
from domain.findings import Digest, Finding, SentenceCell, TokenCell, TokenTally
from domain.gaps import Side, Split
from domain.lexicons import LEXICONS
from tests.findings import found

COUNTDOWN = LEXICONS["countdown-1"]
SETTINGS = AnalysisSettings(lexicon=COUNTDOWN)
TOKENS = 30


@dataclass(frozen=True)
class World:
    """`often` of the tokens of a problem are operators, with `gap` nats more than the others. Noise
    of another `draw` is other noise."""

    gap: float = 0.4
    often: int = 3
    problems: int = 24
    absent: int = 0
    draw: int = 0

    def tallies(self, seed: int) -> list[TokenTally]:
        own = np.random.default_rng([5 + self.draw, seed, self.problems])
        level = np.random.default_rng(self.problems).uniform(0.4, 0.8, self.problems)
        drift = own.normal(0, 0.02)
        return [
            self.tally(number, float(level[number] + own.normal(0, 0.05)), float(drift))
            for number in range(self.problems)
        ]

    def tally(self, number: int, level: float, drift: float) -> TokenTally:
        often = self.often if number >= self.absent else 0
        rest, inside = TOKENS - often, often * (level + self.gap + drift)
        cells = [TokenCell("", 1, 4, rest, rest * level)]
        if often:
            cells.append(TokenCell("operators", 1, 4, often, inside))
        return TokenTally(
            number=number,
            traces=2,
            correct=1,
            truncated=0,
            tokens=TOKENS,
            unknown=0,
            cells=cells,
            sentences=[SentenceCell(0, 0, 4, 2.0)],
        )

    def digest(self, seed: int) -> Digest:
        return digest([*self.tallies(seed)], COUNTDOWN.words)


def runs(
    arm: str, seeds: Sequence[int | None], world: World = World(), step: int = 10
) -> list[AnalysedRun]:
    return [AnalysedRun(1, arm, seed, step, world.digest(seed or 0)) for seed in seeds]


def layout(arm: str, seeds: Sequence[int | None], world: World = World(), step: int = 10) -> Layout:
    (only,) = lay_out(runs(arm, seeds, world, step))
    return only


def kind(arm: ArmFigures, name: str) -> KindFigures:
    return next(one for one in arm.kinds if one.name == name)


def operators(listed: Sequence[BehaviourDifference], measure: str) -> BehaviourDifference:
    return next(one for one in listed if (one.name, one.measure) == ("operators", measure))


def test_one_analysis_has_the_figures_that_it_has_by_itself() -> None:
    parts = [event.finding for event in found() if isinstance(event, Analysed)]
    alone = describe_behaviour(SETTINGS, parts)
    assert alone is not None
    assert alone.rare is not None
    (only,) = lay_out([AnalysedRun(1, "grpo", 0, 10, digest(parts, COUNTDOWN.words))])
    arm = describe(only)
    kinds = [*alone.pivotal, alone.reflective, alone.rare.kind]
    for own, kept in zip(arm.kinds, kinds, strict=True):
        assert (own.name, own.count, own.problems) == (kept.name, kept.count, kept.problems)
        for measure in ("per_thousand", "mean", "rest"):
            expected = getattr(kept, measure).value
            assert getattr(own, measure).value == (expected and pytest.approx(expected))
    assert arm.entropy.value == pytest.approx(alone.entropy.value)
    assert (arm.over, arm.seeds, arm.correct) == ("problems", (0,), 6 / 24)


def test_what_was_planted_is_found_over_seeds_and_problems() -> None:
    arm = describe(layout("grpo", [0, 1, 2]))
    found = kind(arm, "operators")
    assert (arm.over, arm.seeds) == ("seeds and problems", (0, 1, 2))
    assert found.gap.value == pytest.approx(0.4, abs=0.03)
    assert found.gap.low is not None
    assert found.gap.low > 0.3
    assert found.count == 3 * 24 * 3
    assert found.per_thousand.value == pytest.approx(100)


def test_an_arm_is_told_step_by_step_in_the_order_that_arms_come_in() -> None:
    listed = [*runs("b", [0], step=20), *runs("b", [0], step=10), *runs("a", [0])]
    assert [(one.arm, one.step) for one in lay_out(listed)] == [("b", 10), ("b", 20), ("a", 10)]


def test_what_is_in_few_problems_has_no_interval() -> None:
    arm = describe(layout("grpo", [0, 1], World(problems=24, absent=21)))
    rare = kind(arm, "operators")
    assert (rare.problems, rare.gap.low, rare.per_thousand.low) == (3, None, None)
    assert rare.gap.value == pytest.approx(0.4, abs=0.05)


def test_what_is_in_one_problem_still_has_a_value_and_what_is_in_none_has_not() -> None:
    one = describe(layout("grpo", [0], World(absent=23)))
    assert kind(one, "operators").mean.value is not None
    none = describe(layout("grpo", [0], World(often=0)))
    assert kind(none, "operators").mean.value is None
    assert kind(none, "operators").per_thousand.value == 0


def test_an_arm_that_differs_is_told_from_the_baseline_and_one_that_does_not_is_not() -> None:
    base = layout("grpo", [0, 1, 2])
    more = layout("more", [0, 1, 2], World(gap=0.6))
    same = layout("same", [0, 1, 2], World(gap=0.401))
    listed = list_differences([base, more, same], base)
    assert {one.arm for one in listed} == {"more", "same"}
    gap = operators([one for one in listed if one.arm == "more"], "gap")
    assert gap.delta.value == pytest.approx(0.2, abs=1e-6)
    assert gap.adjusted_p is not None
    assert gap.adjusted_p < 0.01
    assert gap.seeds == (0, 1, 2)


def test_noise_is_rarely_called_a_difference() -> None:
    """Families of four arms with other seeds than the baseline's; a simulation of size is in
    bench/arm_behaviour_coverage.py."""
    wrong = 0
    for family in range(40):
        arms = [layout(f"arm{n}", [100 * family + 10 * n + s for s in range(3)]) for n in range(5)]
        listed = list_differences(arms, arms[0])
        wrong += any(one.adjusted_p is not None and one.adjusted_p < 0.05 for one in listed)
    assert wrong <= 4, "5 % of 40 with room for chance"


def test_the_untrained_model_stands_beside_every_seed() -> None:
    untrained = layout("untrained", [None], World(gap=0.1), step=0)
    (found, *_) = [
        one
        for one in list_differences([untrained, layout("grpo", [0, 1])], untrained)
        if (one.name, one.measure) == ("operators", "gap")
    ]
    assert (found.over, found.seeds) == ("seeds and problems", (0, 1))
    assert found.delta.value == pytest.approx(0.3, abs=0.05)


def test_arms_without_a_seed_in_common_are_compared_apart() -> None:
    base = layout("grpo", [0, 1])
    found = operators(list_differences([base, layout("other", [2, 3])], base), "gap")
    assert (found.seeds, found.over) == ((), "seeds and problems")


def test_a_single_seed_in_common_of_several_is_not_paired() -> None:
    base = layout("grpo", [0, 1])
    found = operators(list_differences([base, layout("other", [1, 2])], base), "gap")
    assert (found.seeds, found.over) == ((), "seeds and problems")


def test_a_difference_of_too_few_problems_has_no_p_and_says_why() -> None:
    base = layout("grpo", [0, 1])
    found = operators(
        list_differences([base, layout("few", [0, 1], World(absent=22))], base), "gap"
    )
    assert (found.p, found.adjusted_p) == (None, None)
    assert found.note == "in 2 problems of both; 5 are needed"


def reflective_everywhere(seed: int, others: int) -> list[Finding]:
    """Plain sentences are in the first `others` problems alone."""
    return [
        tally.model_copy(update={"sentences": [SentenceCell(1, 0, 2, 2.0 + 0.1 * number), *plain]})
        for number, tally in enumerate(World(problems=8).tallies(seed))
        for plain in [[SentenceCell(0, 0, 1, 0.5)] if number < others else []]
    ]


def test_where_the_rest_is_in_one_problem_a_gap_has_no_interval() -> None:
    found = reflective_everywhere(0, others=1)
    (only,) = lay_out([AnalysedRun(1, "grpo", 0, 10, digest(found, COUNTDOWN.words))])
    reflective = kind(describe(only), "reflective")
    assert reflective.problems == 8
    assert reflective.mean.low is not None
    for figure in (reflective.rest, reflective.gap):
        assert figure.value is not None
        assert (figure.low, figure.high) == (None, None)
    gaps = measure_gaps([found], list(COUNTDOWN.words)).kinds[-1].gaps
    assert [gap.note.split(";")[0] for gap in gaps] == ["in 1 problems"] * 4
    assert all((gap.p, gap.delta.low) == (None, None) for gap in gaps)
    assert gaps[0].delta.value is not None
    enough = measure_gaps([reflective_everywhere(0, others=6)], list(COUNTDOWN.words)).kinds[-1]
    assert enough.gaps[0].p is not None


def test_a_difference_needs_the_rest_in_enough_problems_too() -> None:
    arms = [
        lay_out([AnalysedRun(1, arm, 0, 10, digest(found, COUNTDOWN.words))])[0]
        for arm, others in (("grpo", 8), ("other", 1))
        for found in [reflective_everywhere(0, others)]
    ]
    by_measure = {
        one.measure: one for one in list_differences(arms, arms[0]) if one.name == "reflective"
    }
    assert (by_measure["gap"].p, by_measure["gap"].delta.low) == (None, None)
    assert by_measure["gap"].note == "in 1 problems of both; 5 are needed"


def test_what_hangs_on_one_problem_has_no_interval_however_many_have_a_say() -> None:
    """Each tenth has a side in the first problem alone: without it nothing can be compared."""
    inside, outside = np.zeros((8, 2)), np.zeros((8, 2))
    inside[0, 0] = outside[0, 1] = 1
    inside[1:, 1] = outside[1:, 0] = 1
    split = Split(Side(inside, 2 * inside), Side(outside, outside))
    assert split.telling == 8
    opened = open_view("position", [split])
    assert (opened.gap.delta.low, opened.gap.p, opened.moments) == (None, None, None)


def test_like_is_set_against_like_over_seeds() -> None:
    worlds = [World().tallies(seed) for seed in (0, 1, 2)]
    gaps = measure_gaps(worlds, list(COUNTDOWN.words))
    whole, own, reflective = gaps.kinds
    assert (whole.name, own.name, reflective.name) == ("all", "operators", "reflective")
    assert [gap.view for gap in own.gaps] == ["all", "position", "problem", "both", "word starts"]
    for gap in own.gaps:
        assert gap.delta.value == pytest.approx(0.4, abs=0.03)
        assert gap.adjusted_p is not None
        assert gap.adjusted_p < 0.01
    assert own.profile[4] == pytest.approx(1.0, abs=0.1)
    assert own.profile[0] is None
    assert reflective.gaps[0].note.startswith("in 0 problems")


def test_what_weakens_the_figures_is_said_once() -> None:
    settings = SETTINGS.model_copy(update={"probe": ProbeSettings(temperature=0.7)})
    arms = [describe(layout("grpo", [0], World(problems=8))), describe(layout("b", [0, 1]))]
    said = list(list_remarks(settings, arms))
    assert said[0].startswith("8 problems are few")
    assert said[1].startswith("grpo: 1 seed")
    assert "temperature 0.7" in said[2]
    assert said[3].startswith("A rare sentence is worded unlike")
