"""What webhooks may be, how their messages are signed, and how long they are tried."""

import pytest

from domain.errors import Invalid
from domain.webhooks import (
    SUBSCRIBABLE,
    make_secret,
    parse_webhook,
    sign,
    wait_before,
    with_links,
)

DAY = 86_400


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_says_what_it_is_and_keeps_every_byte() -> None:
    assert make_secret(bytes(range(32))) == "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook?team=ml",
        "http://127.0.0.1:9000/",
        "http://10.0.0.7/in",
        "http://[fd12:3456::1]:8080/in",
        "http://chat.lan/in",
    ],
)
def test_public_and_private_addresses_may_be_told(url: str) -> None:
    request = parse_webhook({"url": url})
    assert request.url == url
    assert request.events == list(SUBSCRIBABLE)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/", "must be an http"),
        ("https:///path", "must be an http"),
        ("example.org/hook", "must be an http"),
        ("https://user:pass@example.org/", "must not hold a user name"),
        ("https://@example.org/", "must not hold a user name"),
        ("https://example.org/#here", "must not hold a fragment"),
        ("https://example.org:99999/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://example.org/a b", "spaces or control"),
        ("https://example.org/\nX: y", "spaces or control"),
        ("http://169.254.169.254/latest/meta-data", "metadata"),
        ("http://[fe80::1%25eth0]/", "link-local"),
        ("http://[::ffff:169.254.169.254]/", "metadata"),
        ("http://[fd00:ec2::254]/", "metadata"),
        ("http://0.0.0.0/", "empty address"),
        ("http://224.0.0.1/", "multicast"),
    ],
)
def test_what_cannot_or_must_not_be_called_is_refused_at_its_field(url: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_webhook({"url": url})
    (error,) = refused.value.errors
    assert error.field == "url"
    assert words in error.message


@pytest.mark.parametrize("events", [[], ["run.exploded"], ["test"]])
def test_only_known_events_can_be_asked_for(events: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        parse_webhook({"url": "https://example.org", "events": events})
    assert refused.value.errors[0].field.startswith("events")


def test_waits_grow_over_a_day_and_then_end() -> None:
    waits = [wait_before(tries) for tries in range(1, 11)]
    assert waits.pop() is None
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert DAY * 0.9 < sum(known) < DAY * 1.1


def test_links_are_added_once_the_service_knows_its_address() -> None:
    payload = {"type": "run.failed", "data": {"page": "/runs/7"}}
    assert (
        with_links(payload, "https://lab.example/")["data"]["url"] == "https://lab.example/runs/7"
    )
    assert with_links(payload, "") == payload
    assert payload == {"type": "run.failed", "data": {"page": "/runs/7"}}
