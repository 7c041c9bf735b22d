"""Writing a sweep in the page: chips and ranges, the keyboard alone, drafts, and leaving."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

# No worker here has such a device, so its runs wait, and nothing is trained for these tests.
SWEEP = """\
name: to be copied
model: countdown-tiny
task: countdown
train: {steps: 4, learning_rate: 3e-4, prompts_per_step: 8, completions_per_prompt: 4}
eval: {problems: 24, samples: 16}
seeds: [80]
resources: {device: cuda}
baseline: grpo
arms:
  - {name: grpo, method: grpo}
  - {name: shaped, method: entropy_shaped, alpha: [0.4], kappa: [2]}
"""


@pytest.fixture
def sweep_id(http: httpx.Client) -> Iterator[int]:
    headers = {"Content-Type": "application/yaml"}
    sweep_id = int(http.post("/api/sweeps", content=SWEEP, headers=headers).json()["id"])
    yield sweep_id
    http.post(f"/api/sweeps/{sweep_id}/cancel", params={"include_shared": True})


def yaml_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="YAML")


def top_of(element: Locator) -> float:
    return float(element.evaluate("element => element.getBoundingClientRect().top"))


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("the keyboard does not reach it")


def test_a_copy_is_changed_and_submitted_with_the_keyboard_alone(
    page: Page, http: httpx.Client, sweep_id: int
) -> None:
    page.goto(f"/new?from={sweep_id}")
    alpha = page.get_by_role("textbox", name="alpha")
    expect(alpha).to_be_visible()
    tab_to(page, alpha)
    page.keyboard.type("0.8, 1.5")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/sweeps/\d+"))
    expect(page.get_by_role("heading", name="to be copied (copy)")).to_be_visible()
    made = http.get(f"/api/sweeps/{page.url.rsplit('/', 1)[1]}").json()
    assert made["spec"]["arms"][1]["alpha"] == [0.4, 0.8, 1.5]
    http.post(f"/api/sweeps/{made['id']}/cancel")


def test_a_range_becomes_a_plain_list_and_a_wrong_value_is_marked_where_it_stands(
    page: Page, sweep_id: int, console: list[str]
) -> None:
    page.goto(f"/new?from={sweep_id}")
    page.get_by_role("button", name="Range of alpha").click()
    spread = page.get_by_role("group", name="Range of alpha")
    spread.get_by_label("From").fill("0.1")
    spread.get_by_label("To").fill("10")
    spread.get_by_label("How many").fill("3")
    spread.get_by_role("button", name="Use 3 values").click()
    expect(yaml_of(page)).to_have_value(re.compile(r"alpha: \[0\.1, 1, 10\]"))
    expect(page.get_by_role("button", name="Submit 3 runs")).to_be_enabled()

    kappa = page.get_by_role("textbox", name="kappa")
    kappa.fill("1,")
    chips = page.get_by_role("list", name="Values of kappa").get_by_role("listitem")
    expect(chips).to_have_text(["2", "1"])
    expect(chips.last).to_have_class(re.compile("wrong"))
    expect(kappa).to_have_accessible_description(re.compile("kappa must be greater than 1"))
    expect(page.get_by_role("button", name=re.compile("^line"))).to_be_visible()
    page.get_by_role("button", name="Remove 1 from kappa").click()
    expect(page.get_by_role("button", name="Submit 3 runs")).to_be_enabled()
    assert all("422" in note for note in console), "refused previews alone"
    console.clear()


def test_fields_beside_each_other_stay_in_line_when_one_is_wrong(page: Page, sweep_id: int) -> None:
    page.goto(f"/new?from={sweep_id}")
    rate = page.get_by_role("textbox", name="Learning rate")
    rate.fill("fast")
    expect(rate).to_have_accessible_description("Write a number.")
    steps = page.get_by_role("textbox", name=re.compile("^Steps"))
    assert top_of(steps) == top_of(rate)


def test_a_draft_outlives_a_reload_and_leaving_it_is_asked(page: Page) -> None:
    page.goto("/new")
    name = page.get_by_label("Name", exact=True)
    name.fill("kept in this tab")
    page.reload()
    expect(name).to_have_value("kept in this tab")
    expect(page.get_by_text("This is your draft")).to_be_visible()

    workers = page.get_by_role("link", name="Workers")
    workers.click()
    page.get_by_role("button", name="Stay").click()
    expect(name).to_have_value("kept in this tab")
    workers.click()
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Workers", level=1)).to_be_visible()

    page.get_by_role("link", name="New sweep").click()
    expect(name).to_have_value("kept in this tab")
    page.get_by_role("button", name="Start over").click()
    expect(name).to_have_value("quickstart")
    page.get_by_role("link", name="Workers").click()
    expect(page.get_by_role("heading", name="Workers", level=1)).to_be_visible()


def test_an_example_replaces_what_was_written_until_that_is_undone(page: Page) -> None:
    page.goto("/new")
    name = page.get_by_label("Name", exact=True)
    name.fill("my own")
    page.get_by_role("button", name=re.compile("^clip-higher")).click()
    expect(name).to_have_value("clip-higher")
    page.get_by_role("button", name="Undo").click()
    expect(name).to_have_value("my own")
