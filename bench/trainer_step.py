"""What a step costs with shaping, in time and memory, over TRL's own GRPO trainer.

    python -m bench.trainer_step [--model countdown-tiny] [--pairs 6] [--steps 6]

Each measurement is a process of its own that trains a few steps from the same weights and seed;
the first step warms up and is left out. Shaped and plain alternate. Seconds are of processor time,
so that other programs do not count; on a GPU by the clock. Memory is the most the process had
resident, on a GPU the most it had allocated. Any model but countdown-tiny multiplies digits.
Prints JSON.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import torch
from transformers import PrinterCallback, TrainerCallback
from trl.trainer.grpo_trainer import GRPOTrainer

from domain.runs import RunSpec, TaskSettings
from trainer import subjects
from trainer.train import build_settings, build_trainer

SHAPED = {"method": "entropy_shaped", "alpha": 0.4, "kappa": 2.0}
PRODUCTS = TaskSettings(
    parameters={"min_terms": 2, "max_terms": 2, "min_digits": 1, "max_digits": 1},
    shots=1,
    style="plain",
    instruction="",
    template="{expression} =",
    stop="line",
)
SMALL = {"prompts_per_step": 4, "completions_per_prompt": 4, "max_completion_tokens": 8}
GPU = torch.cuda.is_available()


class Stopwatch(TrainerCallback):
    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.began = 0.0

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        self.began = now()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self.seconds.append(now() - self.began)


def now() -> float:
    if not GPU:
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


def make_spec(steps: int, model: str = "countdown-tiny") -> RunSpec:
    tiny = model == "countdown-tiny"
    task, settings = ("countdown", TaskSettings()) if tiny else ("reasoning-gym/products", PRODUCTS)
    cards = subjects.HERE.find(model, task, settings)
    return RunSpec.model_validate(
        {
            "model": model,
            "model_version": cards.model.version,
            "task": task,
            "task_version": cards.task.version,
            "task_settings": settings,
            "method": SHAPED,
            "train": {"steps": steps, "learning_rate": 1e-5, **({} if tiny else SMALL)},
            "eval": {},
            "seed": 0,
        }
    )


def train(spec: RunSpec, shaped: bool, folder: Path) -> dict[str, float]:
    """Median seconds of a step, and the most bytes of memory."""
    watch = Stopwatch()
    subject = subjects.load(spec)
    if shaped:
        build_trainer(subject, folder, lambda _: None, [watch]).train()
    else:
        trainer = GRPOTrainer(**build_settings(subject, folder), callbacks=[watch])
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    peak = torch.cuda.max_memory_allocated() if GPU else getrusage(RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": statistics.median(watch.seconds[1:]), "bytes": float(peak)}


def measure(kind: str, options: argparse.Namespace) -> dict[str, float]:
    """By a process of its own: memory that was freed stays with the process that had it."""
    command = [sys.executable, "-m", "bench.trainer_step", "--model", options.model]
    command += ["--steps", str(options.steps), "--only", kind]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def compare(options: argparse.Namespace) -> dict[str, object]:
    pairs = []
    for pair in range(options.pairs):
        # The order alternates, so that a drifting clock speed favours neither.
        order = ["shaped", "plain"] if pair % 2 else ["plain", "shaped"]
        pairs.append({kind: measure(kind, options) for kind in order})
    report: dict[str, object] = {"model": options.model, "gpu": GPU, "torch": torch.__version__}
    for name in ("seconds", "bytes"):
        ratios = sorted(pair["shaped"][name] / pair["plain"][name] for pair in pairs)
        report[name] = {
            "median_ratio": round(statistics.median(ratios), 4),
            "ratios": [round(ratio, 4) for ratio in ratios],
            "shaped": statistics.median(pair["shaped"][name] for pair in pairs),
            "plain": statistics.median(pair["plain"][name] for pair in pairs),
        }
    return report | {"pairs": options.pairs, "steps": options.steps}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="countdown-tiny")
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--only", choices=["shaped", "plain"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only is None:
        print(json.dumps(compare(options), indent=2))
        return
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        spec = make_spec(options.steps, options.model)
        print(json.dumps(train(spec, options.only == "shaped", Path(name))))


if __name__ == "__main__":
    main()
