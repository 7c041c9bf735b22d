"""Signing a browser in and out: rows of sessions on one side, a cookie on the other."""

from fastapi import Request, Response
from sqlalchemy.orm import Session as Db

from api.callers import address_of, get_rates
from api.cookies import drop_cookie, read_cookie, set_cookie
from api.credentials import Session, SignInLink
from db import keys, pagesessions
from domain.access import Caller, SignIn


def sign_in(db: Db, request: Request, response: Response, given: SignIn) -> Session:
    """A new session at every sign-in, so that one that was planted before is worth nothing."""
    rates = get_rates(request)
    rates.count(rates.sign_in, address_of(request))
    if given.token is not None:
        caller = pagesessions.redeem(db, given.token)
    else:
        caller = keys.check(db, str(given.key))
    end_session(db, request)
    set_cookie(request, response, pagesessions.begin(db, caller.key_id))
    return describe(caller, by_cookie=True)


def sign_out(db: Db, request: Request, response: Response) -> None:
    end_session(db, request)
    drop_cookie(request, response)


def end_session(db: Db, request: Request) -> None:
    if token := read_cookie(request):
        pagesessions.end(db, token)


def describe(caller: Caller, by_cookie: bool) -> Session:
    return Session(name=caller.name, role=caller.role, key_id=caller.key_id, by_cookie=by_cookie)


def make_link(db: Db, caller: Caller) -> SignInLink:
    """The token stands behind a #, which browsers keep to themselves: no log sees it."""
    return SignInLink(path=f"/sign-in#{pagesessions.issue_link(db, caller.key_id)}")
