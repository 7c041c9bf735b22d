"""Signing in and out in a browser, as everybody who opens the page for the first time does."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stacks import Stack


@pytest.fixture
def stranger(chromium: Browser, stack: Stack) -> Page:
    """A browser that nobody has signed in with."""
    context = chromium.new_context(base_url=stack.url, viewport={"width": 1440, "height": 900})
    return context.new_page()


def test_a_key_opens_the_page_and_signing_out_closes_it_for_good(
    stranger: Page, http: httpx.Client
) -> None:
    made = http.post("/api/keys", json={"name": "ada", "role": "viewer"}).json()
    stranger.goto("/workers")
    stranger.get_by_label("API key").fill(made["key"])
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_role("heading", name="Workers", level=1)).to_be_visible()
    expect(stranger.get_by_text("ada viewer")).to_be_visible()
    expect(stranger.get_by_role("link", name="New sweep")).to_have_count(0)
    kept = stranger.context.cookies()
    stranger.get_by_role("button", name="Sign out").click()
    expect(stranger.get_by_label("API key")).to_be_visible()
    stranger.context.add_cookies(kept)  # type: ignore[arg-type]
    stranger.reload()
    expect(stranger.get_by_label("API key")).to_be_visible()
    stranger.context.close()


def test_a_link_works_once(stranger: Page, stack: Stack, http: httpx.Client) -> None:
    link = stack.url + http.post("/api/session/links").json()["path"]
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="Sweeps", level=1)).to_be_visible()
    stranger.context.clear_cookies()
    stranger.goto("about:blank")
    stranger.goto(link)
    expect(stranger.get_by_text(re.compile("this sign-in link was used before"))).to_be_visible()
    stranger.context.close()


def test_a_revoked_key_ends_its_sessions(stranger: Page, http: httpx.Client) -> None:
    made = http.post("/api/keys", json={"name": "bob", "role": "editor"}).json()
    stranger.goto("/")
    stranger.get_by_label("API key").fill(made["key"])
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_role("heading", name="Sweeps", level=1)).to_be_visible()
    http.post(f"/api/keys/{made['id']}/revoke").raise_for_status()
    # By its address: the page may have noticed already, and then it has no links any more.
    stranger.goto("/workers")
    expect(stranger.get_by_label("API key")).to_be_visible()
    stranger.context.close()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_fits_its_window(stranger: Page, scheme: str, width: int) -> None:
    stranger.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    stranger.set_viewport_size({"width": width, "height": 844})
    stranger.goto("/sign-in")
    expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()
    assert stranger.evaluate("document.documentElement.scrollWidth") <= width
    stranger.context.close()
