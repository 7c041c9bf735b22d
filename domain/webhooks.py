"""What webhooks are told and how: the events, their signature, the addresses allowed, the waits.

Requests follow Standard Webhooks (standardwebhooks.com), so receivers can check them with any
library of that name.
"""

import base64
import hashlib
import hmac
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from domain.errors import Invalid, invalid
from domain.inputs import parse

SECRET_PREFIX = "whsec_"  # noqa: S105
URL_LENGTH = 2000
HOUR = 3600.0
WAITS = (10.0, 60.0, 300.0, 1800.0, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR)
"""Seconds before each further try: ten tries in a day. Then a delivery is given up."""

# Where clouds answer with a machine's credentials, besides the link-local addresses.
METADATA = frozenset(
    ip_address(text) for text in ("100.100.100.200", "192.0.0.192", "fd00:ec2::254")
)


class WebhookEvent(StrEnum):
    SWEEP_FINISHED = "sweep.finished"
    RUN_FAILED = "run.failed"
    WORKER_PARKED = "worker.parked"
    TEST = "test"


SUBSCRIBABLE = tuple(event for event in WebhookEvent if event is not WebhookEvent.TEST)


class WebhookRequest(BaseModel):
    """An address to tell, and of what: of everything unless it says so."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=URL_LENGTH)
    events: list[WebhookEvent] = Field(default=list(SUBSCRIBABLE), min_length=1)


def parse_webhook(data: object) -> WebhookRequest:
    """Raises Invalid, naming the field, for an address or an event that cannot be used."""
    request = parse(WebhookRequest, data)
    if WebhookEvent.TEST in request.events:
        known = ", ".join(SUBSCRIBABLE)
        raise invalid("events", f"test is sent when it is asked for; choose of {known}")
    check_url(request.url)
    return request


def check_url(url: str) -> None:
    """Raises Invalid unless it is an http(s) address without credentials that may be called."""
    if any(not char.isprintable() or char.isspace() for char in url):
        raise invalid("url", "holds spaces or control characters")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise invalid("url", f"cannot be read as an address: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise invalid("url", "must be an http:// or https:// address with a host")
    if "@" in parts.netloc:
        raise invalid("url", "must not hold a user name or password; it is signed instead")
    if parts.fragment:
        raise invalid("url", "must not hold a fragment (#...), which is never sent")
    if refused := refuse_address(host):
        raise refused


def refuse_address(host: str) -> Invalid | None:
    """Why a literal address may not be called; None for one that may, or for a name."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if is_callable(address):
        return None
    return invalid("url", f"{address} is a link-local, metadata, multicast or empty address")


def is_callable(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address may be called. Loopback and private networks may: this is self-hosted.

    Link-local addresses and those of METADATA hand out credentials of the machine in clouds.
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return is_callable(address.ipv4_mapped)
    forbidden = address.is_link_local or address.is_multicast or address.is_unspecified
    return not forbidden and address not in METADATA


def make_secret(random: bytes) -> str:
    return SECRET_PREFIX + base64.b64encode(random).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header webhook-signature."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def wait_before(tries: int) -> float | None:
    """Seconds until the next try after `tries` failed ones; None when it is given up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def with_links(payload: dict[str, Any], public_url: str) -> dict[str, Any]:
    """The payload with the full address of its page, where the service knows its own address."""
    page = payload["data"].get("page")
    if not public_url or page is None:
        return payload
    return payload | {"data": payload["data"] | {"url": public_url.rstrip("/") + page}}
