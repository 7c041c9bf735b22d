"""Which code and packages a worker says it has: real checkouts, made for the test."""

import subprocess
import sys
from pathlib import Path

import pytest

from domain.records import DIFF_BYTES
from workers.origins import list_packages, read_code

AUTHOR = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *AUTHOR, *arguments],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "code.py").write_text("x = 1\n")
    git(tmp_path, "add", "code.py")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    return tmp_path


def test_a_clean_checkout_is_its_commit(checkout: Path) -> None:
    code = read_code(checkout)
    assert (code.commit, code.dirty, code.diff) == (git(checkout, "rev-parse", "HEAD"), False, "")


def test_what_was_changed_since_the_commit_is_kept(checkout: Path) -> None:
    (checkout / "code.py").write_text("x = 2\n")
    code = read_code(checkout)
    assert code.dirty
    assert "-x = 1\n+x = 2\n" in code.diff
    assert not code.diff_cut


def test_a_large_change_is_cut(checkout: Path) -> None:
    (checkout / "code.py").write_text("é = 1\n" * DIFF_BYTES)
    code = read_code(checkout)
    assert DIFF_BYTES - 4 <= len(code.diff.encode()) <= DIFF_BYTES
    assert code.diff_cut


def test_an_installation_without_a_checkout_has_its_version_alone(tmp_path: Path) -> None:
    code = read_code(tmp_path)
    assert (code.version, code.commit) == ("0.1.0", None)


def test_packages_are_those_of_the_workers_own_interpreter() -> None:
    packages = list_packages(sys.executable)
    assert {"torch", "trl", "numpy"} <= {name.lower() for name in packages}
    assert list(packages) == sorted(packages, key=str.lower)
    assert list_packages("/usr/bin/other") == {}
