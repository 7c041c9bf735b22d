"""Carries what a trainer says from its spool file to the database: in order, each batch once."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db import attempts, recordings
from db.attempts import Claim
from db.sessions import transaction
from domain.events import (
    EVENTS,
    Analysed,
    Checkpoint,
    Failed,
    Finished,
    Graded,
    Metrics,
    Started,
    TrainerEvent,
)
from domain.lifecycle import RunStatus
from domain.records import Record
from workers.checkpoints import prune
from workers.trainers import Trainer

logger = logging.getLogger(__name__)

BATCH_BYTES = 1024 * 1024
PHASES = {"tokens": "drawing traces", "rare": "comparing sentences", "scores": "scoring traces"}
"""By the part of an analysis that was found last."""


@dataclass
class Recorder:
    """The position in the spool, and what the events so far say about the run."""

    engine: Engine
    claim: Claim
    trainer: Trainer
    checkpoints: Path
    record: Record
    noted: bool = False
    offset: int = 0
    step: int = 0
    phase: str = "starting"
    finished: bool = False
    failure: str = ""
    last_log: str = field(default="", repr=False)

    def ship(self, keep_log: bool) -> RunStatus | None:
        """Stores the next batch, if there is one; answers the run's state when it was asked.

        The position moves only after the commit, so an error here loses nothing.
        """
        events, offset = self.next_batch()
        log = self.changed_log() if keep_log else None
        if not events and log is None:
            self.offset = offset
            return None
        with transaction(self.engine) as db:
            status = recordings.record(db, self.claim.run_id, self.claim.attempt, events, log)
            self.note(db, events)
        self.offset, self.noted = offset, True
        self.last_log = self.last_log if log is None else log
        for event in events:
            self.follow(event)
        return status

    def note(self, db: Session, events: Sequence[TrainerEvent]) -> None:
        """Keeps the record with the first batch, and what the trainer adds once it has started."""
        started = next((event for event in events if isinstance(event, Started)), None)
        if started:
            said = {
                "from_step": started.step,
                "device": started.device,
                "dtype": started.dtype,
                "surroundings": started.surroundings,
            }
            self.record = self.record.model_copy(update=said)
        if started or not self.noted:
            recordings.note(db, self.claim.run_id, self.claim.attempt, self.record)

    def beat(self) -> RunStatus:
        with transaction(self.engine) as db:
            run_id, attempt = self.claim.run_id, self.claim.attempt
            return attempts.beat(db, run_id, attempt, self.step, self.phase)

    def all_shipped(self) -> bool:
        """Whether only a torn last line, if anything, is left in the spool."""
        return self.next_batch()[1] == self.offset

    def changed_log(self) -> str | None:
        log = self.trainer.read_log()
        return log if log != self.last_log else None

    def next_batch(self) -> tuple[list[TrainerEvent], int]:
        with self.trainer.events.open("rb") as file:
            file.seek(self.offset)
            raw = file.read(BATCH_BYTES)
            while b"\n" not in raw and len(raw) >= BATCH_BYTES:
                more = file.read(BATCH_BYTES)
                raw += more
                if not more:
                    break
        whole = raw[: raw.rfind(b"\n") + 1]
        return list(readable(whole)), self.offset + len(whole)

    def follow(self, event: TrainerEvent) -> None:
        match event:
            case Started():
                self.step = event.step
                self.phase = first_phase(self.claim, event)
            case Metrics():
                self.step, self.phase = event.step, "training"
            case Graded():
                self.phase = "evaluating"
            case Analysed():
                self.phase = PHASES.get(event.finding.part, self.phase)
            case Checkpoint():
                prune(self.checkpoints, recorded=event.step)
            case Finished():
                self.finished = True
            case Failed():
                self.failure = event.message


def first_phase(claim: Claim, started: Started) -> str:
    if claim.spec.analysis:
        return "drawing traces"
    return "training" if started.step < started.total_steps else "evaluating"


def readable(lines: bytes) -> Iterator[TrainerEvent]:
    for line in lines.splitlines():
        try:
            yield EVENTS.validate_json(line)
        except ValidationError:
            logger.warning("a line on the trainer's output is no event: %.200r", line)
