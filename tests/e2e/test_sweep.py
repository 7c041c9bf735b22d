"""A sweep from the page to the workers and back: what it shows is what was counted."""

import csv
import io
import re
import time
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from math import comb
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.stacks import Stack, alive

SWEEP = """\
name: seen in a browser
model: countdown-tiny
task: countdown
train: {steps: 3, learning_rate: 3e-4, prompts_per_step: 8, completions_per_prompt: 4}
eval: {problems: 24, samples: 16}
seeds: [0, 1]
baseline: entropy-bonus
arms:
  - {name: base, method: base}
  - {name: grpo, method: grpo}
  - {name: entropy-bonus, method: entropy_bonus, beta: 0.001}
  - {name: shaped, method: entropy_shaped, alpha: [0.4, 4], kappa: [1.5, 2]}
"""
RUNS = 13
K = 8
TRAINING_MS = 300_000
MINUS, EN_DASH, NOTHING = "\u2212", "\u2013", "\u2014"


@pytest.fixture(scope="module")
def finished(stack: Stack, http: httpx.Client) -> int:
    """The sweep that the first test submitted in the page, or one submitted here; finished."""
    sweeps = http.get("/api/sweeps", params={"search": "seen in a browser"}).json()["sweeps"]
    headers = {"Content-Type": "application/yaml"}
    sweep = sweeps[0] if sweeps else http.post("/api/sweeps", content=SWEEP, headers=headers).json()
    wait_for(lambda: progress(http, sweep["id"])["succeeded"] == RUNS)
    return int(sweep["id"])


def progress(http: httpx.Client, sweep_id: int) -> dict[str, Any]:
    found: dict[str, Any] = http.get(f"/api/sweeps/{sweep_id}").json()["progress"]
    return found


def wait_for(condition: Callable[[], bool], seconds: float = TRAINING_MS / 1000) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.3)


def test_a_sweep_is_submitted_in_the_page_and_watched_to_its_end(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="New sweep").first.click()
    page.get_by_role("textbox", name="YAML").fill(SWEEP)
    page.get_by_role("button", name=f"Submit {RUNS} runs").click()
    page.wait_for_url(re.compile(r"/sweeps/\d+"))
    expect(page.get_by_role("heading", name="seen in a browser")).to_be_visible()
    expect(page.get_by_text("Live", exact=True).first).to_be_visible()
    expect(page.get_by_text(f"{RUNS} succeeded")).to_be_visible(timeout=TRAINING_MS)


def test_the_table_and_heat_map_show_what_rest_answers(
    page: Page, http: httpx.Client, finished: int
) -> None:
    reply = http.get(f"/api/sweeps/{finished}/comparison").json()
    at = reply["ks"].index(K)
    page.goto(f"/sweeps/{finished}?tab=compare&k={K}")
    rows = page.get_by_role("region", name="Arms table").get_by_role("row")
    expect(rows).to_have_count(len(reply["arms"]) + 1)
    shown = [row.get_by_role("cell").all_inner_texts() for row in rows.all()[1:]]
    heads = [row.locator(".arm-name").inner_text() for row in rows.all()[1:]]
    assert heads[0].strip() == reply["baseline"], "the baseline is pinned first"
    arms = {arm["name"]: arm for arm in reply["arms"]}
    for head, cells in zip(heads, shown, strict=True):
        arm = arms[head.strip()]
        assert cells[:4] == written(arm, at)
    for arm in reply["arms"]:
        if arm["template"] == "shaped":
            cell = page.locator(".heat-table").get_by_title(arm["name"])
            expect(cell).to_contain_text(signed(arm["delta"][at]["mean"]))


def written(arm: dict[str, Any], at: int) -> list[str]:
    """The first four cells of an arm's row, as the page should write them."""
    pass_at, delta = arm["pass_at"][at], arm["delta"] and arm["delta"][at]
    low, high = (f"{pass_at[end] * 100:.1f}" for end in ("low", "high"))
    mean, interval = NOTHING, NOTHING
    if delta:
        mean = signed(delta["mean"])
        interval = f"{signed(delta['low'])} {EN_DASH} {signed(delta['high'])}"
    return [f"{pass_at['mean'] * 100:.1f}", f"{low} {EN_DASH} {high}", mean, interval]


def signed(fraction: float) -> str:
    text = f"{abs(fraction) * 100:.1f}"
    if float(text) == 0:
        return text
    return (MINUS if fraction < 0 else "+") + text


