"""A confirmation: one arm of a search and its baseline again, on what the search has not seen.

The best of many arms owes part of its lead to luck, in its seeds and in its problems (the winner's
curse). New seeds and held-out problems have no part in that luck, as long as their result is kept
apart from the search's.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from domain.arms import Arm, Cell, arm_name, kept_cells, written_axes
from domain.catalogue import Finder, TaskCard, find_shipped
from domain.errors import invalid
from domain.inputs import parse
from domain.runs import MAX_SEED, EvalSettings, Seed
from domain.schemas import Strict
from domain.sweeps import SweepSpec, expand_arms, find_arm, parse_sweep
from domain.templates import AnyArm
from domain.wordings import shortened

LEAST_SEEDS = 3
LONGEST_NAME = 200
LONGEST_QUESTION = 2000
SHORTEST = 40


class ConfirmationRequest(Strict):
    """The arm to confirm, and the new seeds: by default as many as the search had, at least 3."""

    arm: Annotated[str, Field(min_length=1, max_length=2000)]
    seeds: Annotated[list[Seed], Field(min_length=1, max_length=1000)] | None = None


def parse_request(data: object) -> ConfirmationRequest:
    """From decoded JSON or YAML. Raises Invalid naming every wrong field."""
    return parse(ConfirmationRequest, data)


def plan_confirmation(
    search: SweepSpec, arm: str, seeds: list[int] | None, find: Finder = find_shipped
) -> SweepSpec:
    """The sweep of two arms, named as in the search. Raises Invalid naming the field."""
    if search.eval.split == "held_out":
        raise invalid(
            "eval.split",
            "this sweep was graded on the held-out problems already, so they can confirm nothing; "
            "confirm an arm of a sweep whose split is eval, or give this one more seeds",
        )
    task = find(search.model, search.task, search.task_settings).task
    arms = expand_arms(search, task)
    baseline = find_arm("baseline", search.baseline, arms)
    chosen = find_arm("arm", arm, arms)
    check_chosen(chosen, baseline)
    looks = sum(arm.train is not None for arm in arms if arm.name != baseline.name)
    plan = search.model_copy(
        update={
            "name": name_confirmation(search.name, chosen.name),
            "question": ask(search, (chosen.name, baseline.name), task, looks),
            "eval": held_out(search.eval, task),
            "seeds": new_seeds(search.seeds) if seeds is None else unseen(seeds, search.seeds),
            "arms": list(single_cells(search, {chosen.name, baseline.name})),
        }
    )
    return parse_sweep(plan.model_dump(exclude_unset=True))


def check_chosen(chosen: Arm, baseline: Arm) -> None:
    if chosen.name == baseline.name:
        raise invalid("arm", f"{chosen.name!r} is the baseline; choose an arm to set against it")
    if chosen.train is None:
        raise invalid("arm", f"{chosen.name!r} is not trained: new seeds change nothing about it")


def name_confirmation(search: str, arm: str) -> str:
    ending = f" · confirmation of {arm}"
    name = shortened(search, max(SHORTEST, LONGEST_NAME - len(ending))) + ending
    return shortened(name, LONGEST_NAME)


def ask(search: SweepSpec, names: tuple[str, str], task: TaskCard, looks: int) -> str:
    chosen, baseline = names
    among = "the only arm" if looks == 1 else f"one of {looks} arms looked at"
    question = (
        f"Does {chosen}, {among} in “{search.name}”, differ from {baseline} with new seeds and on "
        "held-out problems?"
    )
    if search.eval.problems > task.held_out_problems:
        question += (
            f" The search graded {search.eval.problems:,} problems; the held-out split of "
            f"{task.name} has {task.held_out_problems:,}, and all of them are graded here."
        )
    return shortened(question, LONGEST_QUESTION)


def held_out(evaluation: EvalSettings, task: TaskCard) -> EvalSettings:
    """The same evaluation on held-out problems: as many, or as many as there are."""
    problems = min(evaluation.problems, task.held_out_problems)
    return evaluation.model_copy(update={"split": "held_out", "problems": problems})


def new_seeds(used: list[int]) -> list[int]:
    """As many as were used, at least 3, counted on from the largest."""
    first = max(used) + 1
    wanted = max(len(used), LEAST_SEEDS)
    if first + wanted - 1 > MAX_SEED:
        raise invalid("seeds", f"there are not {wanted} seeds above {first - 1}; name new seeds")
    return list(range(first, first + wanted))


def unseen(seeds: list[int], used: list[int]) -> list[int]:
    """The seeds in order, so that the same ones make the same sweep."""
    for index, seed in enumerate(seeds):
        if seed in used:
            free = max(used) + 1
            hint = f"such as {free}" if free <= MAX_SEED else "that it has not used"
            raise invalid(f"seeds[{index}]", f"the search used seed {seed}; take another, {hint}")
    return sorted(seeds)


def single_cells(search: SweepSpec, names: set[str]) -> Iterator[AnyArm]:
    """The arms of these names, each as a template of its own that has no other cell."""
    for index, template in enumerate(search.arms):
        for cell in kept_cells(template, written_axes(template), f"arms[{index}]"):
            if arm_name(template.name, cell) in names:
                yield narrowed(template, cell)


def narrowed(template: AnyArm, cell: Cell) -> AnyArm:
    """`zip` stays: coupling single values changes nothing, but it orders them in the arm's name."""
    train = {name[6:]: [value] for name, value in cell.items() if name.startswith("train.")}
    own = {name: [value] for name, value in cell.items() if not name.startswith("train.")}
    written = template.model_dump(include={"name", "method", "zip"}, exclude_unset=True)
    return type(template).model_validate(written | own | ({"train": train} if train else {}))
