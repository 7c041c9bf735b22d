"""What a step costs with shaping, in time and memory, over TRL's own GRPO trainer.

    python -m bench.trainer_step [--model countdown-tiny] [--rounds 40] [--pairs 3]

Time: one trainer takes each step three times, as TRL's own class, with shaping, and as TRL's own
once more, on the same prompts with the same random numbers and a learning rate that moves no
weight: the same completions, the same memory, the same work but for shaping. Which comes first
goes round. Two processes, or two trainers in one, differ by several percent with nothing changed.
Seconds are of processor time, so that other programs do not count; on a GPU by the clock. "plain
over plain" is what of a ratio is noise. The interval of a median is by order statistics, at 95 %.

Memory: processes of their own, since what one freed stays with it; the most each had resident, on
a GPU the most it had allocated. Any model but countdown-tiny multiplies digits. Prints JSON.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import torch
from datasets import Dataset
from scipy.stats import quantile_test
from transformers import TrainerCallback
from trl.trainer.grpo_trainer import GRPOTrainer

from domain.runs import RunSpec, TaskSettings
from trainer import subjects
from trainer.train import build_trainer
from trainer.trainers import ShapingTrainer

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


class Rounds(TrainerCallback):
    """Has a trainer take each step as each class of `kinds`, and notes the seconds of each."""

    def __init__(self, kinds: Sequence[type[GRPOTrainer]]) -> None:
        self.kinds = kinds
        self.trainer: GRPOTrainer
        self.rounds: list[dict[int, float]] = []
        self.began = 0.0

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        taken = self.trainer.state.global_step % len(self.kinds)
        if taken == 0:
            self.rounds.append({})
            self.drawn = draw_state()
        else:
            draw_again(self.drawn)
        self.place = (taken + len(self.rounds)) % len(self.kinds)
        self.trainer.__class__ = self.kinds[self.place]
        self.began = now()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self.rounds[-1][self.place] = now() - self.began


def draw_state() -> list[torch.Tensor]:
    return [torch.get_rng_state(), *([torch.cuda.get_rng_state()] if GPU else [])]


def draw_again(states: list[torch.Tensor]) -> None:
    torch.set_rng_state(states[0])
    for state in states[1:]:
        torch.cuda.set_rng_state(state)


def now() -> float:
    if not GPU:
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


def make_spec(steps: int, model: str = "countdown-tiny", learning_rate: float = 1e-5) -> RunSpec:
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
            "train": {"steps": steps, "learning_rate": learning_rate, **({} if tiny else SMALL)},
            "eval": {},
            "seed": 0,
        }
    )


def take_rounds(spec: RunSpec, kinds: Sequence[type[GRPOTrainer]]) -> list[dict[int, float]]:
    """Seconds of each step by the place of its class among `kinds`; the first round warms up."""
    watch = Rounds(kinds)
    subject = subjects.load(spec)
    with tempfile.TemporaryDirectory() as name:
        trainer = build_trainer(subject, Path(name), lambda _: None, [watch])
        trainer.train_dataset = repeat(trainer, len(kinds))
        trainer.shuffle_dataset = False
        watch.trainer = trainer
        trainer.train()
    check_alike(trainer, len(kinds))
    return watch.rounds[1:]


def check_alike(trainer: GRPOTrainer, times: int) -> None:
    """Raises RuntimeError unless the steps of a round sampled the same completions."""
    lengths = [entry.get("completions/mean_length") for entry in trainer.state.log_history]
    for at in range(0, trainer.state.global_step, times):
        if len(set(lengths[at : at + times])) > 1:
            raise RuntimeError(f"steps of a round differ: {lengths[at : at + times]} tokens")


def repeat(trainer: Any, times: int) -> Dataset:
    """Its prompts, those of each step so many times in a row."""
    prompts = list(trainer.train_dataset["prompt"])
    size = trainer.args.generation_batch_size // trainer.num_generations
    starts = range(0, len(prompts) - size + 1, size)
    rows = [prompts[at : at + size] * times for at in starts]
    return Dataset.from_dict({"prompt": [prompt for row in rows for prompt in row]})


def compare_seconds(options: argparse.Namespace) -> dict[str, object]:
    kinds = [GRPOTrainer, ShapingTrainer, GRPOTrainer]
    steps = (options.rounds + 1) * len(kinds)
    rounds = take_rounds(make_spec(steps, options.model, learning_rate=1e-12), kinds)
    plain, shaped, again = ([one[place] for one in rounds] for place in range(len(kinds)))
    return {
        "plain": statistics.median(plain),
        "shaped over plain": compare(shaped, plain),
        "plain over plain": compare(again, plain),
    }


def compare(seconds: list[float], against: list[float]) -> dict[str, object]:
    ratios = [one / other for one, other in zip(seconds, against, strict=True)]
    interval: Any = quantile_test(ratios, q=1, p=0.5).confidence_interval(0.95)
    return {
        "median": round(statistics.median(ratios), 4),
        "interval": [round(float(end), 4) for end in (interval.low, interval.high)],
        "quartiles": [round(end, 4) for end in statistics.quantiles(ratios, n=4)[::2]],
    }


def compare_bytes(options: argparse.Namespace) -> dict[str, object]:
    pairs = [
        {kind: measure_bytes(kind, options.model) for kind in ("shaped", "plain")}
        for _ in range(options.pairs)
    ]
    ratios = sorted(pair["shaped"] / pair["plain"] for pair in pairs)
    most = {kind: max(pair[kind] for pair in pairs) for kind in ("shaped", "plain")}
    return {"median": round(statistics.median(ratios), 4), "ratios": ratios} | most


def measure_bytes(kind: str, model: str) -> float:
    """By a process of its own."""
    command = [sys.executable, "-m", "bench.trainer_step", "--model", model, "--only", kind]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(said.splitlines()[-1])


def peak_bytes(kind: str, model: str) -> float:
    take_rounds(make_spec(6, model), [ShapingTrainer if kind == "shaped" else GRPOTrainer])
    return float(
        torch.cuda.max_memory_allocated() if GPU else getrusage(RUSAGE_SELF).ru_maxrss * 1024
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="countdown-tiny")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--pairs", type=int, default=3, help="of processes, for memory")
    parser.add_argument("--only", choices=["shaped", "plain"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.only:
        print(peak_bytes(options.only, options.model))
        return
    report: dict[str, object] = {"model": options.model, "gpu": GPU, "torch": torch.__version__}
    # Memory first: a process begins with the peak of the one that started it.
    report |= {"bytes": compare_bytes(options)} if options.pairs else {}
    report |= {"rounds": options.rounds, "seconds": compare_seconds(options)}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
