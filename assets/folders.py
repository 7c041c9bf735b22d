"""A folder of maths problems: train, and where they are given eval and held_out."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from assets.formats import recognise
from assets.problems import FEWEST, Item, Splits, distinct, rank_of, share_of
from assets.rows import KINDS, BrokenFile, read_rows
from domain.catalogue import FOLDER

NAMES = ("train", "eval", "held_out")


class State(NamedTuple):
    """A file as it is now: what is read of it holds for as long as this does."""

    path: Path
    changed: int
    size: int


class Contents(NamedTuple):
    """What was read, and what a reader should know about how it was divided."""

    splits: Splits
    format: str
    completion_tokens: int
    remarks: str


def read_folder(name: str, root: Path) -> Contents:
    """Raises BrokenFile with what can be done about it."""
    folder = root / name.removeprefix("./")
    if not folder.resolve().is_relative_to(root.resolve()):
        raise BrokenFile(f"{name} leads out of {root}; copy the folder into it")
    if not folder.is_dir():
        raise BrokenFile(
            f"no folder {name} below {root}; make it, or fetch it with `forkpoint data fetch`"
        )
    refuse_links(folder, root, name)
    states = {split: state for split in NAMES if (state := state_of(folder, split, name))}
    if "train" not in states:
        raise BrokenFile(f"{name} has no train.jsonl and no train.parquet (looked in {folder})")
    return read_files(name, tuple(states.items()))


def refuse_links(folder: Path, root: Path, name: str) -> None:
    """Raises BrokenFile for a split that lies elsewhere."""
    for path in (folder / f"{split}{kind}" for split in NAMES for kind in KINDS):
        if not path.resolve().is_relative_to(root.resolve()):
            raise BrokenFile(f"{name}/{path.name} leads out of {root}; copy the file itself")


def state_of(folder: Path, split: str, name: str) -> State | None:
    paths = [path for kind in KINDS if (path := folder / f"{split}{kind}").exists()]
    if len(paths) > 1:
        raise BrokenFile(f"{name} has both {paths[0].name} and {paths[1].name}; remove one")
    if not paths:
        return None
    found = paths[0].stat()
    return State(paths[0], found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=8)
def read_files(name: str, states: tuple[tuple[str, State], ...]) -> Contents:
    read = {split: read_file(state.path, name) for split, state in states}
    given = {split: items for split, (items, _, _) in read.items()}
    splits, remarks = settle(given)
    if len(splits.train) < 1 or len(splits.eval) < 1:
        raise BrokenFile(f"{name} has too few problems; add to {FEWEST} or more distinct ones")
    _, form, tokens = read["train"]
    return Contents(splits, form, tokens, remarks)


def read_file(path: Path, name: str) -> tuple[list[Item], str, int]:
    """Its problems, its format's name, and how long a completion usually is."""
    items: list[Item] = []
    form = None
    for place, row in read_rows(path, f"{name}/{path.name}"):
        form = form or recognise(row, place)
        items.append(form.read(row, place))
    assert form is not None  # noqa: S101  (a file without rows is refused)
    return items, form.name, form.completion_tokens


def settle(given: dict[str, list[Item]]) -> tuple[Splits, str]:
    """Splits that share no question: eval keeps its own, then held_out, then train.

    What is not given is taken out of train, by the hashes of its questions.
    """
    total = sum(map(len, given.values()))
    evaluated = distinct(given.get("eval", ()))
    held_out = distinct(given.get("held_out", ()), evaluated)
    train = distinct(given["train"], evaluated + held_out)
    removed = total - len(evaluated) - len(held_out) - len(train)
    share, made = share_of(train), []
    for split in ("eval", "held_out"):
        if split not in given:
            made.append(split)
            taken, train = train[:share], train[share:]
            if split == "eval":
                evaluated = taken
            else:
                held_out = taken
    remarks = f" {' and '.join(made)} {'are' if made[1:] else 'is'} taken out of train." * bool(
        made
    )
    if removed:
        remarks += f" {removed:,} repeated questions are left out."
    return Splits(*(sorted(items, key=rank_of) for items in (train, evaluated, held_out))), remarks


def find_folders(root: Path) -> list[str]:
    """Those below the root that a sweep may name, at most three levels deep."""
    found = {
        f"./{path.parent.relative_to(root).as_posix()}"
        for depth in range(1, 4)
        for kind in KINDS
        for path in root.glob("*/" * depth + f"train{kind}")
    }
    return sorted(name for name in found if FOLDER.fullmatch(name))
