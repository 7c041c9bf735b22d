"""Steering a sweep in the page, as whoever sees it go wrong does."""

import httpx
from playwright.sync_api import Page, expect

# No worker here has such a device, so its runs wait, and nothing is trained for these tests.
SWEEP = """\
name: steered in a browser
model: countdown-tiny
task: countdown
train: {steps: 4, learning_rate: 3e-4, prompts_per_step: 8, completions_per_prompt: 4}
eval: {problems: 24, samples: 16}
seeds: [20, 21, 22]
resources: {device: cuda}
baseline: grpo
arms:
  - {name: grpo, method: grpo}
"""


def test_a_sweep_is_paused_resumed_and_cancelled_with_a_reason(
    page: Page, http: httpx.Client
) -> None:
    headers = {"Content-Type": "application/yaml"}
    sweep = http.post("/api/sweeps", content=SWEEP, headers=headers).json()
    page.goto(f"/sweeps/{sweep['id']}")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("paused", exact=True)).to_be_visible()
    assert http.get(f"/api/sweeps/{sweep['id']}").json()["status"] == "paused"

    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_text("paused", exact=True)).to_have_count(0)

    page.get_by_role("button", name="Cancel…").click()
    page.get_by_label("Reason").fill("it asks the wrong question")
    page.get_by_role("button", name="Cancel 3 runs").click()
    expect(page.get_by_text("3 cancelled", exact=True)).to_be_visible()
    page.get_by_text("History of actions").click()
    done = page.locator(".action-list").get_by_role("listitem")
    expect(done).to_have_count(4)
    expect(done.first).to_contain_text("local cancelled it")
    expect(done.first).to_contain_text("it asks the wrong question")


def test_the_queue_says_why_a_run_waits(page: Page, http: httpx.Client) -> None:
    headers = {"Content-Type": "application/yaml"}
    sweep = http.post("/api/sweeps", content=SWEEP, headers=headers).json()
    page.goto("/workers")
    queue = page.get_by_role("region", name="Queue")
    expect(queue.get_by_text("no worker fits: needs a cuda device").first).to_be_visible()
    http.post(f"/api/sweeps/{sweep['id']}/cancel")
    named = queue.get_by_role("link", name="steered in a browser")
    expect(named).to_have_count(0, timeout=15_000)


def test_the_keyboard_alone_finds_a_menu_and_comes_back(page: Page, http: httpx.Client) -> None:
    headers = {"Content-Type": "application/yaml"}
    sweep = http.post("/api/sweeps", content=SWEEP, headers=headers).json()
    http.post(f"/api/sweeps/{sweep['id']}/cancel")
    page.goto(f"/sweeps/{sweep['id']}")
    page.get_by_role("button", name="More").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Priority").fill("7")
    page.keyboard.press("Enter")
    expect(page.get_by_text("priority 7")).to_be_visible()
    expect(page.get_by_role("button", name="More")).to_be_focused()
