"""Pictures of every page and tab of a running stack, for the documentation.

    python -m tests.e2e.screenshots [--data .data] [--sweep 1] [--only compare] [--into FOLDER]

The stack is the one whose data folder is given; `--sweep` is one that has been trained, by default
the newest such. Each picture is taken at 1440 and at 390 pixels, light and dark, and kept with 256
colours, which is a third of its size and no loss to the eye: `sweep-compare-1440-dark.png`.
"""

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cli.credentials import Access, read_access
from tests.conftest import ROOT
from tests.e2e.browser import FLAGS, get
from tests.e2e.settling import settle

SIZES = {1440: 1200, 390: 844}
SCHEMES = ("light", "dark")
DRAWN_MS = 700


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(".data"))
    parser.add_argument("--sweep", type=int)
    parser.add_argument("--only", default="", help="part of a picture's name")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "screenshots")
    asked = parser.parse_args()
    access = read_access(asked.data)
    if access is None:
        sys.exit(f"no stack runs with its data in {asked.data}; start one, or say --data")
    headers = {"Authorization": f"Bearer {access.key}"}
    with httpx.Client(base_url=access.url, headers=headers, timeout=60) as http:
        sweep = asked.sweep or find_trained(http)
        link = access.url + http.post("/api/session/links").json()["path"]
        places = list(list_places(http, sweep))
    asked.into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=get(), args=FLAGS)
        page = open_page(browser, access, link)
        places += list_tabs(page, sweep)
        for name, address in places:
            if asked.only in name:
                take(page, name, address, asked.into)
        if asked.only in "sign-in":
            take(open_page(browser, access), "sign-in", "/sign-in", asked.into)
        browser.close()


def find_trained(http: httpx.Client) -> int:
    sweeps = http.get("/api/sweeps", params={"limit": 1000}).json()["sweeps"]
    done = [sweep["id"] for sweep in sweeps if sweep["status"] == "succeeded"]
    if not done:
        sys.exit("no sweep has succeeded here yet; train one, or say --sweep")
    return int(done[0])


def list_places(http: httpx.Client, sweep: int) -> Iterator[tuple[str, str]]:
    """A name for each page beside the sweep's tabs, and its address."""
    run = http.get(f"/api/sweeps/{sweep}/runs").json()["runs"][-1]["id"]
    yield from [("sweeps", "/"), ("new-sweep", "/new"), ("run", f"/runs/{run}")]
    yield from [("workers", "/workers"), ("settings", "/settings")]


def list_tabs(page: Page, sweep: int) -> list[tuple[str, str]]:
    page.goto(f"/sweeps/{sweep}")
    tabs = page.get_by_role("tablist", name="Views of the sweep").get_by_role("tab")
    expect(tabs.first).to_be_visible()
    names = [name.lower() for name in tabs.all_inner_texts()]
    return [(f"sweep-{name}", f"/sweeps/{sweep}?tab={name}") for name in names]


def open_page(browser: Browser, access: Access, link: str | None = None) -> Page:
    """Nothing moves in it; signed in by a link, if one is given."""
    page = browser.new_context(base_url=access.url, reduced_motion="reduce").new_page()
    if link:
        page.goto(link)
        expect(page.get_by_role("heading", name="Sweeps", level=1)).to_be_visible()
    return page


def take(page: Page, name: str, address: str, folder: Path) -> None:
    for width, height in SIZES.items():
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            expect(page.locator("h1")).to_be_visible()
            settle(page)
            page.wait_for_timeout(DRAWN_MS)  # charts draw in their own time
            path = folder / f"{name}-{width}-{scheme}.png"
            keep(page.screenshot(), path)
            sys.stdout.write(f"{path.name}  {path.stat().st_size / 1000:.0f} kB\n")


def keep(picture: bytes, path: Path) -> None:
    image = Image.open(BytesIO(picture)).convert("RGB")
    few = image.quantize(256, kmeans=2, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main()
