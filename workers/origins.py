"""Which code and which packages this worker runs with, found once for all of its attempts."""

import subprocess
import sys
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path

from db.attempts import Claim
from domain.records import DIFF_BYTES, Code, Record, begin_record
from workers.hardware import find_gpus
from workers.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
GIT_SECONDS = 30


def record_of(settings: Settings, claim: Claim) -> Record:
    gpus = find_gpus(settings.device)
    driver = gpus[0].driver if gpus else None
    return begin_record(claim.spec, read_code(ROOT), list_packages(settings.trainer[0]), driver)


@cache
def read_code(root: Path) -> Code:
    """Of the checkout at `root`, if it is one."""
    commit = ask_git(root, "rev-parse", "HEAD") if (root / ".git").exists() else None
    if commit is None:
        return Code(version=version("forkpoint"))
    diff = (ask_git(root, "diff", "--no-color", "--no-ext-diff", "HEAD") or "").encode()
    return Code(
        version=version("forkpoint"),
        commit=commit.strip(),
        dirty=bool(ask_git(root, "status", "--porcelain")),
        diff=diff[:DIFF_BYTES].decode(errors="ignore").replace("\0", ""),
        diff_cut=len(diff) > DIFF_BYTES,
    )


def ask_git(root: Path, *arguments: str) -> str | None:
    """None where there is no git, or none that trusts this folder."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],  # noqa: S607 - whichever the user has
            capture_output=True,
            timeout=GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace")


@cache
def list_packages(program: str) -> dict[str, str]:
    """Everything installed for the trainer, by name; nothing of one with an interpreter of its own.

    A trainer runs by the worker's own interpreter unless it was replaced.
    """
    if program != sys.executable:
        return {}
    found = {package.name: package.version for package in distributions()}
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))
