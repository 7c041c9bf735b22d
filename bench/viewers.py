"""A signed-in browser that counts its console's errors, and the work that its pages do."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState

from cli.stack import Stack


class Viewer:
    """A browser that is signed in, and the errors its console had."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.browser = browser
        self.url = stack.url
        self.errors: list[str] = []
        self.state: StorageState | None = None
        headers = {"Authorization": f"Bearer {stack.key}"}
        with httpx.Client(trust_env=False, headers=headers) as client:
            link = client.post(f"{self.url}/api/session/links").json()["path"]
        with self.fresh() as page:
            page.goto(link)
            page.get_by_role("heading", name="Sweeps", level=1).wait_for()
            self.state = page.context.storage_state()

    @contextmanager
    def fresh(self) -> Iterator[Page]:
        """A page in a context of its own: nothing is cached."""
        context = self.browser.new_context(
            base_url=self.url, viewport={"width": 1440, "height": 900}, storage_state=self.state
        )
        yield self.open(context)
        context.close()

    def open(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("console", self.note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)


class Work:
    """What the main thread of a page has computed since, in its own time."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.before = 0.0
        self.before = self.milliseconds()

    def milliseconds(self) -> float:
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        done = {one["name"]: float(one["value"]) for one in metrics}
        return done["TaskDuration"] * 1000 - self.before
