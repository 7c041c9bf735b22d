"""The Compare tab: what its tests look for on it, and where."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page

K = 8
EN_DASH = "\u2013"
SHAPED = "shaped/alpha=4,kappa=2"
BASELINE = "entropy-bonus/beta=0.001"


def row_of(page: Page, arm: str) -> Locator:
    name = page.locator(".arm-name").get_by_text(re.compile(rf"^{re.escape(arm)}$"))
    return page.locator("table.arms > tbody > tr:not(.seed, .arm-opened)").filter(has=name)


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title)


def address(page: Page, **parameters: str) -> None:
    """Waits until the address holds these parameters."""

    def holds(url: str) -> bool:
        found = parse_qs(urlsplit(url).query)
        return all(found.get(name) == [value] for name, value in parameters.items())

    page.wait_for_url(holds)
