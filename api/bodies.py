"""A sweep in a request's body: bounded, decoded from JSON or YAML, then validated by the domain."""

from typing import Annotated, Any

from fastapi import Depends, Request

from api.decoding import decode_json, decode_yaml
from api.errors import TooLarge, Unsupported
from domain.sweeps import SweepSpec, parse_sweep

MAX_BYTES = 1024 * 1024
DECODERS = {
    "application/json": decode_json,
    "application/yaml": decode_yaml,
    "text/yaml": decode_yaml,
}
REF = {"$ref": "#/components/schemas/SweepSpec"}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": REF} for kind in DECODERS},
    }
}


async def read_body(request: Request) -> bytes:
    """The body's bytes; async because only the event loop can read them. Raises TooLarge."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise TooLarge(f"the body is larger than {MAX_BYTES:,} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def read_sweep(request: Request, body: Annotated[bytes, Depends(read_body)]) -> SweepSpec:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    decode = DECODERS.get(kind)
    if decode is None:
        kinds = ", ".join(DECODERS)
        raise Unsupported(f"send the sweep as one of {kinds} (given: {kind or 'no content type'})")
    return parse_sweep(decode(body))


SweepBody = Annotated[SweepSpec, Depends(read_sweep)]
