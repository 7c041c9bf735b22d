"""The whole service, started as a user would, and a real browser to look at it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState, expect, sync_playwright

from tests.e2e.browser import FLAGS, get
from tests.e2e.compared import K
from tests.e2e.trained import train
from tests.stacks import Stack, clean_environment, data_folder, started

expect.set_options(timeout=30_000)  # on a machine with much else to do


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    """PostgreSQL, broker, API, dispatcher and two workers that really train."""
    options = ("--workers", "2")
    with data_folder() as data, started(data, *options, environment=clean_environment()) as stack:
        yield stack


@pytest.fixture(scope="package")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.url, headers=stack.headers, timeout=30) as client:
        yield client


@pytest.fixture(scope="package")
def finished(http: httpx.Client) -> int:
    """A sweep that has really been trained, for whoever looks at results."""
    return train(http)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=get(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def signed_in(chromium: Browser, stack: Stack) -> StorageState:
    """A browser's memory after it has opened the link that the stack printed."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(stack.sign_in)
    expect(page.get_by_role("heading", name="Sweeps", level=1)).to_be_visible()
    assert page.url == f"{stack.url}/", "the token leaves the address"
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="package")
def slow_page(request: pytest.FixtureRequest) -> int:
    """How many milliseconds longer each reply takes: 0 unless asked for."""
    return int(request.config.getoption("--slow-page"))


@pytest.fixture
def console() -> list[str]:
    """The errors of the browser's console; a test that provokes some takes them out."""
    return []


@pytest.fixture
def page(
    chromium: Browser,
    stack: Stack,
    signed_in: StorageState,
    console: list[str],
    slow_page: int,
) -> Iterator[Page]:
    """A page that fails its test if the browser's console saw an error."""
    context = chromium.new_context(
        base_url=stack.url,
        viewport={"width": 1440, "height": 900},
        storage_state=signed_in,
    )
    page = context.new_page()
    note_errors(page, console)
    slow_down(page, slow_page)
    yield page
    context.close()
    assert console == []


@pytest.fixture
def comparison(http: httpx.Client, finished: int) -> dict[str, Any]:
    found: dict[str, Any] = http.get(f"/api/sweeps/{finished}/comparison").json()
    return found


@pytest.fixture
def compare(page: Page, finished: int) -> Page:
    """The Compare tab, opened at k = 8 and drawn."""
    page.goto(f"/sweeps/{finished}?tab=compare&k={K}")
    expect(page.locator(".conclusion-text")).to_be_visible()
    return page


def slow_down(page: Page, latency: int) -> None:
    if not latency:
        return
    browser = page.context.new_cdp_session(page)
    browser.send("Network.enable")
    anything = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.send("Network.emulateNetworkConditions", {**anything, "latency": latency})
    browser.send("Emulation.setCPUThrottlingRate", {"rate": 6})


def note_errors(page: Page, console: list[str]) -> None:
    """Adds what the page's console sees as an error, and what nobody caught."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            console.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: console.append(str(error)))
