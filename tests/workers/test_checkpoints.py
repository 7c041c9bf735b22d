"""What is recorded is kept, what nobody recorded is left alone."""

from pathlib import Path

import pytest

from workers.checkpoints import forget_grades, forget_notebooks, prune


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


def test_grades_go_with_the_checkpoints_that_they_are_of(tmp_path: Path) -> None:
    for step in (10, 20, 30):
        (tmp_path / f"step-{step}").mkdir()
        (tmp_path / f"grades-{step}-0123456789abcdef.jsonl").touch()
    prune(tmp_path, recorded=20, kept=1)
    assert sorted(path.name[:9] for path in tmp_path.glob("grades-*")) == ["grades-20", "grades-30"]


def test_after_a_trained_run_its_grades_go_and_its_checkpoint_stays(tmp_path: Path) -> None:
    (tmp_path / "step-30").mkdir()
    (tmp_path / "grades-30-0123456789abcdef.jsonl").touch()
    forget_grades(tmp_path, 30)
    assert [path.name for path in tmp_path.iterdir()] == ["step-30"]


def test_after_a_base_run_no_folder_stays_behind(tmp_path: Path) -> None:
    root = tmp_path / "run"
    root.mkdir()
    (root / "grades-0-base-float32-0123456789abcdef.jsonl").touch()
    forget_grades(root, 0)
    assert not root.exists()
    forget_grades(root, 0)


def test_weights_that_are_kept_to_be_analysed_stay(tmp_path: Path) -> None:
    for name in ("step-1", "step-2", "step-3", "weights-1", "weights-2"):
        (tmp_path / name).mkdir()
    prune(tmp_path, recorded=3, kept=1)
    assert {path.name for path in tmp_path.iterdir()} == {"step-3", "weights-1", "weights-2"}


def test_what_an_analysis_kept_for_its_next_attempt_goes_when_it_has_ended(tmp_path: Path) -> None:
    folder = tmp_path / "analysis"
    folder.mkdir()
    (folder / "traces-float32-0123456789abcdef.jsonl").write_text("{}")
    (folder / "scores-float32-0123456789abcdef.jsonl").write_text("{}")
    forget_notebooks(folder)
    assert not folder.exists()
    forget_notebooks(folder)
