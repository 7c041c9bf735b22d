"""What every reply carries, and what no page of another site may do."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import reply

MAX_ADDRESS_BYTES = 8 * 1024
MAX_HEADER_BYTES = 16 * 1024
MAX_BODY_BYTES = 16 * 1024
MAX_SWEEP_BYTES = 1024 * 1024
SWEEPS = "/api/sweeps"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the charts place their labels with inline styles
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeaders:
    """A reply may bring a policy of its own: a report's allows less than the page needs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class KnownHost:
    """Refuses to be called by a name it was not given.

    A page elsewhere can let its own name point here and would then count as the same origin (DNS
    rebinding). An address or localhost cannot be pointed, so these are always known.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self.app = app
        self.names = {name.strip().lower() for name in names} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self.knows(Headers(scope=scope).get("host", "")):
            text = "The server is not known by this name; FORKPOINT_ALLOWED_HOSTS can add it."
            await reply(403, text)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def knows(self, host: str) -> bool:
        name = host_name(host)
        return name in self.names or is_fixed(name) or "*" in self.names


def host_name(host: str) -> str:
    """`[::1]:8000` -> `::1`; empty when it cannot be read."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_fixed(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return name == "localhost"


class SameOrigin:
    """Refuses what changes something when a browser says that another site asked for it.

    Browsers leave Sec-Fetch-Site out on plain HTTP to anything but localhost, so Origin speaks
    there. Programs send neither.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changing = scope["type"] == "http" and scope["method"] not in SAFE
        if changing and not same_origin(Headers(scope=scope)):
            await reply(403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def same_origin(headers: Headers) -> bool:
    if site := headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


def sent_by_our_page(headers: Headers) -> bool:
    """As `same_origin`, but whoever says nothing of the kind is not believed."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    return "origin" in headers and same_origin(headers)


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
    return MAX_SWEEP_BYTES if scope["path"].startswith(SWEEPS) else MAX_BODY_BYTES


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
