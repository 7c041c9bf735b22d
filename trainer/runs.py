"""One run from its spec to its last event."""

import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.utils.logging import disable_progress_bar

from domain.events import Event, Finished, Metrics, Started
from domain.runs import RunSpec
from trainer import evaluate, records, subjects
from trainer.failures import Drained
from trainer.records import Batch
from trainer.subjects import Subject
from trainer.train import build_trainer

PACKAGES = ("torch", "transformers", "trl", "accelerate", "tokenizers", "numpy")

Say = Callable[[Event], None]


def run(spec: RunSpec, folder: Path, say: Say, asked_to_stop: Callable[[], bool]) -> None:
    """Raises Drained if asked to stop, Invalid or BadData before anything has been trained."""
    started = time.monotonic()
    disable_progress_bar()
    subject = subjects.load(spec)
    progress = Progress(subject, say, asked_to_stop, started)
    say(
        Started(
            device=str(subject.model.device),
            versions={name: version(name) for name in PACKAGES},
            total_steps=spec.total_steps,
            total_problems=spec.eval.problems,
        )
    )
    if spec.train:
        trainer = build_trainer(subject, folder, progress.batches.append, [progress])
        trainer.train()
    progress.grade(spec.total_steps)
    say(Finished(step=spec.total_steps, seconds=time.monotonic() - started))


class Progress(TrainerCallback):
    """Says each step's metrics, rollouts and grades; collects the batches they are made of."""

    def __init__(
        self, subject: Subject, say: Say, asked_to_stop: Callable[[], bool], started: float
    ) -> None:
        self.subject = subject
        self.say = say
        self.asked_to_stop = asked_to_stop
        self.started = started
        self.batches: list[Batch] = []
        self.tokens = 0
        self.began_step = started
        self.shown = records.shown_steps(subject.spec.total_steps)

    def pause(self) -> None:
        if self.asked_to_stop():
            raise Drained

    def grade(self, step: int) -> None:
        for graded in evaluate.evaluate(self.subject, step, self.pause):
            self.say(graded)

    def on_step_begin(self, *_: object, **__: object) -> None:
        self.began_step = time.monotonic()

    def on_log(
        self,
        args: TrainingArguments,  # noqa: ARG002
        state: TrainerState,
        control: TrainerControl,  # noqa: ARG002
        **given: Any,
    ) -> None:
        # The summary at the end of training is logged too, when no batch is left.
        if self.batches:
            self.say_step(state.global_step, given["logs"])
            self.batches.clear()
            self.pause()
            self.grade_between(state.global_step)

    def say_step(self, step: int, logs: dict[str, float]) -> None:
        now = time.monotonic()
        lengths, truncated = records.lengths(self.batches, self.subject.tokenizer.eos_token_id)
        self.tokens += int(lengths.sum())
        values = {
            **records.rename(logs),
            **records.measure(self.batches, self.subject.spec.method),
            "completion/length": lengths.float().mean().item(),
            "completion/truncated": truncated.float().mean().item(),
            "step_seconds": now - self.began_step,
            "tokens": float(self.tokens),
        }
        self.say(Metrics(step=step, seconds=now - self.started, values=values))
        if step in self.shown:
            for rollout in records.pick_rollouts(step, self.batches[0], self.subject):
                self.say(rollout)

    def grade_between(self, step: int) -> None:
        every = self.subject.spec.eval.every
        if every and step % every == 0 and step < self.subject.spec.total_steps:
            self.grade(step)
