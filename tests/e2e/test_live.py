"""A sweep of a thousand runs, looked at while things happen: nothing moves under the reader."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.stacks import Stack

# No worker here has such a device: its runs wait, and nothing is trained for these tests.
SWEEP = """\
name: a thousand that wait
model: countdown-tiny
task: countdown
train: {steps: 4, learning_rate: 3e-4, prompts_per_step: 8, completions_per_prompt: 4}
eval: {problems: 24, samples: 16}
seeds: %s
resources: {device: cuda}
baseline: grpo
arms:
  - {name: grpo, method: grpo}
  - {name: shaped, method: entropy_shaped, alpha: [0.05, 0.1, 0.4, 10], kappa: 2}
"""
RUNS = 1000


@pytest.fixture(scope="module")
def waiting(http: httpx.Client) -> Iterator[int]:
    headers = {"Content-Type": "application/yaml"}
    sweep = SWEEP % list(range(1000, 1200))
    number = int(http.post("/api/sweeps", content=sweep, headers=headers).json()["id"])
    yield number
    http.post(f"/api/sweeps/{number}/cancel").raise_for_status()


@pytest.fixture
def runs(page: Page, waiting: int) -> Page:
    page.goto(f"/sweeps/{waiting}?tab=runs&runs-sort=run")
    expect(page.get_by_role("grid", name="Runs")).to_have_attribute("aria-rowcount", f"{RUNS + 1}")
    return page


def rows(page: Page) -> Locator:
    return page.locator("tr.run-row")


def row(page: Page, number: int) -> Locator:
    return page.locator(f'tr.run-row[data-key="{number}"]')


def number_at(page: Page, place: int) -> int:
    """The run in that row of those that are there."""
    return int(rows(page).nth(place).get_attribute("data-key") or 0)


def test_an_update_leaves_scroll_selection_and_an_open_menu_as_they_are(
    runs: Page, http: httpx.Client
) -> None:
    runs.mouse.move(700, 700)
    runs.mouse.wheel(0, 9000)
    expect(rows(runs).first).not_to_have_attribute("aria-rowindex", "2")
    changing, chosen = number_at(runs, 14), number_at(runs, 16)
    runs.get_by_role("checkbox", name=f"Select run {chosen}").check()
    runs.get_by_role("button", name=f"Actions for run {chosen}").click()
    scrolled = runs.evaluate("scrollY")
    http.post(f"/api/runs/{changing}/cancel").raise_for_status()
    expect(row(runs, changing)).to_contain_text("cancelled")
    expect(runs.get_by_role("menu", name=f"Actions for run {chosen}")).to_be_visible()
    expect(row(runs, chosen)).to_have_attribute("aria-selected", "true")
    assert runs.evaluate("scrollY") == scrolled
    expect(runs.get_by_role("button", name=re.compile("^cancelled"))).to_be_visible()


def test_a_thousand_rows_are_scrolled_through_with_only_those_in_sight_there(runs: Page) -> None:
    runs.mouse.move(700, 700)
    seen = 0
    while seen < RUNS + 1:
        runs.mouse.wheel(0, 4000)
        runs.wait_for_timeout(16)
        assert rows(runs).count() < 80
        seen = int(rows(runs).last.get_attribute("aria-rowindex") or 0)
    expect(rows(runs).last).to_be_in_viewport()
    rows(runs).last.focus()
    runs.keyboard.press("Home")
    expect(rows(runs).first).to_have_attribute("aria-rowindex", "2")
    expect(rows(runs).first).to_be_focused()
    runs.keyboard.press("ArrowDown")
    runs.keyboard.press("Space")
    expect(runs.get_by_text("1 selected")).to_be_visible()
    runs.keyboard.press("Tab")
    bar = runs.get_by_role("region", name="Selected runs")
    expect(bar.get_by_role("button").first).to_be_focused()


def test_the_address_keeps_filters_order_groups_and_columns(runs: Page) -> None:
    runs.get_by_role("searchbox", name="Find runs").fill("alpha=0.05")
    expect(runs.get_by_text("200 of 1,000 runs")).to_be_visible()
    runs.get_by_role("combobox", name="Seed").select_option("1007")
    expect(rows(runs)).to_have_count(1)
    runs.get_by_role("button", name="Show all").click()
    runs.get_by_role("button", name="Arm", exact=True).click()
    runs.get_by_role("button", name="Arm", exact=True).click()
    expect(rows(runs).first).to_contain_text("shaped/alpha=10")
    runs.get_by_role("combobox", name="Group by").select_option("arm")
    runs.get_by_role("button", name=re.compile("alpha=10,"), expanded=True).click()
    runs.get_by_text("Columns", exact=True).locator("visible=true").click()
    runs.get_by_role("checkbox", name="Worker").uncheck()
    runs.keyboard.press("Escape")
    address, first = runs.url, rows(runs).first.inner_text()
    runs.goto("about:blank")
    runs.goto(address)
    expect(rows(runs).first).to_contain_text("shaped/alpha=0.4")
    assert rows(runs).first.inner_text() == first
    expect(runs.get_by_role("columnheader", name="Worker")).to_have_count(0)
    expect(runs.get_by_role("columnheader", name="Arm")).to_have_attribute(
        "aria-sort", "descending"
    )


def test_many_runs_are_cancelled_at_once_and_each_says_what_came_of_it(
    runs: Page, http: httpx.Client, waiting: int
) -> None:
    runs.goto(f"/sweeps/{waiting}?tab=runs&runs-sort=run&runs-seed=1199")
    expect(rows(runs)).to_have_count(5)
    numbers = [number_at(runs, place) for place in range(5)]
    runs.get_by_role("checkbox", name=f"Select run {numbers[0]}").click()
    runs.get_by_role("checkbox", name=f"Select run {numbers[3]}").click(modifiers=["Shift"])
    runs.get_by_role("button", name="Cancel 4…").click()
    question = runs.get_by_role("dialog", name="Cancel 4 runs?")
    question.get_by_label("Reason").fill("too many of them")
    question.get_by_role("button", name="Cancel 4 runs").click()
    told = runs.get_by_role("dialog", name="4 runs cancelled")
    expect(told.get_by_role("row")).to_have_count(5)
    told.get_by_role("button", name="Done").click()
    for number in numbers[:4]:
        expect(row(runs, number)).to_contain_text("cancelled")
        last = http.get(f"/api/runs/{number}").json()["transitions"][-1]
        assert (last["new"], last["reason"]) == ("cancelled", "too many of them")
    expect(row(runs, numbers[4])).to_contain_text("queued")
    with runs.expect_download() as begun:
        runs.get_by_role("button", name="CSV of 5").click()
    lines = begun.value.path().read_text().splitlines()
    assert lines[0] == "run,arm,seed,state,steps,took,worker,error"
    assert [line.split(",")[0] for line in lines[1:]] == [str(number) for number in numbers]


def test_the_mark_says_since_when_nothing_was_heard_and_is_live_again(
    page: Page, stack: Stack, waiting: int
) -> None:
    page.clock.install()
    page.goto(f"/sweeps/{waiting}?tab=runs")
    mark = page.locator(".live-mark")
    expect(mark).to_have_text("Live")
    with stopped(stack.child("-m api").pid):
        page.clock.fast_forward(20_000)
        expect(mark).to_have_text(re.compile(r"Stale since \d\d:\d\d:\d\d"))
    expect(mark).to_have_text("Live", timeout=30_000)


@contextmanager
def stopped(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)
