"""Sweeps to look at, large and made up, stored through the functions that workers use."""

from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.random import Generator
from sqlalchemy import Engine

from db import attempts, batches, claims, members, recordings, submissions, workers
from db.attempts import Claim, Outcome
from db.sessions import transaction
from db.workers import Identity
from domain.events import Graded, Metrics, TrainerEvent
from domain.lifecycle import FailureClass, Retries
from domain.sweeps import parse_sweep

PROBLEMS, SAMPLES, STEPS = 64, 64, 20
LONG = 100_000  # steps of runs that shall not end while somebody looks


def make_sweep(name: str, alphas: int, kappas: int, steps: int = STEPS) -> dict[str, object]:
    """A grid of alpha and kappa with five seeds each; against its first cell."""
    shaped = {
        "name": "shaped",
        "method": "entropy_shaped",
        "alpha": [round(0.05 * (index + 1), 2) for index in range(alphas)],
        "kappa": [round(1.5 + 0.5 * index, 1) for index in range(kappas)],
    }
    return {
        "name": name,
        "model": "countdown-tiny",
        "task": "countdown",
        "train": {"steps": steps},
        "eval": {"problems": PROBLEMS, "samples": SAMPLES},
        "seeds": list(range(5)),
        "baseline": "shaped/alpha=0.05,kappa=1.5",
        "arms": [shaped],
    }


def submit(engine: Engine, body: dict[str, object]) -> int:
    with transaction(engine) as db:
        return submissions.submit(db, parse_sweep(body), "bench", None)


def fill_finished(engine: Engine) -> int:
    """A sweep of 1,000 runs, every one of them trained and graded; answers its number."""
    sweep = submit(engine, make_sweep("a thousand runs", alphas=20, kappas=10))
    generator = np.random.default_rng(0)
    rates = generator.beta(0.4, 0.8, size=PROBLEMS)
    while claim := take(engine, "bench"):
        end(engine, claim, generator.binomial(SAMPLES, rates).tolist())
    return sweep


def fill_many(engine: Engine) -> int:
    """A sweep of 10,000 runs in every state that ends, most of them cancelled."""
    sweep = submit(engine, make_sweep("ten thousand runs", alphas=100, kappas=20))
    for number in range(100):
        claim = take(engine, "bench")
        assert claim is not None
        failure = FailureClass.OUT_OF_MEMORY if number % 4 == 0 else None
        end(engine, claim, [] if failure else [SAMPLES // 2] * PROBLEMS, failure)
    with transaction(engine) as db:
        ids = [run.id for run in members.list_runs(db, sweep).runs]
        batches.cancel(db, ids, "bench", "enough is known")
    return sweep


def begin_live(engine: Engine, count: int) -> tuple[int, list[Claim]]:
    """A sweep of runs that go on and on, of which so many run."""
    sweep = submit(engine, make_sweep("running", alphas=10, kappas=4, steps=LONG))
    found = [take(engine, f"bench-{number}") for number in range(count)]
    return sweep, [claim for claim in found if claim]


def go_on(engine: Engine, claim: Claim, step: int, noise: Generator) -> None:
    """What a worker says of a run after a step."""
    values = {
        "loss": exp(-step / 500) + noise.normal(0, 0.05),
        "reward": 1 - exp(-step / 300) + noise.normal(0, 0.05),
        "entropy/mean": 0.5 + 0.5 * exp(-step / 400),
    }
    said = Metrics(step=step, seconds=float(step), values=values)
    with transaction(engine) as db:
        recordings.record(db, claim.run_id, claim.attempt, [said], f"step {step}\n")
        attempts.beat(db, claim.run_id, claim.attempt, step, "training")


def take(engine: Engine, worker: str) -> Claim | None:
    with transaction(engine) as db:
        workers.see(db, Identity(worker, "here", "cpu:0", "cpu", pid=1))
        return claims.claim(db, worker, "cpu:0")


def end(
    engine: Engine, claim: Claim, counts: Sequence[int], failure: FailureClass | None = None
) -> None:
    step = claim.spec.total_steps
    events: list[TrainerEvent] = [
        Graded(step=step, problem=problem, n=SAMPLES, c=c, truncated=0, unparsable=0)
        for problem, c in enumerate(counts)
    ]
    message = "the device has no more memory" if failure else ""
    outcome = Outcome(exit_code=71 if failure else 0, failure=failure, message=message)
    with transaction(engine) as db:
        recordings.record(db, claim.run_id, claim.attempt, events, None)
        attempts.finish(db, claim.run_id, claim.attempt, outcome, Retries())
