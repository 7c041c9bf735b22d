"""Whether a run can be done here as its spec stands, answered before a library is loaded."""

from domain.catalogue import TaskCard, find_model, find_task
from domain.errors import invalid
from domain.runs import RunSpec


def check(spec: RunSpec) -> None:
    """Raises Invalid with what the user can do about it."""
    check_versions(spec)
    check_method(spec)
    check_sizes(spec, find_task(spec.task))


def check_versions(spec: RunSpec) -> None:
    for field, asked, card in (
        ("model_version", spec.model_version, find_model(spec.model)),
        ("task_version", spec.task_version, find_task(spec.task)),
    ):
        if asked != card.version:
            raise invalid(field, f"{asked} is asked for, but {card.name} is {card.version} here")


def check_method(spec: RunSpec) -> None:
    method = spec.method.method
    if method == "base" and spec.train:
        raise invalid("train", "must be null for base: the base model is not trained")
    if method != "base" and not spec.train:
        raise invalid("train", f"is required for {method}")


def check_sizes(spec: RunSpec, card: TaskCard) -> None:
    split = spec.eval.split
    size = {"eval": card.eval_problems, "held_out": card.held_out_problems}[split]
    if spec.eval.problems > size:
        raise invalid("eval.problems", f"{card.name} has only {size} problems in {split}")
    if not spec.train:
        return
    prompts = spec.train.prompts_per_step * spec.train.updates_per_rollout
    if prompts > card.train_problems:
        raise invalid(
            "train.prompts_per_step",
            f"a rollout takes {prompts} prompts (prompts_per_step * updates_per_rollout), but "
            f"{card.name} has only {card.train_problems} for training",
        )
