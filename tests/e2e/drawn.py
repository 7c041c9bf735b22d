"""A sweep with long curves of known shape, recorded as its trainers would have said them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, delete, text

from cli.postgres import url
from db import claims, submissions
from db.models import Worker
from db.sessions import open_engine, transaction
from domain.sweeps import parse_sweep
from tests.factories import enlist, finish, metrics, record
from tests.stacks import Stack

STEPS = 3000
SPIKE = 2222
BROKEN = 2500
ARMS = ["grpo", "shaped/alpha=0.1", "shaped/alpha=0.4"]
SEEDS = [0, 1, 2]
WORKER = "drawn"
VAST = 4096  # gigabytes that no worker of the stack has, so that its runs are left to us
SWEEP = {
    "name": "drawn by a test",
    "model": "countdown-tiny",
    "task": "countdown",
    "train": {"steps": STEPS},
    "seeds": SEEDS,
    "baseline": "grpo",
    "priority": 100,
    "resources": {"memory_gb": VAST},
    "arms": [
        {"name": "grpo", "method": "grpo"},
        {"name": "shaped", "method": "entropy_shaped", "alpha": [0.1, 0.4]},
    ],
}
# Falling entropy with a spike, psi with it; one run's psi ceases to be a number.
FILL = text(
    """
    INSERT INTO metrics (run_id, name, step, value, attempt)
    SELECT :run_id, name, step, CASE name
        WHEN 'seconds' THEN step * (0.5 + 0.01 * :seed)
        WHEN 'tokens' THEN step * (400.0 + :seed)
        WHEN 'reward/mean' THEN step % 7 / 10.0 - 0.1
        WHEN 'psi/share' THEN
            CASE WHEN :broken AND step >= :broken_from THEN 'NaN' ELSE 0.2 - step / 30000.0 END
        WHEN 'psi/capped' THEN 0.3
        ELSE 0.3 - step / 15000.0 + 0.01 * :seed + CASE step WHEN :spike THEN 0.5 ELSE 0 END END, 1
    FROM unnest(CAST(:names AS text[])) AS names (name), generate_series(1, :steps) AS step
    """
)
NAMES = ["entropy/mean", "reward/mean", "seconds", "tokens"]
SHAPED_NAMES = [*NAMES, "psi/share", "psi/capped"]


@dataclass(frozen=True)
class Drawn:
    sweep: int

    @property
    def address(self) -> str:
        return f"/sweeps/{self.sweep}?tab=curves"


@contextmanager
def training(stack: Stack) -> Iterator[tuple[Drawn, Callable[[int, float], None]]]:
    """A sweep of one run that has begun, and what tells its entropy at a step; finished after."""
    arms = [{"name": "grpo", "method": "grpo"}]
    with connected(stack) as engine:
        with transaction(engine) as db:
            enlist(db, WORKER, memory_gb=VAST)
            asked = {**SWEEP, "name": "goes on", "arms": arms, "seeds": [9]}
            sweep = submissions.submit(db, parse_sweep(asked), "test", None)
            claim = claims.claim(db, WORKER, "cpu:0")
            assert claim is not None

        def say(step: int, entropy: float) -> None:
            with transaction(engine) as db:
                record(db, claim, [metrics(step, {"entropy/mean": entropy})])

        yield Drawn(sweep), say
        with transaction(engine) as db:
            finish(db, claim)
            db.execute(delete(Worker).where(Worker.name == WORKER))


@contextmanager
def connected(stack: Stack) -> Iterator[Engine]:
    engine = open_engine(url(stack.data / "run" / "socket"))
    yield engine
    engine.dispose()


def draw(stack: Stack) -> Drawn:
    """Submits the sweep and records its runs."""
    with connected(stack) as engine, transaction(engine) as db:
        enlist(db, WORKER, memory_gb=VAST)
        sweep = submissions.submit(db, parse_sweep(SWEEP), "test", None)
        for _ in range(len(ARMS) * len(SEEDS)):
            claim = claims.claim(db, WORKER, "cpu:0")
            assert claim is not None
            shaped = claim.spec.method.method == "entropy_shaped"
            values = {
                "run_id": claim.run_id,
                "seed": claim.spec.seed,
                "names": SHAPED_NAMES if shaped else NAMES,
                "steps": STEPS,
                "spike": SPIKE,
                "broken": claim.spec.seed == 1 and "0.4" in str(claim.spec.method),
                "broken_from": BROKEN,
            }
            db.execute(FILL, values)
            finish(db, claim)
        db.execute(delete(Worker).where(Worker.name == WORKER))
    return Drawn(sweep)
