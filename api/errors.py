"""The one place that knows HTTP statuses: every error leaves in the one shape of `ErrorReply`."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy.exc import DataError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.headers import HEADERS
from api.schemas import ErrorCode, ErrorReply
from db.sessions import OUTAGES
from domain.errors import (
    Conflict,
    DomainError,
    Fenced,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    TooOften,
    Unknown,
    field_errors,
)
from domain.logs import REQUEST_ID, about
from domain.wordings import place

log = logging.getLogger(__name__)

MEANINGS: dict[int, tuple[ErrorCode, str]] = {
    400: ("invalid", "The request is not HTTP this server understands."),
    401: ("unauthenticated", "No key was sent, or one that is wrong, expired or revoked."),
    403: ("forbidden", "Whoever asks may not: by their role, or from another site's page."),
    404: ("not_found", "Nothing has that address."),
    405: ("method_not_allowed", "The address exists, but not with this method."),
    409: ("conflict", "Its present state forbids this; the message says which."),
    413: ("too_large", "The body is too large."),
    414: ("too_large", "The address is too long."),
    415: ("unsupported_media_type", "The body is neither JSON nor YAML."),
    422: ("invalid", "The input is wrong; `errors` names each wrong field."),
    429: ("too_often", "Too many requests; `Retry-After` says how many seconds to wait."),
    431: ("too_large", "The headers are too large."),
    500: ("internal", "An error of the server; its log has the cause."),
    503: ("unavailable", "The database did not answer in time, or lacks the expected schema."),
}
LATER = ("extra_forbidden", "union_tag_invalid", "literal_error")
PLACES = ("path", "query", "header", "body")


class Unsupported(DomainError):
    pass


class Unavailable(DomainError):
    pass


STATUSES: dict[type, int] = {
    Unknown: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Fenced: 409,
    Unsupported: 415,
    Invalid: 422,
    TooOften: 429,
    Unavailable: 503,
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route for OpenAPI; any may be called by a wrong name, or break."""
    return {
        status: {"model": ErrorReply, "description": MEANINGS[status][1]}
        for status in sorted({*statuses, 403, 500})
    }


def install(app: FastAPI) -> None:
    app.exception_handler(DomainError)(answer_domain_error)
    app.exception_handler(RequestValidationError)(answer_validation_error)
    app.exception_handler(HTTPException)(answer_http_error)
    app.exception_handler(DataError)(answer_data_error)
    app.exception_handler(ValidationError)(answer_stored)
    app.exception_handler(ResponseValidationError)(answer_stored)
    for outage in (*OUTAGES, PoolTimeout):
        app.exception_handler(outage)(answer_outage)
    app.exception_handler(Exception)(answer_unexpected)


def reply(status: int, message: str = "", errors: list[FieldError] | None = None) -> JSONResponse:
    code, meaning = MEANINGS.get(status, MEANINGS[500 if status >= 500 else 400])
    body = ErrorReply(code=code, message=message or meaning, errors=errors or [])
    return JSONResponse(body.model_dump(exclude_none=True), status)


def answer_domain_error(_: Request, error: DomainError) -> JSONResponse:
    errors = error.errors if isinstance(error, Invalid) else []
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)
    answer = reply(status, error.message, errors)
    if isinstance(error, TooOften):
        answer.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, Unknown):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def answer_validation_error(_: Request, error: RequestValidationError) -> JSONResponse:
    wrong = Invalid(field_errors(error.errors(), tags=PLACES))
    return reply(422, wrong.message, wrong.errors)


def answer_http_error(_: Request, error: HTTPException) -> JSONResponse:
    answer = reply(error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def answer_stored(_: Request, error: ValidationError | ResponseValidationError) -> JSONResponse:
    """For what is stored and cannot be read: it names what only a newer version knows."""
    found = error.errors()
    if not all(one["type"] in LATER for one in found):
        raise error
    at = [place(one) or ("the value itself",) for one in found]
    names = ", ".join(dict.fromkeys(f"`{parts[-1]}`" for parts in at))
    message = (
        f"a newer version of Forkpoint wrote this, and what it says at {names} is not known to "
        "this one; bring this server to that version"
    )
    log.warning("%s", message)
    return reply(409, message)


def answer_data_error(_: Request, error: DataError) -> JSONResponse:
    log.warning("a value reached the database that it cannot store: %s", error)
    return reply(422, "a value of the request cannot be stored")


def answer_outage(_: Request, error: Exception) -> JSONResponse:
    log.error("the database did not answer in time: %s", error)
    return reply(503, "the database did not answer in time; try again in a moment")


def answer_unexpected(_: Request, __: Exception) -> JSONResponse:
    """Answered outside of all middleware, so that it brings its own headers."""
    request = str(about.get().get("request", ""))
    text = f"something went wrong on the server; its log has the cause, under request {request}"
    answer = reply(500, text)
    answer.headers.update(HEADERS | {REQUEST_ID: request})
    return answer
