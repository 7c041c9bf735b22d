"""Waiting until nothing of a page is still to come."""

import time

from playwright.sync_api import Error, Page

SECONDS = 60.0
PAUSE_MS = 50


def settle(page: Page) -> None:
    """Looks at each part that waits, since some come only into view, then goes back to the top."""
    waiting = page.locator(".skeleton")
    deadline = time.monotonic() + SECONDS
    while waiting.count():
        assert time.monotonic() < deadline, "something of the page did not come"
        try:
            waiting.first.scroll_into_view_if_needed(timeout=1000)
        except Error:
            continue  # it came meanwhile
        page.wait_for_timeout(PAUSE_MS)
    page.evaluate("scrollTo(0, 0)")
