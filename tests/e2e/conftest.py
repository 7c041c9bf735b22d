"""The whole service, started as a user would, and a real browser to look at it."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.e2e.browser import FLAGS, get
from tests.stacks import Stack, clean_environment, data_folder, started


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """PostgreSQL, broker, API, dispatcher and two workers that really train."""
    options = ("--workers", "2")
    with data_folder() as data, started(data, *options, environment=clean_environment()) as stack:
        yield stack


@pytest.fixture(scope="session")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.url, headers=stack.headers, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=get(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def console() -> list[str]:
    """The errors of the browser's console; a test that provokes some takes them out."""
    return []


@pytest.fixture
def page(chromium: Browser, stack: Stack, console: list[str]) -> Iterator[Page]:
    """A page that fails its test if the browser's console saw an error."""
    context = chromium.new_context(base_url=stack.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            console.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: console.append(str(error)))
    yield page
    context.close()
    assert console == []