def test_rest_answers_what_follows_from_the_stored_counts(
    http: httpx.Client, finished: int
) -> None:
    """Recomputed here with exact fractions from the exported (n, c)."""
    rows = csv.DictReader(io.StringIO(http.get(f"/api/sweeps/{finished}/export.csv").text))
    counts: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        counts[row["arm"], row["seed"]].append((int(row["n"]), int(row["c"])))
    assert len(counts) == RUNS
    reply = http.get(f"/api/sweeps/{finished}/comparison").json()
    means = {
        arm["name"]: [
            exact_mean([c for key, c in counts.items() if key[0] == arm["name"]], k)
            for k in reply["ks"]
        ]
        for arm in reply["arms"]
    }
    baseline = means[reply["baseline"]]
    for arm in reply["arms"]:
        for at, estimate in enumerate(arm["pass_at"]):
            assert estimate["mean"] == pytest.approx(float(means[arm["name"]][at]), abs=1e-12)
        for at, estimate in enumerate(arm["delta"] or []):
            difference = float(means[arm["name"]][at] - baseline[at])
            assert estimate["mean"] == pytest.approx(difference, abs=1e-12)


def exact_mean(runs: list[list[tuple[int, int]]], k: int) -> Fraction:
    values = [1 - Fraction(comb(n - c, k), comb(n, k)) for counts in runs for n, c in counts]
    return sum(values, Fraction(0)) / len(values)


def test_the_k_slider_changes_the_figures_and_the_address(page: Page, finished: int) -> None:
    page.goto(f"/sweeps/{finished}?tab=compare&k={K}")
    slider = page.get_by_role("slider")
    before = page.get_by_role("region", name="Arms table").inner_text()
    slider.focus()
    slider.press("End")
    expect(page).to_have_url(re.compile(r"k=16"))
    assert page.get_by_role("region", name="Arms table").inner_text() != before
    conclusion = page.get_by_role("region", name="Conclusion")
    expect(conclusion).to_contain_text("pass@16")


def test_a_wrong_field_is_marked_where_it_is(page: Page, console: list[str]) -> None:
    page.goto("/new")
    page.get_by_role("textbox", name="YAML").fill(SWEEP.replace("kappa: [1.5, 2]", "kappa: [1, 2]"))
    expect(page.get_by_text(re.compile("kappa must be greater than 1")).first).to_be_visible()
    expect(page.get_by_role("button", name="line 12")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Submit"))).to_be_disabled()
    assert "422" in console.pop(), "the refused preview is the one thing the browser notes"


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address", ["/", "/new", "/sweeps/{id}", "/sweeps/{id}?tab=curves", "/runs/{run}", "/workers"]
)
def test_no_page_is_wider_than_its_window(
    page: Page, http: httpx.Client, finished: int, address: str, scheme: str, width: int
) -> None:
    run = http.get(f"/api/sweeps/{finished}/runs").json()["runs"][1]["id"]
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address.format(id=finished, run=run))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_killed_worker_costs_an_attempt_and_doubles_nothing(
    stack: Stack, http: httpx.Client, finished: int
) -> None:
    """Real training, killed half-way: the stack starts the worker anew, the run is done again."""
    del finished  # only so that both workers are idle
    body = SWEEP.replace("seen in a browser", "killed").replace("steps: 3", "steps: 25")
    one_arm = body[: body.index("arms:")].replace("entropy-bonus", "grpo").replace("[0, 1]", "[7]")
    sweep = http.post(
        "/api/sweeps",
        content=one_arm + "arms: [{name: grpo, method: grpo}]",
        headers={"Content-Type": "application/yaml"},
    ).json()
    [run] = http.get(f"/api/sweeps/{sweep['id']}/runs").json()["runs"]

    def state() -> dict[str, Any]:
        found: dict[str, Any] = http.get(f"/api/runs/{run['id']}").json()
        return found

    wait_for(lambda: state()["step"] >= 5)
    below = psutil.Process(stack.process.pid).children(recursive=True)
    [shim] = [
        process
        for process in below
        if process.cmdline()[-2:] == ["-m", "trainer"] and "workers.shim" in process.cmdline()
    ]
    worker = shim.parent()
    assert worker is not None
    training = worker.children(recursive=True)
    assert len(training) == 5, "shim and stand-in; shim, server and the trainer that it forked"
    worker.kill()
    psutil.wait_procs(training, timeout=30)
    assert not [process for process in training if alive(process)]
    wait_for(lambda: state()["status"] == "succeeded")
    assert state()["attempt"] == 2
    [series] = http.get(
        f"/api/runs/{run['id']}/metrics", params={"names": "reward/mean", "points": 1000}
    ).json()["series"]
    assert series["steps"] == list(range(1, 26))
