"""The session of a browser: begun with a link or a key, ended on the server."""

from fastapi import APIRouter, Request, Response

from api import credentials, sessions
from api.bodies import SIGN_IN, SignInBody
from api.callers import read_bearer
from api.dependencies import AnyCaller, Db
from api.errors import documented

router = APIRouter(prefix="/session", tags=["access"])


@router.post(
    "",
    response_model=credentials.Session,
    responses=documented(401, 413, 415, 422, 429, 503),
    openapi_extra=SIGN_IN,
)
def sign_in(db: Db, request: Request, response: Response, given: SignInBody) -> credentials.Session:
    """Signs a browser in with a link's token, which works once, or with a key; sets its cookie."""
    return sessions.sign_in(db, request, response, given)


@router.get("", response_model=credentials.Session, responses=documented(503))
def read_session(request: Request, caller: AnyCaller) -> credentials.Session:
    """Who is asking, and with which role."""
    return sessions.describe(caller, by_cookie=not read_bearer(request))


@router.delete("", status_code=204, response_class=Response, responses=documented(503))
def sign_out(db: Db, request: Request, response: Response) -> None:
    """Ends the browser's session for good, and takes its cookie back."""
    sessions.sign_out(db, request, response)


@router.post(
    "/links", status_code=201, response_model=credentials.SignInLink, responses=documented(503)
)
def create_sign_in_link(db: Db, caller: AnyCaller) -> credentials.SignInLink:
    """A link that signs a browser in as whoever asks for it."""
    return sessions.make_link(db, caller)
