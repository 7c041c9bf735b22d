"""The folder of each attempt: where its trainer writes, and how long that stays on the disk.

Everything in it that anybody is shown is in the database once the attempt has ended.
"""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from db.attempts import Claim
from domain.lifecycle import FailureClass
from workers.settings import Settings

DAY_SECONDS = 86400.0


def find_folder(settings: Settings, claim: Claim) -> Path:
    return runs_of(settings) / str(claim.run_id) / str(claim.attempt)


def runs_of(settings: Settings) -> Path:
    return settings.data.absolute() / "runs"


def tidy(settings: Settings, folder: Path, failure: FailureClass | None) -> None:
    """Removes the folder of an ended attempt, and what is left of others after some days.

    One that failed is kept for whoever looks for the cause, but for a full disk, which needs the
    room.
    """
    if failure in (None, FailureClass.DISK):
        remove(folder)
    # A trainer under way, also another worker's, is never silent for longer than it may be.
    kept_seconds = settings.keep_failed_days * DAY_SECONDS + settings.stall_seconds
    for other in runs_of(settings).glob("*/*"):
        with suppress(OSError):  # another worker tidies up, too
            if last_change(other) < time.time() - kept_seconds:
                remove(other)


def last_change(folder: Path) -> float:
    return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))


def remove(folder: Path) -> None:
    """With the folder of its run, once that is empty."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()
