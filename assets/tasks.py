"""The task that a sweep names: its card, its problems, and the rules that are part of its version.

The API shows the card, and the trainer has to come to the same one: both ask here.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from assets.families import PACKAGE_VERSION
from assets.folders import read_folder
from assets.generated import FIELD, complete, find_problems
from assets.problems import Item, Splits, divide, hash_of, key_of, word
from domain.catalogue import FAMILY, FOLDER, TaskCard
from domain.errors import invalid
from domain.runs import Parameter, TaskSettings

MATHS_VERSION = "maths-1-c86c91"
GYM_VERSION = "gym-2-682483"
"""Each ends in the hash of what its verifier says: python -m trainer.versions"""

MATHS_INSTRUCTION = "Reason step by step, and put the final answer within \\boxed{}."
GYM_INSTRUCTION = "Give the final answer alone, without explanation."
GYM_TOKENS = 64

MATHS_CORRECT = (
    "The last thing stated as the answer (\\boxed{...}, a line `Answer: ...` or `#### ...`) equals "
    "the reference: exactly where that is a number, else as math-verify finds. Several answers in "
    "one, unevaluated arithmetic for a number, and what takes over a second to check are wrong."
)
GYM_CORRECT = (
    "The answer (in the last <answer>...</answer>, else after the last line that begins with "
    "`Answer:`, else the whole completion) gets the full score of the family's own scorer; a "
    "number must be written as one."
)


class FoundTask(NamedTuple):
    """`splits.train` is without the `examples` that are shown before every question."""

    kind: Literal["gym", "maths"]
    card: TaskCard
    splits: Splits
    examples: Sequence[Item]
    instruction: str
    parameters: dict[str, Parameter]


def read_task(name: str, settings: TaskSettings, root: Path) -> FoundTask | None:
    """None for a name that is neither a family's nor a folder's. Raises Invalid."""
    if family := FAMILY.fullmatch(name):
        return read_family(name, family[1], settings, root)
    if FOLDER.fullmatch(name):
        return read_maths(name, settings, root)
    return None


def read_family(name: str, family: str, settings: TaskSettings, root: Path) -> FoundTask:
    splits = divide(find_problems(family, settings, root))
    version = f"{GYM_VERSION}-{PACKAGE_VERSION}-{hash_of(splits, GYM_INSTRUCTION)}"
    card = TaskCard(
        name=name,
        version=version,
        summary=f"{family} of reasoning-gym {PACKAGE_VERSION}, made by its rules.",
        correct=GYM_CORRECT,
        completion_tokens=GYM_TOKENS,
        **sizes_of(splits),
    )
    parameters = complete(family, settings)
    return with_examples(FoundTask("gym", card, splits, (), GYM_INSTRUCTION, parameters), settings)


def read_maths(name: str, settings: TaskSettings, root: Path) -> FoundTask:
    if settings.parameters:
        raise invalid(f"{FIELD}.{next(iter(settings.parameters))}", "a folder has none; remove it")
    found = read_folder(name, root)
    card = TaskCard(
        name=name,
        version=f"{MATHS_VERSION}-{hash_of(found.splits, MATHS_INSTRUCTION)}",
        summary=f"Maths problems in the format of {found.format}.{found.remarks}",
        correct=MATHS_CORRECT,
        completion_tokens=found.completion_tokens,
        **sizes_of(found.splits),
    )
    return with_examples(
        FoundTask("maths", card, found.splits, (), MATHS_INSTRUCTION, {}), settings
    )


def check_template(template: str | None, splits: Splits) -> None:
    """Raises Invalid for one that words two problems alike: they would share a prompt and a reward,
    and those of training would be those of evaluation."""
    if template is None:
        return
    names = ["question", *next(iter(splits.eval)).facts]
    known = ", ".join(f"{{{name}}}" for name in names)
    if not any(f"{{{name}}}" in template for name in names):
        raise invalid("task_settings.template", f"names nothing of the problem; it has {known}")
    items = [item for split in splits for item in split]
    worded = {key_of(word(template, item.question, item.facts)) for item in items}
    if len(worded) < len(items):
        raise invalid(
            "task_settings.template",
            f"makes {len(worded):,} prompts of {len(items):,} problems; name what tells them "
            f"apart, of {known}",
        )


def sizes_of(splits: Splits) -> dict[str, int]:
    return {f"{split}_problems": len(items) for split, items in splits._asdict().items()}


def with_examples(task: FoundTask, settings: TaskSettings) -> FoundTask:
    """The last training problems that have an answer to show become examples. Raises Invalid."""
    check_template(settings.template, task.splits)
    shots, train = settings.shots, task.splits.train
    if not shots:
        return task
    examples = [item for item in train if item.answer][-shots:]
    if len(examples) < shots:
        shown = f"{len(examples)} training problems with an answer to show"
        raise invalid("task_settings.shots", f"{task.card.name} has {shown}; ask for fewer")
    splits = task.splits._replace(train=[item for item in train if item not in examples])
    card = task.card.model_copy(update=sizes_of(splits))
    return task._replace(card=card, splits=splits, examples=examples)
