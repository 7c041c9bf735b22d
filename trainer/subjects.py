"""What a run works on: its spec with the model, tokenizer and task that the spec names."""

from dataclasses import dataclass

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from domain.catalogue import find_model, find_task
from domain.errors import invalid
from domain.runs import RunSpec, TrainSettings
from trainer.models import load_model
from trainer.tasks import Task, Verdict, load_task


@dataclass(frozen=True)
class Subject:
    spec: RunSpec
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    task: Task

    def is_correct(self, prompt: str, tokens: list[int]) -> bool:
        """Whether a completion is right; one that did not end by itself never is."""
        ended = bool(tokens) and tokens[-1] == self.tokenizer.eos_token_id
        text = self.tokenizer.decode(tokens, skip_special_tokens=True)
        return ended and self.task.grade(prompt, text) == Verdict.CORRECT


def load(spec: RunSpec) -> Subject:
    """Raises Invalid where the spec cannot be run as it stands, BadData where files are missing."""
    check_versions(spec)
    check_method(spec)
    task = load_task(spec.task)
    check_sizes(spec, task)
    model, tokenizer = load_model(spec.model)
    return Subject(spec=spec, model=model, tokenizer=tokenizer, task=task)


def check_versions(spec: RunSpec) -> None:
    for field, asked, card in (
        ("model_version", spec.model_version, find_model(spec.model)),
        ("task_version", spec.task_version, find_task(spec.task)),
    ):
        if asked != card.version:
            raise invalid(field, f"{asked!r} is asked for, but {card.name} is {card.version!r} here")


def check_method(spec: RunSpec) -> None:
    if (spec.method.method == "base") == (spec.train is not None):
        raise invalid("train", f"must be {'absent' if spec.train else 'given'} for {spec.method.method}")


def check_sizes(spec: RunSpec, task: Task) -> None:
    if spec.eval.problems > task.size(spec.eval.split):
        raise invalid(
            "eval.problems", f"{task.card.name} has {task.size(spec.eval.split)} in {spec.eval.split}"
        )
    if spec.train and rollout_prompts(spec.train) > task.size("train"):
        raise invalid(
            "train.prompts_per_step",
            f"a rollout of {rollout_prompts(spec.train)} prompts (prompts_per_step * "
            f"updates_per_rollout) needs more than the {task.size('train')} of {task.card.name}",
        )


def rollout_prompts(train: TrainSettings) -> int:
    return train.prompts_per_step * train.updates_per_rollout
