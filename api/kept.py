"""Replies that are dear to make: kept as bytes until what they were made of changes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, cast

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
    """The replies kept last, as many as KEPT_BYTES hold."""

    def __init__(self) -> None:
        self._kept: LRUCache[str, Kept] = LRUCache(KEPT_BYTES, getsizeof=size)
        self._lock = Lock()

    def get(self, key: str) -> Kept | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: str, kept: Kept) -> None:
        with self._lock:
            if size(kept) <= KEPT_BYTES:
                self._kept[key] = kept


def size(kept: Kept) -> int:
    return len(kept.plain) + len(kept.packed)


def answer(request: Request, key: str, make: Callable[[], object], shape: type[Reply]) -> Response:
    """What `make` gives, in the given shape, made when nothing is kept under `key`."""
    shelf = cast(Shelf, request.app.state.shelf)
    kept = shelf.get(key)
    if kept is None:
        kept = pack(shape.model_validate(make()).model_dump_json().encode())
        shelf.put(key, kept)
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
