"""Old checkpoints make room once a newer one is recorded: never before, since nobody resumes from
what the database does not know. So do journals of grades (see trainer/journals.py)."""

import re
import shutil
from contextlib import suppress
from pathlib import Path

KEPT = 2
NAME = re.compile(r"step-(\d+)")
JOURNAL = re.compile(r"grades-(\d+)-[\w-]+\.jsonl")


def prune(root: Path, recorded: int, kept: int = KEPT) -> None:
    """Keeps the `kept` latest up to the recorded step; later ones are left alone."""
    found = steps_of(root, NAME)
    for step in sorted((step for step in found if step <= recorded), reverse=True)[kept:]:
        for path in found[step]:
            shutil.rmtree(path, ignore_errors=True)
        forget_grades(root, step)


def forget_notebooks(root: Path) -> None:
    """Removes what an analysis that has ended had kept for its next attempt."""
    for path in (*root.glob("traces*.jsonl"), *root.glob("scores*.jsonl")):
        with suppress(OSError):
            path.unlink()
    with suppress(OSError):
        root.rmdir()


def forget_grades(root: Path, most: int) -> None:
    """Removes the journals of steps up to `most`; the folder too, should nothing else be in it."""
    for step, paths in steps_of(root, JOURNAL).items():
        for path in paths if step <= most else []:
            with suppress(OSError):
                path.unlink()
    with suppress(OSError):
        root.rmdir()


def steps_of(root: Path, name: re.Pattern[str]) -> dict[int, list[Path]]:
    found: dict[int, list[Path]] = {}
    for path in root.glob("*"):
        if match := name.fullmatch(path.name):
            found.setdefault(int(match[1]), []).append(path)
    return found
