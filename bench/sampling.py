"""How much faster pass@k's completions are drawn than by the loop a script would use.

    python -m bench.sampling [--model countdown-tiny] [--pairs 5] [--problems 64]

64 samples of each problem, temperature 1. `loop` calls transformers' generate once a prompt with
num_return_sequences = 64; `batched` gives it 2,048 rows at once, where prompts are equally long.
countdown-tiny is asked countdown, any other model for products, by its chat template, in at most 32
tokens. Interleaved, seconds of processor time. Prints JSON: completions a second, and ratios to the
sampler's.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any, cast

os.environ["OMP_NUM_THREADS"] = "1"

import torch

from bench.trainer_step import make_spec
from domain.runs import TaskSettings
from trainer import subjects
from trainer.sampling import ROWS, Job, Sampling, sample
from trainer.subjects import HERE, Subject

SAMPLES = 64
COUNTDOWN, PRODUCTS = ("countdown", 20), ("reasoning-gym/products", 32)


def draw(subject: Subject, jobs: list[Job], how: Sampling) -> None:
    for _ in sample(subject.model, jobs, how):
        pass


@torch.no_grad()
def generate(subject: Subject, jobs: list[Job], how: Sampling, prompts: int) -> None:
    """transformers' generate on `prompts` prompts at once, which are equally long here."""
    for first in range(0, len(jobs), prompts):
        ids = torch.tensor([prompt for _, prompt in jobs[first : first + prompts]])
        cast(Any, subject.model).generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=how.tokens,
            do_sample=True,
            temperature=how.temperature,
            top_k=0,
            num_return_sequences=how.samples,
            pad_token_id=how.pad,
            eos_token_id=how.eos,
        )


def seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def load(model: str) -> tuple[Subject, int]:
    """Ready to be asked, and the most tokens of an answer."""
    task, tokens = COUNTDOWN if model == "countdown-tiny" else PRODUCTS
    settings = TaskSettings()
    cards = HERE.find(model, task, settings)
    spec = make_spec(steps=1).model_copy(
        update={
            "model": model,
            "model_version": cards.model.version,
            "task": task,
            "task_version": cards.task.version,
        }
    )
    subject = subjects.load(spec)
    subject.model.eval()
    return subject, tokens


def measure(model: str, pairs: int, problems: int) -> dict[str, object]:
    subject, tokens = load(model)
    tokenizer = subject.tokenizer
    jobs = list(enumerate(subject.tokenize(subject.ask("eval", problems))))
    how = Sampling(SAMPLES, tokens, 1.0, 1.0, 0, tokenizer.eos_token_id, tokenizer.pad_token_id)
    ways: dict[str, Callable[[], None]] = {
        "sampler": lambda: draw(subject, jobs, how),
        "loop": lambda: generate(subject, jobs, how, prompts=1),
    }
    if len({len(prompt) for _, prompt in jobs}) == 1:
        ways["batched"] = lambda: generate(subject, jobs, how, prompts=ROWS // SAMPLES)
    for work in ways.values():
        work()
    rounds = [{name: seconds(work) for name, work in ways.items()} for _ in range(pairs)]
    ratios = {
        name: sorted(round(one[name] / one["sampler"], 2) for one in rounds)
        for name in ways
        if name != "sampler"
    }
    return {
        "model": model,
        "problems": problems,
        "samples": SAMPLES,
        "completions_per_second": {
            name: round(problems * SAMPLES / median(one[name] for one in rounds)) for name in ways
        },
        "over_sampler": ratios,
        "median_over_sampler": {name: median(found) for name, found in ratios.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="countdown-tiny")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--problems", type=int, default=64)
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(json.dumps(measure(options.model, options.pairs, options.problems), indent=1))


if __name__ == "__main__":
    main()
