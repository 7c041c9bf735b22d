"""Who is asking, and whether they may: checked before every route, so that none can forget to."""

from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy import Engine

from api.access import PUBLIC, required_roles
from api.cookies import read_cookie
from api.guards import SAFE, sent_by_our_page
from api.rates import Rates
from db import keys, pagesessions
from db.sessions import transaction
from domain.access import Caller, require_role
from domain.errors import Forbidden, Unknown

NO_KEY = (
    "an API key is needed: send it as `Authorization: Bearer fp_...`, give it to a command with "
    "FORKPOINT_API_KEY, or sign in on the page with the link that `forkpoint up` or "
    "`forkpoint sign-in` prints"
)


def admit(request: Request) -> Caller | None:
    """Who calls this route; None where nobody need say. Raises Unknown, Forbidden or TooOften."""
    route = request.scope["route"].name
    if route in PUBLIC:
        return None
    caller = identify(request)
    require_role(caller, required_roles(route))
    if request.method not in SAFE:
        rates = get_rates(request)
        rates.count(rates.key_writes, caller.key_id)
        rates.count(rates.writes, address_of(request))
    return caller


def identify(request: Request) -> Caller:
    """By its key, else by its page's session.

    Wrong ones are counted by address, right ones let in whatever the count: whoever shares an
    address with somebody who guesses must not suffer for it.
    """
    try:
        return recognise(request)
    except Unknown:
        if read_bearer(request) or read_cookie(request):
            rates = get_rates(request)
            rates.count(rates.refusal, address_of(request))
        raise


def recognise(request: Request) -> Caller:
    engine = cast(Engine, request.app.state.engine)
    with transaction(engine) as db:
        if key := read_bearer(request):
            return keys.check(db, key)
        if token := read_cookie(request):
            caller = pagesessions.find(db, token)
            require_our_page(request)
            return caller
    raise Unknown(NO_KEY)


def read_bearer(request: Request) -> str | None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def require_our_page(request: Request) -> None:
    """A browser sends its cookie whoever wrote the page, so a change must say that it is ours."""
    if request.method not in SAFE and not sent_by_our_page(request.headers):
        raise Forbidden("a change by a signed-in browser must come from Forkpoint's own page")


def get_rates(request: Request) -> Rates:
    return cast(Rates, request.app.state.rates)


def address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def require_caller(caller: Annotated[Caller | None, Depends(admit)]) -> Caller:
    if caller is None:
        raise Unknown(NO_KEY)
    return caller


def name_actor(caller: Annotated[Caller, Depends(require_caller)]) -> str:
    """The name that what is done is recorded under."""
    return caller.name


AnyCaller = Annotated[Caller, Depends(require_caller)]
Actor = Annotated[str, Depends(name_actor)]
