"""Measures every request, gives it a name, and writes the access log's line about it."""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Measures
from domain.logs import FIELDS, REQUEST_ID, about

log = logging.getLogger("api.access")

PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PATH_LENGTH = 200
API = "/api"
STREAMED = "text/event-stream"


class Observed:
    """A client may name its request; a name that is long or not plain is replaced.

    Of the address only the path is logged: a query, a cookie or a header may hold a secret. A
    stream of events took as long as it took to begin.
    """

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self.app = app
        self.measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Never reset: a request has a task of its own, and what its server logs of it comes later.
        about.set({"request": name_request(scope)})
        status, started, ended = 500, time.perf_counter(), 0.0

        async def send_named(message: Message) -> None:
            nonlocal status, ended
            if message["type"] == "http.response.start":
                status, headers = message["status"], MutableHeaders(scope=message)
                headers[REQUEST_ID] = str(about.get()["request"])
                if headers.get("content-type", "").startswith(STREAMED):
                    ended = time.perf_counter()
            await send(message)

        try:
            await self.app(scope, receive, send_named)
        finally:
            self.note(scope, status, (ended or time.perf_counter()) - started)

    def note(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = name_method(scope), name_route(scope)
        self.measures.requests.labels(method, route, str(status)).observe(seconds)
        said = {"method": method, "route": route, "status": status, "seconds": round(seconds, 4)}
        log.info("%s %s", method, scope["path"][:PATH_LENGTH], extra={FIELDS: said})


def name_request(scope: Scope) -> str:
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if PLAIN_ID.fullmatch(given) else secrets.token_hex(8)


def name_method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "other"


def name_route(scope: Scope) -> str:
    """The route's template, so that a thousand runs are one name; what has no route is the page.

    Routes know their path below API, where all of them are.
    """
    template: str = getattr(scope.get("route"), "path", "")
    if template:
        return API + template.removeprefix(API)
    return "unknown" if scope["path"].startswith(API) else "page"
