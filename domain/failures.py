"""What each class of failure means to the user, and which failures speak against a worker."""

import errno
from collections.abc import Iterable
from typing import NamedTuple

from pydantic import BaseModel

from domain.lifecycle import TELLING, FailureClass

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
NO_ROOM_TEXT = "No space left on device"


class Advice(BaseModel):
    """A failure in plain words, and what to do about it."""

    title: str
    meaning: str
    remedy: str


ADVICE: dict[FailureClass, Advice] = {
    FailureClass.USER_ERROR: Advice(
        title="Refused",
        meaning="The run asks for something that cannot be done here, so it was not tried again.",
        remedy="Mend what the message names, then retry the run or submit the sweep again.",
    ),
    FailureClass.BAD_DATA: Advice(
        title="Unreadable data",
        meaning="Files that the run needs are missing or damaged, so it was not tried again.",
        remedy="Put the model or dataset back as it was on the worker's host, then retry the run.",
    ),
    FailureClass.OUT_OF_MEMORY: Advice(
        title="Out of memory",
        meaning="The run needs more memory than its device has. It is tried again only where it "
        "had already trained with the same settings, since something else took the memory then.",
        remedy="Lower train.sequences_per_pass or the completion length, turn on "
        "train.gradient_checkpointing or train.lora_rank, or demand a device with more memory; "
        "if the device was shared, free it and retry the run.",
    ),
    FailureClass.DISK: Advice(
        title="Disk full or failing",
        meaning="The worker's host could not write the run's files; the run is not to blame.",
        remedy="Free space in the worker's data folder and in its temporary folder, resume the "
        "worker if it has parked, then retry the run if it has ended.",
    ),
    FailureClass.CRASHED: Advice(
        title="Crashed",
        meaning="The training process ended with an error that is not known to be the run's, "
        "at this try and at any before it.",
        remedy="Read the last lines of the log. If other runs crash on the same worker, look at "
        "its host; if this one crashes everywhere, its settings are the likely cause.",
    ),
    FailureClass.KILLED: Advice(
        title="Killed",
        meaning="Something outside ended the training process, most often the kernel when the "
        "host's memory was used up.",
        remedy="Look for 'Out of memory' in the host's kernel log, give its workers more memory "
        "or run fewer of them, then retry the run.",
    ),
    FailureClass.STALLED: Advice(
        title="Stalled",
        meaning="The training process lived but said nothing for so long that its worker ended it.",
        remedy="Look for a hung device or file system on the worker's host. If one step of this "
        "run can take that long, raise FORKPOINT_STALL_SECONDS for its workers; then retry.",
    ),
    FailureClass.LOST: Advice(
        title="Lost",
        meaning="Each worker that held the run fell silent.",
        remedy="See whether the workers' hosts are up and reach the database, then retry the run.",
    ),
}


def advise(failure: FailureClass) -> Advice:
    return ADVICE[failure]


def tells_of_disk(error: BaseException | None) -> bool:
    """Whether the error, or one that led to it, is a disk that takes no more."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        if NO_ROOM_TEXT in str(error):  # libraries in other languages keep the words alone
            return True
        error = error.__cause__ or error.__context__
    return False


class End(NamedTuple):
    """How an attempt of a run ended at a worker, and whether the run ended so elsewhere too."""

    run_id: int
    outcome: str
    elsewhere: bool


def streak(latest_first: Iterable[End]) -> list[End]:
    """The ends since the last good one that speak against their worker.

    A run that fails alike elsewhere says nothing about this worker, nor does one that fails here
    again; but a disk that is full is the host's, whichever run finds it so.
    """
    found: list[End] = []
    for end in latest_first:
        if end.outcome not in TELLING:
            break
        again = any(end.run_id == other.run_id for other in found)
        if not end.elsewhere and (not again or end.outcome == FailureClass.DISK):
            found.append(end)
    return found
