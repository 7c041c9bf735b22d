"""How much longer a step takes with shaping than with TRL's own GRPO trainer, on countdown-tiny.

    python -m bench.trainer_step

Both train in interleaved pairs of short runs from the same weights and seed; the first step of
each run warms up and is left out. Seconds are of processor time, so that other programs do not
count. Prints JSON.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import torch
from transformers import PrinterCallback, TrainerCallback
from trl.trainer.grpo_trainer import GRPOTrainer

from domain.catalogue import MODELS, TASKS
from domain.runs import RunSpec
from trainer import subjects
from trainer.train import build_settings, build_trainer

SHAPED = {"method": "entropy_shaped", "alpha": 0.4, "kappa": 2.0}


class Stopwatch(TrainerCallback):
    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.began = 0.0

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        self.began = time.process_time()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self.seconds.append(time.process_time() - self.began)


def make_spec(steps: int) -> RunSpec:
    return RunSpec.model_validate(
        {
            "model": "countdown-tiny",
            "model_version": MODELS["countdown-tiny"].version,
            "task": "countdown",
            "task_version": TASKS["countdown"].version,
            "method": SHAPED,
            "train": {"steps": steps, "learning_rate": 3e-4},
            "eval": {},
            "seed": 0,
        }
    )


def time_shaped(spec: RunSpec, folder: Path) -> float:
    watch = Stopwatch()
    build_trainer(subjects.load(spec), folder, lambda _: None, [watch]).train()
    return statistics.median(watch.seconds[1:])


def time_plain(spec: RunSpec, folder: Path) -> float:
    watch = Stopwatch()
    trainer = GRPOTrainer(**build_settings(subjects.load(spec), folder), callbacks=[watch])
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return statistics.median(watch.seconds[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--steps", type=int, default=6)
    options = parser.parse_args()
    torch.set_num_threads(1)
    spec = make_spec(options.steps)
    pairs = []
    with tempfile.TemporaryDirectory() as name:
        for pair in range(options.pairs):
            # The order alternates, so that a drifting clock speed favours neither.
            timers = [time_shaped, time_plain] if pair % 2 else [time_plain, time_shaped]
            found = {timer: timer(spec, Path(name)) for timer in timers}
            pairs.append((found[time_shaped], found[time_plain]))
    ratios = [shaped / plain for shaped, plain in pairs]
    report = {
        "median_ratio": statistics.median(ratios),
        "ratios": ratios,
        "shaped_step_seconds": statistics.median(shaped for shaped, _ in pairs),
        "plain_step_seconds": statistics.median(plain for _, plain in pairs),
        "pairs": options.pairs,
        "steps": options.steps,
        "torch": torch.__version__,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
