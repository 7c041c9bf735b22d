"""Carries deliveries to their webhooks, in threads of its own so that nothing waits for a receiver.

At least once: a delivery is leased, sent, then noted as delivered; a courier that dies in between
lets it be sent again, under the same message id.
"""

import asyncio
import json
import logging
import socket
import ssl
import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Event, Thread
from typing import Any

import httpx
from sqlalchemy import Engine

from db import deliveries
from db.deliveries import Parcel
from db.sessions import OUTAGES, transaction
from domain.errors import Invalid
from domain.webhooks import check_url, is_callable, sign, with_links
from workers.outages import Outage

logger = logging.getLogger(__name__)

SEND_SECONDS = 10.0
LEASE_SECONDS = 60.0
HANDS = 8
READ_BYTES = 1024
TIDY_SECONDS = 3600.0


class Undeliverable(Exception):
    """Why a message did not arrive, with the status it was answered with, if any."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Courier:
    """Up to HANDS messages at once, one for each webhook: one that hangs delays only itself.

    It delays no stop either: its thread ends with the program, and it is sent again later.
    """

    engine: Engine
    public_url: str = ""
    send_seconds: float = SEND_SECONDS
    under_way: dict[int, Thread] = field(default_factory=dict)
    tidied: float = field(default_factory=time.monotonic)

    def look(self) -> None:
        """Sets off with what is due, as far as there are hands."""
        self.under_way = {one: hand for one, hand in self.under_way.items() if hand.is_alive()}
        while len(self.under_way) < HANDS and (parcel := self.take()):
            hand = Thread(target=self.carry, args=(parcel,), daemon=True)
            self.under_way[parcel.webhook_id] = hand
            hand.start()
        if time.monotonic() - self.tidied > TIDY_SECONDS:
            self.tidied = time.monotonic()
            with transaction(self.engine) as db:
                deliveries.forget_old(db)

    def take(self) -> Parcel | None:
        with transaction(self.engine) as db:
            return deliveries.take(db, LEASE_SECONDS, list(self.under_way))

    def carry(self, parcel: Parcel) -> None:
        """Sends and notes what came of it; what cannot be noted is sent again after its lease."""
        try:
            self.settle(parcel)
        except OUTAGES as error:
            logger.warning("delivery %d could not be noted: %s", parcel.id, error.orig)
        except Exception:
            logger.exception("delivery %d broke its courier", parcel.id)

    def settle(self, parcel: Parcel) -> None:
        try:
            status = send(parcel, self.public_url, self.send_seconds)
        except Undeliverable as error:
            logger.warning("delivery %d, try %d: %s", parcel.id, parcel.tries, error)
            with transaction(self.engine) as db:
                deliveries.fail(db, parcel, error.status, str(error))
            return
        logger.info("delivery %d arrived at try %d", parcel.id, parcel.tries)
        with transaction(self.engine) as db:
            deliveries.deliver(db, parcel, status)


def run(courier: Courier, seconds: float, stop: Event) -> None:
    """Looks every so many seconds until told to stop; an outage of the database is waited out."""
    outage = Outage("the database")
    while not stop.wait(seconds):
        try:
            courier.look()
            outage.end()
        except OUTAGES as error:
            outage.tell(error.orig)
        except Exception:
            logger.exception("deliveries wait, for a reason that waiting may not mend")


def send(parcel: Parcel, public_url: str, seconds: float) -> int:
    """Posts one message, in `seconds` however slowly it is answered. Raises Undeliverable."""
    try:
        check_url(parcel.url)
        return asyncio.run(asyncio.wait_for(post(parcel, public_url), seconds))
    except TimeoutError:
        raise Undeliverable(f"no answer within {seconds:g} s") from None
    except (Invalid, httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise Undeliverable(f"{type(error).__name__}: {error}"[:500]) from error


async def post(parcel: Parcel, public_url: str) -> int:
    """The status of an answer that says yes (2xx). Raises Undeliverable for any other."""
    body = json.dumps(with_links(parcel.payload, public_url)).encode()
    headers = signed_headers(parcel, body)
    # The system's certificates, so that those of a private authority count. No proxy: it would
    # look the name up by itself.
    context = ssl.create_default_context()
    async with httpx.AsyncClient(verify=context, trust_env=False, timeout=None) as client:  # noqa: S113
        response = await call(client, httpx.URL(parcel.url), body, headers)
    if response.is_redirect:
        message = f"answered {response.status_code}, a redirect, which is not followed"
        raise Undeliverable(message, response.status_code)
    if not response.is_success:
        raise Undeliverable(f"answered {response.status_code}", response.status_code)
    return response.status_code


async def call(
    client: httpx.AsyncClient, url: httpx.URL, body: bytes, headers: dict[str, str]
) -> httpx.Response:
    """Calls the first address of a host that can be connected to; ignores the answer's body.

    The addresses that were checked are those that are called, so that a name which means another
    one a moment later leads nowhere else.
    """
    host, port = url.raw_host.decode(), url.port or (443 if url.scheme == "https" else 80)
    error: httpx.ConnectError | None = None
    for address in await resolve(host, port):
        request = httpx.Request(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers=headers | {"host": url.netloc.decode()},
            extensions={"sni_hostname": host},
        )
        try:
            response = await client.send(request, stream=True)
        except httpx.ConnectError as refused:
            error = refused
            continue
        async for _ in response.aiter_raw(READ_BYTES):  # polite to those who write before they read
            break
        await response.aclose()
        return response
    raise error or Undeliverable(f"{host} has no address")


def signed_headers(parcel: Parcel, body: bytes) -> dict[str, str]:
    now = int(time.time())
    return {
        "content-type": "application/json",
        "user-agent": "forkpoint",
        "webhook-id": parcel.message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": sign(parcel.secret, parcel.message_id, now, body),
    }


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises Undeliverable when any of them must not be called."""
    loop = asyncio.get_running_loop()
    found: list[Any] = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_callable(ip_address(address.partition("%")[0])):
            raise Undeliverable(f"{host} leads to {address}, which must not be called")
    return addresses
