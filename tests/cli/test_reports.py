"""`forkpoint report`: a file by its suffix, never over another one unasked."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, new_seed, number_of, sweep


@pytest.fixture(scope="module")
def seeds() -> list[int]:
    return [new_seed(), new_seed()]


@pytest.fixture
def number(run: Run, seeds: list[int]) -> str:
    """Its runs are made once, however often it is submitted."""
    created = run("sweep", "create", "-f", "-", "--watch", text=sweep("reported", seeds))
    assert created.returncode == 0, created.stderr
    return number_of(created)


def test_a_report_is_written_in_the_format_of_its_name(
    run: Run, number: str, tmp_path: Path
) -> None:
    for name, start in (("report.html", "<!doctype html>"), ("report.md", "# reported\n")):
        done = run("report", number, "-o", str(tmp_path / name), "--k", "2")
        assert done.returncode == 0, done.stderr
        text = (tmp_path / name).read_text("utf-8")
        assert text.startswith(start)
        assert "pass@2 against bonus/beta=0.001" in text
        assert name in done.stdout


def test_a_file_that_exists_is_kept_unless_forced(run: Run, number: str, tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    file.write_text("mine")
    refused = run("report", number, "-o", str(file))
    assert (refused.returncode, file.read_text()) == (2, "mine")
    assert "exists; --force replaces it" in refused.stderr
    assert run("report", number, "-o", str(file), "--force").returncode == 0
    assert file.read_text("utf-8").startswith("# reported\n")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("report.pdf", "ends in neither .html nor .md"),
        ("report", "ends in neither .html nor .md"),
        ("nowhere/report.md", "cannot be written: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(
    run: Run, number: str, tmp_path: Path, name: str, problem: str
) -> None:
    refused = run("report", number, "-o", str(tmp_path / name))
    assert refused.returncode == 2
    assert f"{name} {problem}" in refused.stderr


def test_a_sweep_that_does_not_exist_leaves_no_file(run: Run, tmp_path: Path) -> None:
    refused = run("report", "999999", "-o", str(tmp_path / "report.html"))
    assert refused.returncode == 2
    assert "there is no sweep 999999" in refused.stderr
    assert list(tmp_path.iterdir()) == []
