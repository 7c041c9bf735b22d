"""What is recorded is kept, what nobody recorded is left alone."""

from pathlib import Path

import pytest

from workers.checkpoints import prune


@pytest.mark.parametrize(
    ("recorded", "kept", "left"),
    [(30, 2, [20, 30, 40]), (40, 2, [30, 40]), (40, 1, [40]), (5, 2, [10, 20, 30, 40])],
)
def test_the_latest_recorded_ones_are_kept(
    tmp_path: Path, recorded: int, kept: int, left: list[int]
) -> None:
    for step in (10, 20, 30, 40):
        (tmp_path / f"step-{step}").mkdir()
    (tmp_path / "draft-1").mkdir()
    prune(tmp_path, recorded, kept)
    assert sorted(int(path.name[5:]) for path in tmp_path.glob("step-*")) == left
    assert (tmp_path / "draft-1").exists()


def test_a_run_without_checkpoints_has_none_to_prune(tmp_path: Path) -> None:
    prune(tmp_path / "nowhere", recorded=3)
