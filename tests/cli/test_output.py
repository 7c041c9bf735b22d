"""What tables and previews say, without a server."""

import io

import pytest
from rich.console import Console

from cli.output import clean, show_preview
from cli.replies import ExistingRun, Preview, PreviewArm
from domain.lifecycle import RunStatus


@pytest.mark.parametrize("char", ["\x1b", "\x9b", "\r", "\u202e", "\u2066", "\u200b", "\ufeff"])
def test_what_could_steer_a_terminal_is_replaced(char: str) -> None:
    assert clean(f"gr{char}po") == "gr?po"


def test_ordinary_text_is_left_as_it_is() -> None:
    assert clean("naïve\n\t模型") == "naïve\n\t模型"


def test_a_preview_counts_runs_that_are_queued_again_as_work() -> None:
    states = (RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED)
    preview = Preview(
        name="mixed",
        baseline="grpo",
        arms=[PreviewArm(name="grpo", runs=4)],
        runs=4,
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
    assert "1 of the runs exists already and is not run again" in said
    assert "2 runs had failed or were cancelled and are queued again" in said
    assert "3 runs to train, 1 of them new; unknown" in said
