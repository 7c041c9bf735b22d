"""Every page and every tab of the real stack, in both themes and at both widths: WCAG's rules A and
AA as far as axe can tell, no console errors, nothing wider than its window, and the keyboard."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.conftest import ROOT
from tests.e2e.conftest import note_errors, slow_down
from tests.e2e.settling import settle
from tests.e2e.trained import wait_for
from tests.stacks import Stack

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (tags) => {
  const found = await axe.run({runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`);
}"""
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
VIEWS = [(1440, "light"), (1440, "dark"), (390, "dark"), (390, "light")]
PLACES = [
    "/",
    "/?search=nothing+is+called+this",
    "/?archived=1",
    "/new",
    "/new?from={finished}",
    "/sweeps/{waiting}",
    "/sweeps/{failed}",
    "/sweeps/{failed}?tab=compare",
    "/runs/{run}",
    "/runs/{failed_run}",
    "/workers",
    "/settings",
    "/nowhere",
]
ONE_ARM = """\
name: {name}
model: countdown-tiny
task: countdown
train: {train}
eval: {{problems: 24, samples: 16}}
seeds: [70]
baseline: grpo
resources: {{device: {device}}}
arms:
  - {{name: grpo, method: grpo}}
"""


@pytest.fixture(scope="module")
def errors() -> list[str]:
    """What the browser's console noted since it was last asked."""
    return []


@pytest.fixture(scope="module")
def reader(
    chromium: Browser, stack: Stack, signed_in: StorageState, errors: list[str], slow_page: int
) -> Iterator[Page]:
    """One page for all tests here; nothing moves in it."""
    context = chromium.new_context(
        base_url=stack.url, storage_state=signed_in, reduced_motion="reduce"
    )
    page = context.new_page()
    note_errors(page, errors)
    slow_down(page, slow_page)
    yield page
    context.close()


@pytest.fixture(scope="module")
def ids(http: httpx.Client, finished: int) -> dict[str, int]:
    """A sweep that has finished, one that waits for a device, one that failed, and their runs."""
    waiting = submit(http, "waits for a device", device="cuda")
    failed = submit(http, "fails", train="{steps: 2, generation: vllm}")
    wait_for(lambda: bool(http.get(f"/api/sweeps/{failed}").json()["progress"]["failed"]))
    return {
        "finished": finished,
        "waiting": waiting,
        "failed": failed,
        "run": last_run(http, finished),
        "failed_run": last_run(http, failed),
    }


def submit(http: httpx.Client, name: str, train: str = "{steps: 2}", device: str = "any") -> int:
    text = ONE_ARM.format(name=name, train=train, device=device)
    headers = {"Content-Type": "application/yaml"}
    return int(http.post("/api/sweeps", content=text, headers=headers).json()["id"])


def last_run(http: httpx.Client, sweep_id: int) -> int:
    return int(http.get(f"/api/sweeps/{sweep_id}/runs").json()["runs"][-1]["id"])


def visit(page: Page, address: str) -> None:
    """Opens a page and waits until nothing of it is still to come."""
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    settle(page)


def inspect(page: Page, views: list[tuple[int, str]] = VIEWS) -> list[str]:
    """What is wrong with the page as it stands, in each view."""
    page.evaluate(AXE.read_text("utf-8"))
    wrong: list[str] = []
    for width, scheme in views:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate(PAINTED)
        found: list[Any] = page.evaluate(RUN_AXE, TAGS)
        wide = page.evaluate("document.documentElement.scrollWidth") > width
        found += ["wider than its window"] if wide else []
        wrong += [f"{width} px, {scheme}: {one}" for one in found]
    return wrong


@pytest.mark.parametrize("place", PLACES)
def test_a_page_is_accessible(
    reader: Page, ids: dict[str, int], errors: list[str], place: str
) -> None:
    visit(reader, place.format(**ids))
    assert reader.title().endswith(" · Forkpoint")
    assert inspect(reader) == []
    assert errors == []


def test_every_tab_of_a_sweep_is_accessible(
    reader: Page, ids: dict[str, int], errors: list[str]
) -> None:
    """Whichever tabs there are."""
    reader.set_viewport_size({"width": 1440, "height": 844})
    visit(reader, f"/sweeps/{ids['finished']}")
    tabs = reader.get_by_role("tablist", name="Views of the sweep").get_by_role("tab")
    wrong = {}
    for name in tabs.all_inner_texts():
        reader.get_by_role("tab", name=name, exact=True).click()
        expect(reader.get_by_role("tabpanel", name=name)).not_to_be_empty()
        settle(reader)
        wrong[name] = inspect(reader)
    assert {name: found for name, found in wrong.items() if found} == {}
    assert len(wrong) >= 6
    assert errors == []


def test_menus_and_questions_are_accessible(reader: Page, ids: dict[str, int]) -> None:
    reader.set_viewport_size({"width": 1440, "height": 844})
    visit(reader, f"/sweeps/{ids['waiting']}")
    reader.get_by_role("button", name="More").click()
    expect(reader.get_by_role("menu")).to_be_visible()
    wrong = inspect(reader, [(1440, "light")])
    reader.keyboard.press("Escape")
    for verb in ("Extend…", "Cancel…"):
        reader.get_by_role("button", name=verb).click()
        expect(reader.get_by_role("dialog")).to_be_visible()
        wrong += inspect(reader, [(1440, "dark"), (390, "light")])
        reader.keyboard.press("Escape")
        expect(reader.get_by_role("button", name=verb)).to_be_focused()
    assert wrong == []


def test_signing_in_is_accessible(chromium: Browser, stack: Stack) -> None:
    context = chromium.new_context(base_url=stack.url, reduced_motion="reduce")
    page = context.new_page()
    visit(page, "/sign-in")
    assert inspect(page) == []
    context.close()


def test_the_keyboard_skips_to_the_content_and_never_loses_its_place(
    reader: Page, ids: dict[str, int]
) -> None:
    reader.set_viewport_size({"width": 1440, "height": 844})
    visit(reader, f"/sweeps/{ids['finished']}?tab=overview")
    reader.keyboard.press("Tab")
    expect(reader.get_by_role("link", name="Skip to content")).to_be_focused()
    reader.keyboard.press("Enter")
    expect(reader.locator("#main")).to_be_focused()
    for _ in range(12):
        reader.keyboard.press("Tab")
        focused = reader.locator("#main :focus")
        expect(focused).to_be_visible()
        expect(focused).to_be_in_viewport()


def test_a_page_that_is_come_to_begins_at_its_top(reader: Page, ids: dict[str, int]) -> None:
    reader.set_viewport_size({"width": 390, "height": 500})
    visit(reader, f"/runs/{ids['run']}")
    reader.evaluate("scrollTo(0, 600)")
    reader.get_by_role("link", name="Workers").click()
    expect(reader.get_by_role("heading", name="Workers", level=1)).to_be_in_viewport()
    expect(reader.locator("#main")).to_be_focused()
    assert reader.evaluate("scrollY") == 0


def test_without_its_server_the_page_says_so_and_goes_on_by_itself(
    reader: Page, ids: dict[str, int], errors: list[str]
) -> None:
    visit(reader, "/workers")
    reader.route("**/api/**", lambda route: route.abort())
    reader.reload()
    sorry = reader.get_by_role("heading", name="Forkpoint cannot be reached")
    expect(sorry).to_be_visible(timeout=30_000)
    assert inspect(reader, [(390, "dark"), (1440, "light")]) == []
    reader.unroute("**/api/**")
    expect(reader.get_by_role("heading", name="Workers")).to_be_visible(timeout=30_000)
    errors.clear()
