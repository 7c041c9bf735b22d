"""The API over HTTP: an answer is its text, or a reply read from it; an error is a CliError."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from cli.credentials import find_data, find_key
from cli.errors import BadInput, CliError, Refused, Unreachable
from cli.locks import find_holder
from cli.replies import ErrorReply

DEFAULT_URL = "http://127.0.0.1:8000"
HOW_TO_GET_A_KEY = (
    "On the machine of that server, in the folder where `forkpoint up` was started, commands need "
    "no key; FORKPOINT_DATA names its data folder from elsewhere. From another machine, have "
    "`forkpoint key create NAME --role editor` print one there, and set FORKPOINT_API_KEY to it"
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
Query = Mapping[str, str | int | None]


@dataclass(frozen=True)
class Answer:
    text: str

    def read(self, kind: type[M]) -> M:
        return self.checked(TypeAdapter(kind))

    def read_list(self, kind: type[M]) -> list[M]:
        return self.checked(TypeAdapter(list[kind]))  # type: ignore[valid-type]

    def checked(self, adapter: TypeAdapter[T]) -> T:
        try:
            return adapter.validate_json(self.text)
        except ValidationError as error:
            raise CliError(
                "the server's answer is not one this version understands; "
                f"are both the same version? ({error.error_count()} differences)"
            ) from error


class Client:
    """Sends `key` with every request, by default the one that is found for the address."""

    def __init__(self, url: str, seconds: float = 30.0, key: str | None = None) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput(f"{url!r} is not an address such as {DEFAULT_URL}")
        # A proxy for the outside world has no business between two programs of one machine.
        self.http = httpx.Client(
            base_url=self.url,
            timeout=seconds,
            trust_env=parts.hostname not in LOOPBACK,
            auth=partial(sign, key or find_key(self.url)),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def get(self, path: str, query: Query | None = None) -> Answer:
        """Without the parameters that are None: the server has defaults for those."""
        given = {name: value for name, value in (query or {}).items() if value is not None}
        return self.send(self.http.build_request("GET", path, params=given))

    def post(self, path: str, query: Query | None = None) -> Answer:
        return self.send(self.http.build_request("POST", path, params=query))

    def post_json(
        self, path: str, body: Mapping[str, object], query: Query | None = None
    ) -> Answer:
        try:
            request = self.http.build_request("POST", path, json=body, params=query)
        except ValueError as error:
            raise BadInput("nan and infinity cannot be sent: write a number") from error
        return self.send(request)

    def post_text(self, path: str, text: str) -> Answer:
        """Posts JSON or YAML as it was written: the server alone reads it."""
        return self.send(self.text_request(path, text))

    def preview(self, text: str) -> Answer:
        return self.post_text("/api/sweeps/preview", text)

    def submit(self, text: str, key: str) -> Answer:
        """Submits a sweep as it was written; the same `key` again answers the same sweep.

        So it may be sent a second time when no answer came: the first may have arrived.
        """
        request = self.text_request("/api/sweeps", text)
        request.headers["idempotency-key"] = key
        return self.send_twice(request)

    def preview_confirmation(self, sweep_id: int, arm: str, seeds: list[int] | None) -> Answer:
        path = f"/api/sweeps/{sweep_id}/confirmations/preview"
        return self.post_json(path, {"arm": arm, "seeds": seeds})

    def confirm(self, sweep_id: int, arm: str, seeds: list[int] | None) -> Answer:
        """The same arm and seeds again answer the same sweep."""
        path = f"/api/sweeps/{sweep_id}/confirmations"
        body = {"arm": arm, "seeds": seeds}
        return self.send_twice(self.http.build_request("POST", path, json=body))

    def send_twice(self, request: httpx.Request) -> Answer:
        """For what may arrive twice: sends it again when no answer came."""
        try:
            return self.send(request)
        except Unreachable:
            return self.send(request)

    def text_request(self, path: str, text: str) -> httpx.Request:
        headers = {"content-type": media_type(text)}
        return self.http.build_request("POST", path, content=text.encode(), headers=headers)

    def send(self, request: httpx.Request) -> Answer:
        try:
            response = self.http.send(request)
        except httpx.TransportError as error:
            raise Unreachable(self.tell_silence(error)) from error
        if response.is_error:
            raise refusal(response)
        return Answer(response.text)

    def tell_silence(self, error: httpx.TransportError) -> str:
        """That nothing answers, why as far as is known, and what to type."""
        cause = re.sub(r"^\[Errno -?\d+\] ", "", str(error))
        told = f"nothing answers at {self.url} ({cause})"
        data = find_data(self.url)
        if data is None:
            remedy = "Start Forkpoint with `forkpoint up`, or name another server with --url or "
            return f"{told}. {remedy}FORKPOINT_URL"
        if holder := find_holder(data):
            log = data / "logs" / "api.log"
            return f"{told}, though `forkpoint up` of {data} runs (process {holder}): see {log}"
        return (
            f"{told}: the stack of {data} was there and seems to have ended without a stop, as "
            f"when it is killed. Start it again: forkpoint up --data {data}"
        )


def sign(key: str | None, request: httpx.Request) -> httpx.Request:
    """Replaces whatever a .netrc says of the host as well."""
    if key:
        request.headers["authorization"] = f"Bearer {key}"
    return request


def media_type(text: str) -> str:
    try:
        json.loads(text)
    except ValueError:
        return "application/yaml"
    return "application/json"


def refusal(response: httpx.Response) -> CliError:
    """The error reply in words, one `field: message` a line; 4xx but a conflict is bad input."""
    try:
        reply = ErrorReply.model_validate_json(response.content)
        lines = [str(error) for error in reply.errors]
        message = "\n".join(lines) or reply.message
    except ValidationError:
        message = f"{response.url} answered {response.status_code}; is that a Forkpoint server?"
    if response.status_code == 401:
        return Refused(f"{message}\n{HOW_TO_GET_A_KEY}")
    bad = 400 <= response.status_code < 500 and response.status_code != 409
    return BadInput(message) if bad else CliError(message)
