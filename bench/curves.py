"""How fast long curves are: 30 arms, 5 seeds, 12,000 steps, whole, zoomed, and by other axes.

    python -m bench.curves [--arms 30] [--steps 12000] [--requests 5]

A service of its own with a real database is filled with metrics and asked over HTTP as the page
does. Prints JSON; seconds are medians by the wall clock, bytes those that travelled.
"""

import argparse
import json
import time
from statistics import median

import httpx
from sqlalchemy import Engine, text

from bench.services import serve
from cli.stack import Stack
from db import attempts, claims, submissions, workers
from db.attempts import Outcome
from db.sessions import open_engine, transaction
from db.workers import Identity
from domain.lifecycle import Retries
from domain.sweeps import parse_sweep

SEEDS = 5
# Falling curves with noise, and what the other axes are made of.
FILL = text(
    """
    INSERT INTO metrics (run_id, name, step, value, attempt)
    SELECT :run_id, name, step, CASE name
        WHEN 'tokens' THEN step * 4096.0
        WHEN 'seconds' THEN step * (0.9 + 0.02 * :run_id % 7)
        ELSE 0.3 * exp(-step / (:steps / 2.0)) + 0.05 * random() END, 1
    FROM unnest(CAST(:names AS text[])) AS names (name), generate_series(1, :steps) AS step
    """
)
NAMES = ["entropy/mean", "psi/share", "psi/capped", "seconds", "tokens"]


def make_sweep(arms: int, steps: int) -> dict[str, object]:
    alphas = [round(0.05 * (index + 1), 2) for index in range(arms - 1)]
    return {
        "name": "bench",
        "model": "countdown-tiny",
        "task": "countdown",
        "train": {"steps": steps},
        "seeds": list(range(SEEDS)),
        "baseline": "grpo",
        "arms": [
            {"name": "grpo", "method": "grpo"},
            {"name": "shaped", "method": "entropy_shaped", "alpha": alphas},
        ],
    }


def fill(engine: Engine, arms: int, steps: int) -> int:
    """Submits the sweep and gives every run of it its metrics; answers its number."""
    with transaction(engine) as db:
        sweep = submissions.submit(db, parse_sweep(make_sweep(arms, steps)), "bench", None)
        workers.register(db, Identity("bench", "here", "cpu:0", "cpu", pid=1))
    while fill_next(engine, steps):
        pass
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE metrics"))
    return sweep


def fill_next(engine: Engine, steps: int) -> bool:
    with transaction(engine) as db:
        claim = claims.claim(db, "bench", "cpu:0")
        if claim is not None:
            db.execute(FILL, {"run_id": claim.run_id, "names": NAMES, "steps": steps})
            done = Outcome(exit_code=0, failure=None, message="")
            attempts.finish(db, claim.run_id, claim.attempt, done, Retries())
        return claim is not None


def questions(steps: int) -> dict[str, dict[str, object]]:
    """What the page asks: one chart, the panel of three, a zoomed chart, other axes."""
    middle = {"from": steps // 2, "to": steps // 2 + steps // 20}
    return {
        "names": {},
        "one metric": {"names": "entropy/mean", "points": 300},
        "panel of three": {"names": "entropy/mean,psi/share,psi/capped", "points": 300},
        "zoomed": {"names": "entropy/mean", "points": 300, **middle},
        "by tokens": {"names": "entropy/mean", "points": 300, "x": "tokens"},
        "by seconds": {"names": "entropy/mean", "points": 300, "x": "seconds"},
    }


def ask(client: httpx.Client, sweep: int, query: dict[str, object]) -> tuple[float, int]:
    """Seconds, and the bytes that travelled."""
    began = time.perf_counter()
    params = {name: str(value) for name, value in query.items()}
    with client.stream("GET", f"/api/sweeps/{sweep}/metrics", params=params) as reply:
        size = sum(len(chunk) for chunk in reply.iter_raw())
        reply.raise_for_status()
    return time.perf_counter() - began, size


def measure(stack: Stack, arms: int, steps: int, requests: int) -> dict[str, object]:
    engine = open_engine(stack.environment["FORKPOINT_DATABASE_URL"])
    sweep = fill(engine, arms, steps)
    headers = {"Authorization": f"Bearer {stack.key}"}
    found: dict[str, object] = {"arms": arms, "seeds": SEEDS, "steps": steps}
    with httpx.Client(base_url=stack.url, headers=headers, trust_env=False, timeout=120) as client:
        for name, query in questions(steps).items():
            answers = [ask(client, sweep, query) for _ in range(requests)]
            seconds = [one for one, _ in answers]
            found[name] = {
                "first": round(seconds[0], 3),
                "median": round(median(seconds), 3),
                "bytes": answers[0][1],
            }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arms", type=int, default=30)
    parser.add_argument("--steps", type=int, default=12_000)
    parser.add_argument("--requests", type=int, default=5)
    options = parser.parse_args()
    with serve() as stack:
        found = measure(stack, options.arms, options.steps, options.requests)
        print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
