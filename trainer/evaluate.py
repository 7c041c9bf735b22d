"""Samples completions for evaluation problems and counts the correct ones."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, cast

import torch
from torch import Tensor

from domain.events import Graded
from trainer.subjects import Subject
from trainer.tasks import Verdict

BATCH = 2048
"""Completions sampled at once. Fixed, because the sampling noise depends on it."""


def evaluate(subject: Subject, step: int, pause: Callable[[], None]) -> Iterator[Graded]:
    """Grades every problem, each as its last sample is drawn. `pause` is called between batches.

    The sampling noise depends on the spec's eval seed alone; neither the random state nor the
    mode the model was in is changed for what follows.
    """
    settings = subject.spec.eval
    prompts = subject.task.problems(settings.split)[: settings.problems]
    rows = [problem for problem in range(len(prompts)) for _ in range(settings.samples)]
    counts = [Counter[str]() for _ in prompts]
    for batch, start in enumerate(range(0, len(rows), BATCH)):
        pause()
        part = rows[start : start + BATCH]
        found = sample(
            subject, [prompts[problem] for problem in part], (settings.seed << 20) + batch
        )
        for problem, verdict in zip(part, found, strict=True):
            counts[problem][verdict] += 1
        for problem in sorted(set(part)):
            if counts[problem].total() == settings.samples:
                yield tally(step, problem, counts[problem])


def tally(step: int, problem: int, verdicts: Counter[str]) -> Graded:
    return Graded(
        step=step,
        problem=problem,
        n=verdicts.total(),
        c=verdicts[Verdict.CORRECT],
        truncated=verdicts["truncated"],
        unparsable=verdicts[Verdict.UNPARSABLE],
    )


def sample(subject: Subject, prompts: list[str], seed: int) -> list[str]:
    """One verdict for each prompt; "truncated" for a completion that ran into the limit."""
    tokenizer = subject.tokenizer
    inputs = tokenizer(prompts, return_tensors="pt", padding=True, return_token_type_ids=False)
    inputs = inputs.to(subject.model.device)
    completions = generate(subject, inputs["input_ids"], inputs["attention_mask"], seed)
    ended = (completions == tokenizer.eos_token_id).any(1).tolist()
    texts = tokenizer.batch_decode(completions, skip_special_tokens=True)
    return [
        subject.task.grade(prompt, text) if whole else "truncated"
        for prompt, text, whole in zip(prompts, texts, ended, strict=True)
    ]


@torch.no_grad()
def generate(subject: Subject, ids: Tensor, mask: Tensor, seed: int) -> Tensor:
    """Token ids (B, T) after the prompts (B, P), padded after the end."""
    model, settings = subject.model, subject.spec.eval
    was_training = model.training
    model.eval()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        # transformers does not type generate on the models it loads.
        whole = cast(Any, model).generate(
            input_ids=ids,
            attention_mask=mask,
            max_new_tokens=settings.max_completion_tokens or subject.task.card.completion_tokens,
            do_sample=True,
            temperature=settings.temperature,
            top_p=settings.top_p,
            top_k=0,
            repetition_penalty=1.0,
            remove_invalid_values=True,
            pad_token_id=subject.tokenizer.pad_token_id,
            eos_token_id=subject.tokenizer.eos_token_id,
        )
    model.train(was_training)
    tokens: Tensor = whole[:, ids.shape[1] :]
    return tokens
