"""Old checkpoints make room once a newer one is recorded: never before, since nobody resumes from
what the database does not know."""

import re
import shutil
from pathlib import Path

KEPT = 2
NAME = re.compile(r"step-(\d+)")


def prune(root: Path, recorded: int, kept: int = KEPT) -> None:
    """Keeps the `kept` latest up to the recorded step; later ones are left alone."""
    found = {
        int(match[1]): path for path in root.glob("step-*") if (match := NAME.fullmatch(path.name))
    }
    for step in sorted((step for step in found if step <= recorded), reverse=True)[kept:]:
        shutil.rmtree(found[step], ignore_errors=True)
