"""Finds runs whose worker fell silent and takes them back.

Silence is judged by this process's own monotonic clock from the moment it first saw a heartbeat
number, and everything is forgotten when the database is away: neither a jump of a wall clock nor
an outage of the database makes a run look dead.
"""

import time
from dataclasses import dataclass, field

from sqlalchemy import Engine

from db import attempts
from db.attempts import Pulse
from db.sessions import transaction
from domain.lifecycle import Retries


@dataclass
class Reaper:
    engine: Engine
    alive_seconds: float
    retries: Retries
    first_seen: dict[int, tuple[Pulse, float]] = field(default_factory=dict)

    def look(self) -> list[int]:
        """Takes back every run that has been silent too long; answers their ids."""
        try:
            pulses = self.read_pulses()
            return [run_id for run_id in self.silent(pulses) if self.take(run_id)]
        except Exception:
            self.first_seen.clear()
            raise

    def read_pulses(self) -> dict[int, Pulse]:
        with transaction(self.engine) as db:
            return attempts.read_pulses(db)

    def silent(self, pulses: dict[int, Pulse]) -> list[int]:
        now = time.monotonic()
        before = self.first_seen
        self.first_seen = {
            run_id: before[run_id]
            if run_id in before and before[run_id][0] == pulse
            else (pulse, now)
            for run_id, pulse in pulses.items()
        }
        return [
            run_id
            for run_id, (_, since) in self.first_seen.items()
            if now - since > self.alive_seconds
        ]

    def take(self, run_id: int) -> bool:
        (attempt, seq), _ = self.first_seen[run_id]
        reason = f"its worker was silent for {self.alive_seconds:.0f} s"
        with transaction(self.engine) as db:
            return attempts.lose(db, run_id, attempt, seq, reason, self.retries)
