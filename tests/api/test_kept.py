"""Replies that are dear to make: each is made once, however many ask for it at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from api import kept
from api.kept import Kept, Shelf

ASKING = 8


def ask(shelf: Shelf, keys: list[str], make: Callable[[], Kept]) -> list[Kept]:
    """All at once."""
    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(lambda key: shelf.obtain(key, make), keys))


def test_who_asks_while_another_makes_a_reply_waits_for_it() -> None:
    made: list[Kept] = []

    def make() -> Kept:
        time.sleep(0.2)  # long enough for the others to come
        made.append(kept.pack(b"[]"))
        return made[-1]

    answers = ask(Shelf(), ["one"] * ASKING, make)
    assert len(made) == 1
    assert all(answer is made[0] for answer in answers)


def test_replies_under_other_keys_are_made_at_the_same_time() -> None:
    making = Barrier(ASKING, timeout=30)

    def make() -> Kept:
        making.wait()
        return kept.pack(b"[]")

    assert len(ask(Shelf(), [str(number) for number in range(ASKING)], make)) == ASKING


def test_what_could_not_be_made_is_made_by_the_next() -> None:
    shelf = Shelf()

    def fail() -> Kept:
        raise ValueError("not now")

    with pytest.raises(ValueError, match="not now"):
        shelf.obtain("one", fail)
    assert shelf.obtain("one", lambda: kept.pack(b"[]")).plain == b"[]"
