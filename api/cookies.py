"""The page's cookie: out of reach of scripts, of other sites, and of other servers on this host."""

from fastapi import Request, Response

from db.pagesessions import SESSION_LASTS


def cookie_name(request: Request) -> str:
    """Browsers share cookies among the ports of a host, so the port is part of the name.

    Over HTTPS the prefix makes them refuse one that another name of the domain has set.
    """
    if request.url.scheme == "https":
        return "__Host-forkpoint"
    return f"forkpoint-{request.url.port or 80}"


def read_cookie(request: Request) -> str | None:
    return request.cookies.get(cookie_name(request))


def set_cookie(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def drop_cookie(request: Request, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
