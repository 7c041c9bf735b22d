"""What may be said of self-regulation, and what may not."""

import pytest

from domain.regulation import CAPPED, ENTROPY, SHARE, Course, Regulation, describe

Ends = tuple[float | None, float | None]
FALLING: list[Ends] = [(0.31, 0.21), (0.30, 0.20), (0.32, 0.21)]
RISING: list[Ends] = [(0.21, 0.31), (0.20, 0.30), (0.21, 0.32)]
NOISE: list[Ends] = [(0.3, 0.31), (0.3, 0.25), (0.3, 0.33)]


def courses(
    arm: str, share: list[Ends], entropy: list[Ends], capped: Ends = (0.4, 0.3)
) -> list[Course]:
    return [
        Course(arm, {SHARE: one, ENTROPY: other, CAPPED: capped})
        for one, other in zip(share, entropy, strict=True)
    ]


def plain(arm: str, entropy: list[Ends]) -> list[Course]:
    return [Course(arm, {ENTROPY: one}) for one in entropy]


def told(found: list[Course], shaped: list[str] | None = None) -> Regulation:
    return describe(shaped or ["shaped"], "grpo", found)


@pytest.mark.parametrize(
    ("share", "entropy", "words"),
    [
        (FALLING, FALLING, "psi/|A| and entropy both fell."),
        (FALLING, RISING, "psi/|A| fell while entropy rose."),
        (FALLING, NOISE, "psi/|A| fell, and no change of entropy is established."),
        (RISING, FALLING, "psi/|A| rose while entropy fell."),
        (NOISE, FALLING, "entropy fell, and no change of psi/|A| is established."),
        (NOISE, NOISE, "no change of psi/|A| is established."),
    ],
)
def test_only_intervals_on_one_side_of_zero_fall_or_rise(
    share: list[Ends], entropy: list[Ends], words: str
) -> None:
    assert told(courses("shaped", share, entropy)).summary.endswith(words)


def test_the_sentence_gives_both_ends_the_interval_and_the_seeds() -> None:
    found = told(courses("shaped", FALLING, FALLING))
    assert found.summary == (
        "shaped: psi/|A| went from 0.31 to 0.207 (95\u00a0% interval of the change -0.12..-0.089) "
        "while entropy went from 0.31 to 0.207\u00a0nats (-0.12..-0.089) and the share of tokens "
        "at the cap from 40\u00a0% to 30\u00a0%; 3 seeds: psi/|A| and entropy both fell."
    )


def test_one_seed_establishes_nothing() -> None:
    found = told(courses("shaped", FALLING[:1], FALLING[:1]))
    assert found.arms[0].share.low is None
    assert "1 seed: a single seed says nothing about training noise" in found.summary
    assert "fell" not in found.summary


def test_a_run_with_what_is_not_a_number_is_left_out_and_counted() -> None:
    broken: list[Ends] = [(0.3, None)]
    found = told(courses("shaped", FALLING + broken, FALLING + FALLING[:1]))
    assert (found.arms[0].seeds, found.arms[0].left_out) == (3, 1)
    assert "3 seeds, and 1 left out that reported what is not a number" in found.summary


def test_among_several_arms_it_is_counted_too() -> None:
    whole, broken = courses("a", FALLING, FALLING), courses("b", FALLING, FALLING)
    found = told([*whole, *broken, *courses("b", [(None, 0.2)], FALLING[:1])], ["a", "b"])
    assert "Left out: 1 run with values that are not numbers." in found.summary


def test_a_run_without_psi_is_left_out() -> None:
    assert told(plain("shaped", FALLING)).arms == []


def test_several_arms_are_counted_and_said_to_be_unadjusted() -> None:
    found = told(
        [
            *courses("a", FALLING, FALLING),
            *courses("b", FALLING, FALLING),
            *courses("c", NOISE, FALLING),
            *courses("d", FALLING[:1], FALLING[:1]),
        ],
        ["a", "b", "c", "d", "e"],
    )
    assert found.summary == (
        "Of 3 shaped arms: in 2, psi/|A| and entropy both fell; in 1, entropy fell, and no change "
        "of psi/|A| is established. 1 shaped arm with a single seed establishes nothing. "
        "Each interval is its arm's own, not adjusted for their number."
    )
    assert [arm.name for arm in found.arms] == ["a", "b", "c", "d"]


def test_the_baselines_entropy_stands_beside_it() -> None:
    found = told([*courses("shaped", FALLING, FALLING), *plain("grpo", RISING)])
    assert found.baseline_entropy is not None
    assert found.summary.endswith(
        "The baseline's entropy went from 0.207 to 0.31\u00a0nats (+0.089..+0.12); 3 seeds."
    )


def test_before_the_first_run_has_finished_nothing_is_said() -> None:
    assert told([]).summary.startswith("No shaped run has finished yet")
    assert describe([], "grpo", []).summary == "No arm of this sweep shapes its advantages."
