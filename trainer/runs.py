"""One run from its spec to its last event."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from transformers import (
    PreTrainedModel,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.utils.logging import disable_progress_bar

from assets.cards import Roots
from domain.events import Checkpoint as Saved
from domain.events import Event, Finished, Graded, Kept, Metrics, Started
from domain.runs import RunSpec
from trainer import evaluate, journals, ranks, records, rollouts, subjects, surroundings
from trainer.analyse import Desk, look_at
from trainer.checkpoints import Checkpoint, CheckpointStore
from trainer.failures import Drained
from trainer.records import Batch
from trainer.subjects import Subject
from trainer.train import build_trainer
from trainer.weights import keep_weights

PACKAGES = ("torch", "transformers", "trl", "accelerate", "peft", "tokenizers", "numpy")

logger = logging.getLogger(__name__)

Say = Callable[[Event], None]


@dataclass(frozen=True)
class Place:
    """Where a run keeps its files: `folder` is this attempt's, `checkpoints` (or None) the run's.

    A checkpoint is published every `checkpoint_seconds`, and when training is done. The run goes on
    from the latest of at most `checkpoint_step` and of that `lineage`: of others nobody knows what
    was said before. Models and datasets are looked for below the `roots`. An analysis finds its
    run's checkpoints in `weights`, and keeps traces of untrained models in `probes`, for others.
    """

    folder: Path
    checkpoints: Path | None = None
    checkpoint_step: int | None = None
    lineage: str | None = None
    checkpoint_seconds: float = 300.0
    weights: Path | None = None
    probes: Path | None = None
    roots: Roots = subjects.HERE


def run(spec: RunSpec, place: Place, say: Say, asked_to_stop: Callable[[], bool]) -> None:
    """Raises Drained if asked to stop, Invalid or BadData before anything has been trained."""
    disable_progress_bar()
    subject = subjects.load(spec, place.roots)
    if spec.analysis:
        say(started(subject, spec.analysis.probe.problems))
        desk = Desk(place.checkpoints, place.weights, place.probes, place.roots.models)
        look_at(subject, desk, say, asked_to_stop)
        return
    with open_store(subject, place) as store:
        found = store.go_on(place.checkpoint_step, place.lineage) if store else None
        last = ranks.agree(found)
        carry_out(subject, Progress(subject, say, asked_to_stop, store, place), last, say)


def carry_out(subject: Subject, progress: "Progress", last: Checkpoint | None, say: Say) -> None:
    """Trains from the last checkpoint on, if there is one, and evaluates."""
    spec, store = subject.spec, progress.store
    if last:
        progress.go_on_from(last)
    step, lineage = last.manifest.step if last else 0, store.lineage if store else None
    say(started(subject, spec.eval.problems, step, lineage))
    if spec.train:
        train(subject, progress, last)
    progress.grade(spec.total_steps)
    say(Finished(step=spec.total_steps, seconds=progress.seconds()))


def started(subject: Subject, problems: int, step: int = 0, lineage: str | None = None) -> Started:
    return Started(
        device=str(subject.model.device),
        dtype=subject.dtype_name,
        versions={name: version(name) for name in PACKAGES},
        total_steps=subject.spec.total_steps,
        total_problems=problems,
        step=step,
        lineage=lineage,
        surroundings=surroundings.describe(subject.model.device),
    )


@contextmanager
def open_store(subject: Subject, place: Place) -> Iterator[CheckpointStore | None]:
    """None where nothing is trained or nothing can be saved, and where another rank saves."""
    if place.checkpoints is None or subject.spec.train is None or not ranks.is_first():
        yield None
        return
    store = CheckpointStore(place.checkpoints, subject.spec, subject.dtype_name)
    try:
        store.prepare()
    except OSError as error:
        logger.warning("this attempt saves nothing: %s", error)
        yield None
        return
    try:
        yield store
    finally:
        store.release()


def train(subject: Subject, progress: "Progress", last: Checkpoint | None) -> None:
    """From the last checkpoint on, if there is one. Raises Drained if asked to stop."""
    folder = ranks.agree(progress.store.draft if progress.store else progress.folder)
    trainer = build_trainer(subject, folder, progress.batches.append, [progress], progress.publish)
    if last and last.manifest.step >= subject.spec.total_steps:
        trainer._load_from_checkpoint(str(last.folder))  # no step is left to train
        return
    if last:
        trainer.skip_to(last.manifest.step)
    trainer.train(resume_from_checkpoint=str(last.folder) if last else None)
    if progress.stopped:
        raise Drained


class Progress(TrainerCallback):
    """Says each step's metrics, rollouts and grades, and chooses the steps to save.

    It collects the batches they are made of. `tokens` and seconds are the run's, over all attempts
    that its checkpoints come from. `weights` names those of the step that was saved last: only its
    grades are kept in a journal, since whoever goes on later than that trains again.

    Of several ranks the first decides and says what all have done.
    """

    def __init__(
        self,
        subject: Subject,
        say: Say,
        asked_to_stop: Callable[[], bool],
        store: CheckpointStore | None,
        place: Place,
    ) -> None:
        self.subject = subject
        self.say = say
        self.asked_to_stop = asked_to_stop
        self.store = store
        self.folder = place.folder
        self.journals = place.checkpoints if ranks.is_first() else None
        self.weights = {} if subject.spec.train else {0: journals.name_base(subject)}
        self.checkpoint_seconds = place.checkpoint_seconds
        self.started = self.saved = self.began_step = time.monotonic()
        self.batches: list[Batch] = []
        self.tokens = 0
        self.stopped = False
        self.shown = rollouts.shown_steps(subject.spec.total_steps)

    def go_on_from(self, last: Checkpoint) -> None:
        self.tokens = last.manifest.tokens
        self.started -= last.manifest.seconds
        self.weights = {last.manifest.step: journals.name_saved(last.folder)}

    def seconds(self) -> float:
        return time.monotonic() - self.started

    def pause(self) -> None:
        if ranks.agree(self.asked_to_stop()):
            raise Drained

    def grade(self, step: int) -> None:
        """Grades that an earlier attempt gave these very weights are said again, not made again."""
        weights, settings = self.weights.get(step), self.subject.spec.eval
        with journals.open_journal(self.journals, weights, step, settings) as journal:
            for graded in journal.rows:
                self.say(graded)
            known = {graded.problem for graded in journal.rows}
            for graded in self.make_grades(step, ranks.agree(known)):
                journal.keep(graded)
                self.say(graded)

    def make_grades(self, step: int, done: set[int]) -> Iterator[Graded]:
        """Ranks stop between two rounds: none waits for words of one that is gone."""
        if ranks.count() == 1:
            return evaluate.evaluate(self.subject, step, self.pause, done)
        mine = evaluate.evaluate(self.subject, step, lambda: None, done)
        return ranks.in_rounds(mine, self.pause)

    def on_step_begin(
        self,
        args: TrainingArguments,  # noqa: ARG002
        state: TrainerState,
        control: TrainerControl,  # noqa: ARG002
        **_: object,
    ) -> None:
        # Here, not after the step: grades come after the checkpoint of their step, so that whoever
        # goes on from it says them again.
        self.grade_between(state.global_step)
        self.began_step = time.monotonic()

    def on_step_end(
        self,
        args: TrainingArguments,  # noqa: ARG002
        state: TrainerState,
        control: TrainerControl,
        **given: Any,
    ) -> None:
        self.keep_weights(state.global_step, given["model"])
        last = state.global_step == self.subject.spec.total_steps
        if not last and not self.between_rollouts(state.global_step):
            return
        stopped = self.asked_to_stop()
        due = time.monotonic() - self.saved >= self.checkpoint_seconds
        save = self.store is not None and (due or last or stopped)
        self.stopped, control.should_save = ranks.agree((stopped, save))
        control.should_training_stop = control.should_training_stop or self.stopped
        if control.should_save:
            self.saved = time.monotonic()  # tried is enough: a full disk is not tried at each step

    def between_rollouts(self, step: int) -> bool:
        """Whether no rollout is left over: a checkpoint keeps none."""
        train = self.subject.spec.train
        return train is None or step % train.updates_per_rollout == 0

    def publish(self, made: Path) -> None:
        """Takes in the checkpoint of the step that is just done."""
        if self.store:
            step = int(made.name.rpartition("-")[2])
            path = self.store.publish(made, step, self.tokens, self.seconds())
            self.weights = {step: journals.name_saved(path)}
            self.say(Saved(step=step, path=str(path)))

    def keep_weights(self, step: int, model: PreTrainedModel) -> None:
        """A slim copy of each step that `keep_every` divides; the last one's checkpoint is kept."""
        spec = self.subject.spec
        every = spec.train.keep_every if spec.train else None
        due = every is not None and step % every == 0 and step < spec.total_steps
        if self.store and due and keep_weights(self.store, model, step, self.seconds()):
            self.say(Kept(step=step))

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

    def say_step(self, step: int, logs: dict[str, float]) -> None:
        now = time.monotonic()
        shares = self.collect_shares(logs)
        if not shares:
            return
        batches = [batch for made, _ in shares for batch in made]
        lengths, truncated = records.lengths(batches, self.subject.tokenizer.eos_token_id)
        self.tokens += int(lengths.sum())
        values = {
            **records.average([values for _, values in shares]),
            **records.measure(batches, self.subject.spec.method),
            "completion/length": lengths.float().mean().item(),
            "completion/truncated": truncated.float().mean().item(),
            "step_seconds": now - self.began_step,
            "tokens": float(self.tokens),
        }
        self.say(Metrics(step=step, seconds=self.seconds(), values=values))
        if step in self.shown:
            for rollout in rollouts.pick_rollouts(step, self.batches, self.subject):
                self.say(rollout)

    def collect_shares(self, logs: dict[str, float]) -> list[tuple[list[Batch], dict[str, float]]]:
        """What every rank has of a step, its own first; nothing but at the first rank."""
        values = records.rename(logs)
        if ranks.count() == 1:
            return [(self.batches, values)]
        return ranks.collect(([batch.in_memory() for batch in self.batches], values))

    def grade_between(self, step: int) -> None:
        every = self.subject.spec.eval.every
        if step and every and step % every == 0 and step < self.subject.spec.total_steps:
            self.grade(step)
