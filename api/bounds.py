"""How large an address, its headers and a body may be."""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import reply

MAX_ADDRESS_BYTES = 8 * 1024
MAX_HEADER_BYTES = 16 * 1024
MAX_BODY_BYTES = 16 * 1024
MAX_LIST_BYTES = 256 * 1024
MAX_SWEEP_BYTES = 1024 * 1024
LARGER = {
    re.compile(r"/api/sweeps(/preview|/[^/]+/extensions(/preview)?)?"): MAX_SWEEP_BYTES,
    re.compile(r"/api/sweeps/[^/]+/confirmations(/preview)?"): MAX_LIST_BYTES,
    re.compile(r"/api/(sweeps|runs)/[^/]+/analyses(/preview)?"): MAX_LIST_BYTES,
    re.compile(r"/api/runs/(cancel|retry)"): MAX_LIST_BYTES,
}


class Bounded:
    """Refuses what is too large before anything is done with it.

    A body is read here, whole: were it bounded only while a route reads it, one that reads none
    would already have acted.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif status := too_long(scope):
            await reply(status)(scope, receive, send)
        elif (body := await read_bounded(scope, receive)) is None:
            text = f"The body is larger than {body_limit(scope):,} bytes."
            await reply(413, text)(scope, receive, send)
        else:
            await self.app(scope, replay(body, receive), send)


def too_long(scope: Scope) -> int | None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS_BYTES:
        return 414
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    return 431 if size > MAX_HEADER_BYTES else None


def body_limit(scope: Scope) -> int:
    found = (most for path, most in LARGER.items() if path.fullmatch(scope["path"]))
    return next(found, MAX_BODY_BYTES)


async def read_bounded(scope: Scope, receive: Receive) -> bytes | None:
    """None when it is too large; what it says of its length is believed, if it says too much."""
    limit, body, more = body_limit(scope), b"", True
    said = Headers(scope=scope).get("content-length", "")
    if said.isdecimal() and int(said) > limit:
        return None
    while more and len(body) <= limit:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
    return body if len(body) <= limit else None


def replay(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read, then whatever comes after it: that the client went away."""
    waiting = [body]

    async def again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return again
