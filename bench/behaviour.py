"""What a behaviour analysis takes: seconds by part, memory, and the search among sentences alone.

    python -m bench.behaviour [--model smollm2-135m] [--problems 64] [--tokens 200] [--data .data]

Four traces for each problem of reasoning-gym/gsm_symbolic at temperature 1, sentences compared with
those of other traces, and 16 x 16 x 2 passes to score. The search is among 20,000 made-up sentences
of 384 dimensions, for the five nearest of 20,000 others. One thread, as a worker's trainer has;
seconds of processor time, so that other programs do not count. Prints JSON.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import torch

from assets.cards import Roots
from domain.analyses import AnalysisSettings, ProbeSettings
from domain.behaviours import describe_behaviour
from domain.events import Analysed, Event
from domain.findings import Cost
from domain.runs import RunSpec, analysis_of
from trainer import subjects
from trainer.analyse import Bench, Desk, analyse
from trainer.embedding import find_nearest

TASK = "reasoning-gym/gsm_symbolic"
SENTENCES, DIMENSIONS = 20_000, 384
INSTRUCTION = "Think step by step, and give the final answer alone in a last line: Answer: ..."


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="smollm2-135m")
    parser.add_argument("--problems", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--data", type=Path, default=Path(".data"))
    return parser.parse_args()


def make_spec(asked: argparse.Namespace, roots: Roots) -> RunSpec:
    settings = {"style": "chat", "instruction": INSTRUCTION}
    described = {"method": {"method": "base"}, "train": None, "eval": {}, "seed": 0}
    versions = {"model_version": "", "task_version": ""}
    spec = RunSpec.model_validate(
        {"model": asked.model, "task": TASK, "task_settings": settings, **versions, **described}
        | {"model_settings": {"dtype": asked.dtype}}
    )
    cards = roots.find(spec.model, spec.task, spec.task_settings)
    known = {"model_version": cards.model.version, "task_version": cards.task.version}
    probe = ProbeSettings(problems=asked.problems, traces=4, max_completion_tokens=asked.tokens)
    return analysis_of(spec.model_copy(update=known), AnalysisSettings(probe=probe))


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    said: list[Event] = []
    roots = Roots.of(asked.data)
    spec = make_spec(asked, roots)
    subject = subjects.load(spec, roots)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), None, None, roots.models)
        analyse(Bench(subject, desk, said.append, lambda: None, time.process_time))
    found = [event.finding for event in said if isinstance(event, Analysed)]
    (cost,) = (one for one in found if isinstance(one, Cost))
    began = time.process_time()
    behaviour = describe_behaviour(spec.analysis or AnalysisSettings(), found)
    figures = time.process_time() - began
    return {
        "traces": behaviour.traces if behaviour else 0,
        "seconds": {part: round(taken, 1) for part, taken in cost.seconds.items()}
        | {"figures, on read": round(figures, 2)},
        "peak_gb": round(cost.peak_bytes / 1e9, 2),
        "sampled_tokens": cost.sampled_tokens,
        "scored_tokens": cost.scored_tokens,
        "embedded_sentences": cost.embedded_sentences,
        "stored_bytes": sum(len(one.model_dump_json()) for one in found),
    }


def search() -> float:
    generator = np.random.default_rng(0)
    made = generator.normal(size=(2, SENTENCES, DIMENSIONS)).astype(np.float32)
    made /= np.linalg.norm(made, axis=2, keepdims=True)
    began = time.process_time()
    find_nearest(made[0], made[1], 5)
    return time.process_time() - began


def main() -> None:
    asked = read_options()
    torch.set_num_threads(1)
    setting = {"model": asked.model, "dtype": asked.dtype}
    searched = {"sentences": SENTENCES, "seconds": round(search(), 1)}
    print(json.dumps({**setting, "search": searched, "analysis": measure(asked)}, indent=1))


if __name__ == "__main__":
    main()
