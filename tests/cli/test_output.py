"""What tables and previews say, without a server."""

import io

import pytest
from rich.console import Console

from cli.figures import ComparedArm, Comparison, Difference, Estimate
from cli.output import clean, show_comparison, show_preview
from cli.replies import ExistingRun, Preview, PreviewArm
from domain.lifecycle import RunStatus


@pytest.mark.parametrize("char", ["\x1b", "\x9b", "\r", "\u202e", "\u2066", "\u200b", "\ufeff"])
def test_what_could_steer_a_terminal_is_replaced(char: str) -> None:
    assert clean(f"gr{char}po") == "gr?po"


def test_ordinary_text_is_left_as_it_is() -> None:
    assert clean("naïve\n\t模型") == "naïve\n\t模型"


def test_a_preview_tells_results_from_runs_under_way_and_those_queued_again() -> None:
    states = (*RunStatus.__members__.values(), RunStatus.QUEUED)
    preview = Preview(
        name="mixed",
        baseline="grpo",
        arms=[PreviewArm(name="grpo", runs=8)],
        runs=8,
        new_runs=1,
        queued_again=2,
        existing=[
            ExistingRun(arm="grpo", seed=seed, run_id=seed, status=status)
            for seed, status in enumerate(states)
        ],
        device_seconds=None,
        estimate_basis="unknown",
    )
    console = Console(file=io.StringIO(), width=160)
    show_preview(console, preview)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "1 of the runs is trained already and is not run again" in said
    assert "4 of the runs are queued or running already and are shared" in said
    assert "2 runs had failed or were cancelled and are queued again" in said
    assert "3 runs to train, 1 of them new; unknown" in said


BONUS, SHAPED = "entropy-bonus/beta=0.001", "shaped/alpha=0.4,kappa=1.5"


def difference(wide: float, p: float, established: bool = False) -> Difference:
    mean, half = -0.281, 0.034
    return Difference(
        mean=mean,
        low=mean - half,
        high=mean + half,
        p=0.0003,
        adjusted_low=mean - wide * half,
        adjusted_high=mean + wide * half,
        adjusted_p=p,
        established=established,
    )


ALONE = difference(wide=1, p=0.0003)
ESTABLISHED = difference(wide=2, p=0.0123, established=True)


def arm(name: str, delta: Difference | None = None) -> ComparedArm:
    return ComparedArm(
        name=name,
        is_baseline=delta is None,
        runs=3,
        succeeded=2,
        failed=1,
        seeds=[0, 1],
        pass_at=[Estimate(mean=0.123, low=0.1, high=0.15), Estimate(mean=0.912, low=0.8, high=1)],
        delta=[delta, delta] if delta else None,
    )


def shown(*arms: ComparedArm, k: int = 64) -> list[str]:
    comparison = Comparison(
        baseline="grpo",
        ks=[1, 64],
        k=k,
        problems=256,
        samples=64,
        interval_note="95\u00a0% intervals over training seeds and problems.",
        arms=list(arms),
        warnings=["Runs that failed: grpo."],
        conclusion="no difference established.",
    )
    console = Console(file=io.StringIO(), width=100)
    show_comparison(console, comparison)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


def test_several_arms_are_shown_with_adjusted_intervals_and_p() -> None:
    lines = shown(arm(SHAPED, ESTABLISHED), arm("grpo"), arm("bonus", difference(wide=2, p=0.2)))
    assert lines[0].split() == ["delta", "pass@64", "p"]
    assert lines[1].split() == ["arm", "pass@1", "pass@64", "adjusted", "adj.", "seeds"]
    assert lines[2].split() == ["grpo", "12.3", "91.2", "[80.0,", "100.0]", "baseline", "2/3"]
    assert "-28.1 [-34.9, -21.3]*  0.012  2/3" in lines[3]
    assert "-28.1 [-34.9, -21.3]   0.200  2/3" in lines[4]
    assert lines[5].startswith("* difference established: its 95 % interval adjusted for all arms")


def test_words_made_for_a_page_are_found_by_a_search_for_plain_spaces() -> None:
    assert "95 % intervals over" in " ".join(shown(arm("grpo")))


def test_one_arm_has_nothing_to_adjust_for_and_no_star_without_a_difference() -> None:
    lines = shown(arm("grpo"), arm(SHAPED, ALONE))
    assert lines[0].split() == ["arm", "pass@1", "pass@64", "delta", "pass@64", "p", "seeds"]
    assert "-28.1 [-31.5, -24.7]  <0.001  2/3" in lines[2]
    assert not [line for line in lines if "*" in line]


def test_a_comparison_fits_a_hundred_columns_with_whole_names() -> None:
    lines = shown(arm(BONUS), arm(SHAPED, ESTABLISHED), arm("grpo", ESTABLISHED), k=1)
    assert lines[3].startswith(SHAPED)
    assert max(len(line) for line in lines[:5]) <= 100
    assert lines[3].rstrip().endswith("2/3")
