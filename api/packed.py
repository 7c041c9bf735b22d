"""Replies that may be large: compressed where they are and the client takes it."""

import gzip

from fastapi import Request, Response

from api.schemas import Reply

VARIED = {"Vary": "Accept-Encoding"}
SMALL = 1400  # bytes, as many as travel at once


def takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def pack(plain: bytes) -> bytes:
    return gzip.compress(plain, compresslevel=5)


def answer(request: Request, shape: type[Reply], found: object) -> Response:
    """What was found, in the given shape."""
    body, headers = shape.model_validate(found).model_dump_json().encode(), dict(VARIED)
    if len(body) > SMALL and takes_gzip(request):
        body, headers["Content-Encoding"] = pack(body), "gzip"
    return Response(body, headers=headers, media_type="application/json")
