"""Replies that are dear to make: kept as bytes until what they were made of changes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, cast
from weakref import WeakValueDictionary

from cachetools import LRUCache
from fastapi import Request, Response

from api import packed
from api.schemas import Reply

KEPT_BYTES = 64 * 2**20
UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing changed since the ETag that was sent."}
}


@dataclass(frozen=True)
class Kept:
    plain: bytes
    packed: bytes
    etag: str


class Shelf:
    """The replies kept last, as many as KEPT_BYTES hold; none is made twice at the same time."""

    def __init__(self) -> None:
        self._kept: LRUCache[str, Kept] = LRUCache(KEPT_BYTES, getsizeof=size)
        self._makers: WeakValueDictionary[str, Lock] = WeakValueDictionary()
        self._lock = Lock()

    def obtain(self, key: str, make: Callable[[], Kept]) -> Kept:
        """What is kept under `key`. Who asks while another makes it waits for that one."""
        if kept := self._get(key):
            return kept
        with self._maker(key):
            kept = self._get(key) or make()
            self._put(key, kept)
            return kept

    def _get(self, key: str) -> Kept | None:
        with self._lock:
            return self._kept.get(key)

    def _put(self, key: str, kept: Kept) -> None:
        with self._lock:
            if size(kept) <= KEPT_BYTES:
                self._kept[key] = kept

    def _maker(self, key: str) -> Lock:
        """The same one for as long as anybody has it."""
        with self._lock:
            return self._makers.setdefault(key, Lock())


def size(kept: Kept) -> int:
    return len(kept.plain) + len(kept.packed)


def answer(request: Request, key: str, make: Callable[[], object], shape: type[Reply]) -> Response:
    """What `make` gives, in the given shape, made when nothing is kept under `key`."""
    shelf = cast(Shelf, request.app.state.shelf)
    kept = shelf.obtain(key, lambda: pack(shape.model_validate(make()).model_dump_json().encode()))
    headers = {"ETag": kept.etag, "Cache-Control": "private, no-cache"} | packed.VARIED
    if request.headers.get("if-none-match") == kept.etag:
        return Response(status_code=304, headers=headers)
    if packed.takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        return Response(kept.packed, headers=headers, media_type="application/json")
    return Response(kept.plain, headers=headers, media_type="application/json")


def pack(plain: bytes) -> Kept:
    etag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return Kept(plain, packed.pack(plain), etag)
