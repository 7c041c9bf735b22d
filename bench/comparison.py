"""How fast a large comparison is: 30 arms, 5 seeds, 500 problems, every k up to 256.

    python -m bench.comparison [--arms 30] [--requests 100]

A service of its own with a real database is filled with grades and asked over HTTP, cold (nothing
kept) and warm. Beside it, in the same run, what a script would do for the intervals: a percentile
bootstrap over seeds and then problems for every arm at the same ks (timed on one arm, times arms).
Prints JSON; seconds are of the wall clock.
"""

import argparse
import json
import time
from statistics import median, quantiles

import httpx
import numpy as np
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench.services import serve
from cli.stack import Stack
from db import attempts, claims, comparisons, recordings, submissions, workers
from db.attempts import Claim, Outcome
from db.sessions import open_engine, transaction
from db.workers import Identity
from domain.contrasts import contrast
from domain.events import Graded
from domain.lifecycle import Retries
from domain.results import SweepResults
from domain.stats import pass_at_ks
from domain.sweeps import parse_sweep

SEEDS, PROBLEMS, SAMPLES = 5, 500, 256
DRAWS = 10_000


def make_sweep(arms: int) -> dict[str, object]:
    alphas = [round(0.05 * (index + 1), 2) for index in range(arms - 1)]
    return {
        "name": "bench",
        "model": "countdown-tiny",
        "task": "countdown",
        "train": {"steps": 10},
        "eval": {"problems": PROBLEMS, "samples": SAMPLES},
        "seeds": list(range(SEEDS)),
        "baseline": "grpo",
        "arms": [
            {"name": "grpo", "method": "grpo"},
            {"name": "shaped", "method": "entropy_shaped", "alpha": alphas},
        ],
    }


def fill(engine: Engine, arms: int) -> int:
    """Submits the sweep and grades every run of it; answers its number."""
    generator = np.random.default_rng(0)
    rates = generator.beta(0.4, 0.8, size=PROBLEMS)
    with transaction(engine) as db:
        sweep = submissions.submit(db, parse_sweep(make_sweep(arms)), "bench", None)
        workers.register(db, Identity("bench", "here", "cpu:0", "cpu", pid=1))
    while True:
        with transaction(engine) as db:
            claim = claims.claim(db, "bench", "cpu:0")
            if claim is None:
                return sweep
            grade(db, claim, generator.binomial(SAMPLES, rates).tolist())


def grade(db: Session, claim: Claim, counts: list[int]) -> None:
    step = claim.spec.total_steps
    events = [
        Graded(step=step, problem=problem, n=SAMPLES, c=c, truncated=0, unparsable=0)
        for problem, c in enumerate(counts)
    ]
    recordings.record(db, claim.run_id, claim.attempt, events, None)
    done = Outcome(exit_code=0, failure=None, message="")
    attempts.finish(db, claim.run_id, claim.attempt, done, Retries())


def ask(client: httpx.Client, sweep: int) -> tuple[float, int]:
    """Seconds, and the bytes that travelled."""
    began = time.perf_counter()
    with client.stream("GET", f"/api/sweeps/{sweep}/comparison") as reply:
        size = sum(len(chunk) for chunk in reply.iter_raw())
        reply.raise_for_status()
    return time.perf_counter() - began, size


def bootstrap_seconds(results: SweepResults, draws: int = 200) -> float:
    """Of DRAWS draws for all arms, from fewer draws of one: the work is the same for each."""
    generator = np.random.default_rng(0)
    arm, baseline = (
        np.stack([pass_at_ks(SAMPLES, run.correct, results.ks) for run in one.graded])
        for one in (results.arms[1], results.arms[0])
    )
    values = arm - baseline
    began = time.perf_counter()
    means = []
    for _ in range(draws):
        problems = generator.integers(0, PROBLEMS, PROBLEMS)
        seeds = generator.integers(0, SEEDS, SEEDS)
        means.append(values[seeds][:, problems].mean(axis=(0, 1)))
    np.quantile(np.stack(means), [0.025, 0.975], axis=0)
    one = (time.perf_counter() - began) * DRAWS / draws
    return one * (len(results.arms) - 1)


def measure(stack: Stack, arms: int, requests: int) -> dict[str, object]:
    engine = open_engine(stack.environment["FORKPOINT_DATABASE_URL"])
    sweep = fill(engine, arms)
    headers = {"Authorization": f"Bearer {stack.key}"}
    with httpx.Client(base_url=stack.url, headers=headers, trust_env=False, timeout=120) as client:
        cold, size = ask(client, sweep)
        warm = [ask(client, sweep)[0] for _ in range(requests)]
    with transaction(engine) as db:
        results = comparisons.read_results(db, sweep)
    began = time.perf_counter()
    contrast(results)
    figures = time.perf_counter() - began
    scripted = bootstrap_seconds(results)
    return {
        "arms": arms,
        "seeds": SEEDS,
        "problems": PROBLEMS,
        "ks": len(results.ks),
        "cold_seconds": round(cold, 3),
        "warm_median_seconds": round(median(warm), 4),
        "warm_p95_seconds": round(quantiles(warm, n=20)[-1], 4),
        "bytes": size,
        "figures_seconds": round(figures, 3),
        "bootstrap_seconds": round(scripted, 1),
        "bootstrap_over_figures": round(scripted / figures, 1),
        "cold_over_warm": round(cold / median(warm), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arms", type=int, default=30)
    parser.add_argument("--requests", type=int, default=100)
    options = parser.parse_args()
    with serve() as stack:
        print(json.dumps(measure(stack, options.arms, options.requests), indent=1))


if __name__ == "__main__":
    main()
