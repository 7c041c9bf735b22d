"""What every reply carries, and what no page of another site may do."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import reply
from api.headers import CACHE, HEADERS

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


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
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", CACHE)
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
