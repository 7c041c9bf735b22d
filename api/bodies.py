"""What a request's body holds: decoded from JSON or YAML, then validated by the domain."""

from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from api.decoding import decode_json, decode_yaml
from api.dependencies import get_roots
from api.errors import Unsupported
from assets.cards import Roots
from assets.embedders import pin
from domain.access import KeyRequest, SignIn, parse_key_request, parse_sign_in
from domain.confirmations import ConfirmationRequest, parse_request
from domain.inputs import parse
from domain.inquiries import RunInquiry, SweepInquiry
from domain.sweeps import SweepSpec, parse_sweep
from domain.webhooks import WebhookRequest, parse_webhook

DECODERS = {
    "application/json": decode_json,
    "application/yaml": decode_yaml,
    "text/yaml": decode_yaml,
}


def documented_body(schema: str) -> dict[str, Any]:
    """For OpenAPI, which cannot see into the dependencies below."""
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {"requestBody": {"required": True, "content": dict.fromkeys(DECODERS, content)}}


Asked = TypeVar("Asked", bound=RunInquiry)

SWEEP = documented_body("SweepSpec")
CONFIRMATION = documented_body("ConfirmationRequest")
KEY = documented_body("KeyRequest")
SIGN_IN = documented_body("SignIn")
WEBHOOK = documented_body("WebhookRequest")
RUN_INQUIRY = documented_body("RunInquiry")
SWEEP_INQUIRY = documented_body("SweepInquiry")


async def read_body(request: Request) -> bytes:
    """The body's bytes; async because only the event loop can read them."""
    return await request.body()


def decode(request: Request, body: Annotated[bytes, Depends(read_body)]) -> object:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in DECODERS:
        kinds = ", ".join(DECODERS)
        raise Unsupported(f"send the body as one of {kinds} (given: {kind or 'no content type'})")
    return DECODERS[kind](body)


def read_sweep(data: Annotated[object, Depends(decode)]) -> SweepSpec:
    return parse_sweep(data)


def read_confirmation(data: Annotated[object, Depends(decode)]) -> ConfirmationRequest:
    return parse_request(data)


def read_key_request(data: Annotated[object, Depends(decode)]) -> KeyRequest:
    return parse_key_request(data)


def read_sign_in(data: Annotated[object, Depends(decode)]) -> SignIn:
    return parse_sign_in(data)


def read_webhook(data: Annotated[object, Depends(decode)]) -> WebhookRequest:
    return parse_webhook(data)


def read_run_inquiry(
    data: Annotated[object, Depends(decode)], roots: Annotated[Roots, Depends(get_roots)]
) -> RunInquiry:
    return pinned(parse(RunInquiry, data), roots)


def read_sweep_inquiry(
    data: Annotated[object, Depends(decode)], roots: Annotated[Roots, Depends(get_roots)]
) -> SweepInquiry:
    return pinned(parse(SweepInquiry, data), roots)


def pinned(inquiry: Asked, roots: Roots) -> Asked:
    """With the version of an embedder that is a folder: changed files are another question."""
    asked = inquiry.rare.embedder if inquiry.rare else ""
    embedder = pin(asked, roots.models, "rare.embedder")
    if embedder == asked:
        return inquiry
    said = inquiry.model_dump(exclude_unset=True)
    return parse(type(inquiry), said | {"rare": said["rare"] | {"embedder": embedder}})


SweepBody = Annotated[SweepSpec, Depends(read_sweep)]
ConfirmationBody = Annotated[ConfirmationRequest, Depends(read_confirmation)]
KeyBody = Annotated[KeyRequest, Depends(read_key_request)]
SignInBody = Annotated[SignIn, Depends(read_sign_in)]
WebhookBody = Annotated[WebhookRequest, Depends(read_webhook)]
RunInquiryBody = Annotated[RunInquiry, Depends(read_run_inquiry)]
SweepInquiryBody = Annotated[SweepInquiry, Depends(read_sweep_inquiry)]
