"""The ranks of a run: one process alone, or one for each device, which agree before they act.

What is agreed travels through a gloo group of its own: it waits for as long as an evaluation takes,
and takes no memory of a GPU. A rank that dies ends the wait, since its connections close.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import TypeVar

import torch
from accelerate import PartialState
from torch import distributed

T = TypeVar("T")

PATIENCE = timedelta(days=7)


def open_group() -> None:
    """Joins the ranks that the environment names, and takes this one's device."""
    PartialState(cpu=not torch.cuda.is_available(), timeout=PATIENCE)
    words()


def close_group() -> None:
    distributed.destroy_process_group()


@cache
def words() -> distributed.ProcessGroup:
    group: distributed.ProcessGroup = distributed.new_group(backend="gloo", timeout=PATIENCE)
    return group


def count() -> int:
    return distributed.get_world_size() if distributed.is_initialized() else 1


def index() -> int:
    return distributed.get_rank() if distributed.is_initialized() else 0


def is_first() -> bool:
    """Whether this is the rank that speaks, saves and decides."""
    return index() == 0


def agree(value: T) -> T:
    """The first rank's value, at all."""
    if count() == 1:
        return value
    box = [value]
    distributed.broadcast_object_list(box, src=0, group=words())
    return box[0]


def gather(value: T) -> list[T]:
    """Every rank's value, in their order, at all."""
    if count() == 1:
        return [value]
    found: list[T] = [value] * count()
    distributed.all_gather_object(found, value, group=words())
    return found


def collect(value: T) -> list[T]:
    """Every rank's value, in their order, at the first; nothing at the others."""
    if count() == 1:
        return [value]
    found = [value] * count() if is_first() else None
    distributed.gather_object(value, found, dst=0, group=words())
    return found or []


def share(items: Sequence[T]) -> Sequence[T]:
    """This rank's part of a work that can be done in any order."""
    return items[index() :: count()]


def in_rounds(mine: Iterator[T], pause: Callable[[], None]) -> Iterator[T]:
    """What all ranks make, at each of them: one of each a round, and `pause` before every round."""
    while True:
        pause()
        made = [item for item in gather(next(mine, None)) if item is not None]
        if not made:
            return
        yield from made


@contextmanager
def all_or_none(errors: tuple[type[Exception], ...]) -> Iterator[None]:
    """Raises OSError at the ranks that succeeded where another raised one of the `errors`."""
    try:
        yield
    except errors as error:
        gather(str(error))
        raise
    if failed := [message for message in gather(None) if message is not None]:
        raise OSError(failed[0])
