"""How fast the behaviour of a large sweep is read: 30 arms x 3 seeds x 5 steps of analyses.

    python -m bench.behaviour_reading [--arms 30] [--requests 50]

A service of its own with a real database is filled with made-up findings of 64 problems each and
asked over HTTP as the page does, cold (nothing kept) and warm. Prints JSON; seconds are of the wall
clock.
"""

import argparse
import json
import time
from collections.abc import Iterator, Mapping
from statistics import median

import httpx
import numpy as np
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench.comparison import make_sweep
from bench.services import serve
from cli.stack import Stack
from db import analyses, attempts, claims, recordings, submissions, workers
from db.attempts import Claim, Outcome
from db.sessions import open_engine, transaction
from db.workers import Identity
from domain.catalogue import find_shipped
from domain.digests import digest
from domain.events import Analysed, Kept, TrainerEvent
from domain.findings import (
    Finding,
    RareTally,
    ScoreColumn,
    SentenceCell,
    TokenCell,
    TokenTally,
)
from domain.gaps import DECILES
from domain.inquiries import SweepInquiry
from domain.lexicons import LEXICONS
from domain.lifecycle import Retries
from domain.sweeps import parse_sweep

SEEDS, KEPT = (0, 1, 2), (2, 4, 6, 8)
PROBLEMS, SCORED, TRACES = 64, 16, 2
WORDS = list(LEXICONS["english-1"].words)
DIFFERENT = 8  # so many analyses are made up; the others find the same


def make_up(seed: int) -> list[Finding]:
    """What an analysis might find, about as much as of English traces of 200 tokens."""
    generator = np.random.default_rng(seed)
    found: list[Finding] = []
    for number in range(PROBLEMS):
        cells, sentences = list(draw_words(generator)), list(draw_sentences(generator))
        found += [
            TokenTally(
                number=number,
                traces=4,
                correct=1,
                truncated=0,
                tokens=sum(cell.n for cell in cells),
                unknown=0,
                cells=cells,
                sentences=sentences,
            ),
            RareTally(number=number, sentences=20, distance=8.0, beyond=2, cells=sentences),
        ]
    logs = generator.normal(-120, 8, size=(SCORED, SCORED, TRACES))
    lengths = [[200] * TRACES for _ in range(SCORED)]
    return [
        *found,
        digest(found, WORDS),
        *(
            ScoreColumn(number=number, lengths=lengths, scores=logs[number].tolist())
            for number in range(SCORED)
        ),
    ]


def draw_words(generator: np.random.Generator) -> Iterator[TokenCell]:
    for decile in range(DECILES):
        for name, start, often in [("", 1, 50), ("", 0, 30), *((name, 1, 1) for name in WORDS)]:
            n = int(generator.poisson(often))
            if n:
                yield TokenCell(name, start, decile, n, float(generator.gamma(1.5 * n, 0.5)))


def draw_sentences(generator: np.random.Generator) -> Iterator[SentenceCell]:
    for decile in range(DECILES):
        for marked, often in ((0, 1.5), (1, 0.3)):
            n = int(generator.poisson(often))
            if n:
                yield SentenceCell(marked, decile, n, float(generator.gamma(3 * n, 0.2)))


def fill(engine: Engine, arms: int) -> int:
    """Submits the sweep, trains nothing, and looks at every run after every step."""
    body = make_sweep(arms) | {"seeds": list(SEEDS)}
    with transaction(engine) as db:
        sweep = submissions.submit(db, parse_sweep(body), "bench", None)
        workers.register(db, Identity("bench", "here", "cpu:0", "cpu", pid=1))
    while trained := take(engine):
        finish(engine, trained, [Kept(step=step) for step in KEPT])
    with transaction(engine) as db:
        inquiry = SweepInquiry(steps="all", lexicon="english-1")
        analyses.ask(db, sweep, inquiry, "bench", find_shipped)
    made = [[Analysed(finding=one) for one in make_up(seed)] for seed in range(DIFFERENT)]
    while looked := take(engine):
        finish(engine, looked, made[looked.run_id % DIFFERENT])
    return sweep


def take(engine: Engine) -> Claim | None:
    with transaction(engine) as db:
        return claims.claim(db, "bench", "cpu:0")


def finish(engine: Engine, claim: Claim, said: list[Kept] | list[Analysed]) -> None:
    events: list[TrainerEvent] = [*said]
    with transaction(engine) as db:
        recordings.record(db, claim.run_id, claim.attempt, events, None)
        end(db, claim)


def end(db: Session, claim: Claim) -> None:
    done = Outcome(exit_code=0, failure=None, message="")
    attempts.finish(db, claim.run_id, claim.attempt, done, Retries())


def ask(client: httpx.Client, address: str, asked: Mapping[str, str]) -> tuple[float, int]:
    """Seconds, and the bytes that travelled."""
    began = time.perf_counter()
    with client.stream("GET", address, params=asked) as reply:
        size = sum(len(chunk) for chunk in reply.iter_raw())
        reply.raise_for_status()
    return time.perf_counter() - began, size


def measure(stack: Stack, arms: int, requests: int) -> dict[str, object]:
    engine = open_engine(stack.environment["FORKPOINT_DATABASE_URL"])
    sweep = fill(engine, arms)
    places: dict[str, tuple[str, dict[str, str]]] = {
        "figures": (f"/api/sweeps/{sweep}/behaviour", {}),
        "differences": (f"/api/sweeps/{sweep}/behaviour/differences", {}),
        "gaps": (f"/api/sweeps/{sweep}/behaviour/gaps", {"arm": "grpo"}),
    }
    report: dict[str, object] = {
        "arms": arms,
        "seeds": len(SEEDS),
        "steps": len(KEPT) + 1,
        "problems": PROBLEMS,
    }
    headers = {"Authorization": f"Bearer {stack.key}"}
    with httpx.Client(base_url=stack.url, headers=headers, trust_env=False, timeout=300) as client:
        for name, place in places.items():
            cold, size = ask(client, *place)
            warm = median(ask(client, *place)[0] for _ in range(requests))
            report[name] = {
                "cold_seconds": round(cold, 3),
                "warm_median_seconds": round(warm, 4),
                "bytes": size,
            }
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arms", type=int, default=30)
    parser.add_argument("--requests", type=int, default=50)
    options = parser.parse_args()
    with serve() as stack:
        print(json.dumps(measure(stack, options.arms, options.requests), indent=1))


if __name__ == "__main__":
    main()
