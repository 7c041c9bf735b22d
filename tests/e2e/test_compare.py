"""The Compare tab in a browser: its figures are those of REST, and its address is its view."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.compared import BASELINE, EN_DASH, SHAPED, K, address, card, row_of
from tests.e2e.trained import TRAINING_SECONDS, train

MINUS, NOTHING = "\u2212", "\u2014"


def arms_shown(page: Page) -> list[str]:
    return [name.strip() for name in page.locator("table.arms .arm-name").all_inner_texts()]


def test_the_table_and_heat_map_show_what_rest_answers(
    compare: Page, comparison: dict[str, Any]
) -> None:
    at = comparison["ks"].index(K)
    names = arms_shown(compare)
    assert names[0] == comparison["baseline"], "the baseline is pinned first"
    assert sorted(names) == sorted(arm["name"] for arm in comparison["arms"])
    for arm in comparison["arms"]:
        cells = row_of(compare, arm["name"]).get_by_role("cell").all_inner_texts()
        assert [cell.split("\n") for cell in cells[3:6]] == written(arm, at)
        if arm["template"] == "shaped":
            cell = compare.locator(".heat-table").get_by_title(arm["name"])
            expect(cell).to_contain_text(signed(arm["delta"][at]["mean"]))


def written(arm: dict[str, Any], at: int) -> list[list[str]]:
    """What an arm's cells for one k hold, line by line, as the page should write them."""
    rate, delta = arm["pass_at"][at], arm["delta"] and arm["delta"][at]
    low, high = (f"{rate[end] * 100:.1f}" for end in ("low", "high"))
    first = [f"{rate['mean'] * 100:.1f}", f"{low} {EN_DASH} {high}"]
    if not delta:
        return [first, [NOTHING, NOTHING], [NOTHING, NOTHING]]
    own = [f"{signed(delta['low'])} {EN_DASH} {signed(delta['high'])}"]
    adjusted = [f"{signed(delta['adjusted_low'])} {EN_DASH} {signed(delta['adjusted_high'])}"]
    p = "<0.001" if delta["adjusted_p"] < 0.001 else f"{delta['adjusted_p']:.3f}"
    return [first, [signed(delta["mean"]), *own], [p, *adjusted]]


def signed(fraction: float) -> str:
    text = f"{abs(fraction) * 100:.1f}"
    if float(text) == 0:
        return text
    return (MINUS if fraction < 0 else "+") + text


def test_the_k_slider_changes_the_figures_and_the_address(compare: Page) -> None:
    table = compare.get_by_role("region", name="Arms table")
    heat = compare.locator(".heat-table")
    before = heat.inner_text()
    slider = compare.get_by_role("slider")
    slider.focus()
    slider.press("End")
    address(compare, k="16")
    expect(heat).not_to_have_text(before, use_inner_text=True)
    expect(table.get_by_role("button", name=re.compile("^pass@ ?16"))).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(compare.get_by_role("region", name="Conclusion")).to_contain_text("pass@16")


def test_any_arm_can_be_the_baseline_and_that_it_was_chosen_is_said(
    compare: Page, http: httpx.Client, finished: int
) -> None:
    compare.get_by_label("baseline", exact=True).select_option("grpo")
    address(compare, baseline="grpo")
    warning = f"Against grpo; the sweep was submitted with baseline {BASELINE}."
    expect(compare.get_by_role("region", name="Conclusion")).to_contain_text(warning)
    compare.reload()
    expect(row_of(compare, "grpo")).to_contain_text("baseline")
    reply = http.get(f"/api/sweeps/{finished}/comparison", params={"baseline": "grpo"}).json()
    arm = next(one for one in reply["arms"] if one["name"] == SHAPED)
    cells = row_of(compare, SHAPED).get_by_role("cell").all_inner_texts()
    assert [cell.split("\n") for cell in cells[3:6]] == written(arm, reply["ks"].index(K))
    compare.get_by_role("button", name=f"Back to {BASELINE}").click()
    expect(row_of(compare, BASELINE)).to_contain_text("baseline")


def test_a_baseline_that_is_not_there_is_told_with_the_way_back(
    page: Page, finished: int, console: list[str]
) -> None:
    page.goto(f"/sweeps/{finished}?tab=compare&baseline=ppo")
    expect(page.get_by_text("choose one of: base, grpo")).to_be_visible()
    page.get_by_role("button", name=f"Against {BASELINE}, as submitted").click()
    expect(page.locator(".conclusion-text")).to_be_visible()
    assert all("422" in line for line in console), "the refusals are all the browser notes"
    console.clear()


def test_the_table_is_sorted_by_any_column_at_any_k(
    compare: Page, comparison: dict[str, Any]
) -> None:
    head = compare.get_by_role("columnheader", name=re.compile(r"^%.*pass@1 "))
    head.get_by_role("button").click()
    address(compare, sort="-pass@1")
    rates = {arm["name"]: arm["pass_at"][0]["mean"] for arm in comparison["arms"]}
    baseline = comparison["baseline"]
    falling = sorted((rate for name, rate in rates.items() if name != baseline), reverse=True)
    expect(head).to_have_attribute("aria-sort", "descending")
    names = arms_shown(compare)
    assert names[0] == baseline
    assert [rates[name] for name in names[1:]] == falling


def test_columns_for_another_k_come_and_go(compare: Page) -> None:
    compare.get_by_label("Add columns for another k").select_option("4")
    address(compare, ks="1~8~16~4")
    compare.get_by_role("button", name="Remove the columns of k = 1", exact=True).click()
    heads = compare.locator("table.arms .k-head > button:first-child")
    expect(heads).to_have_text(["pass@4", "pass@8", "pass@16"])


def test_a_row_opens_to_its_seeds_and_their_runs(compare: Page, http: httpx.Client) -> None:
    opener = row_of(compare, SHAPED).get_by_role("button", name="Seeds of")
    opener.focus()
    compare.keyboard.press("Enter")
    address(compare, open=SHAPED)
    seeds = compare.locator("table.arms tr.seed")
    expect(seeds).to_have_count(2)
    seeds.first.get_by_role("link", name=re.compile("^run ")).click()
    compare.wait_for_url(re.compile(r"/runs/\d+"))
    run = http.get(f"/api{compare.url[compare.url.index('/runs/') :]}").json()
    assert (run["arm"], run["seed"]) == (SHAPED, 0)


def test_settings_of_arms_and_runs_stand_side_by_side(compare: Page) -> None:
    compare.locator(".heat-table").get_by_title(SHAPED).click()
    compare.get_by_role("button", name="Settings beside").first.click()
    address(compare, diff=f"{BASELINE}~{SHAPED}")
    diff = card(compare, "Settings that differ")
    settings = diff.locator("tbody code")
    expect(settings).to_have_text(["method", "beta", "alpha", "kappa", "form"])
    row_of(compare, "grpo").get_by_role("button", name="Seeds of").click()
    runs = compare.get_by_role("button", name=re.compile("^settings of run"))
    expect(runs).to_have_count(2)
    for run in runs.all():
        run.click()
    for name in (BASELINE, SHAPED):
        compare.get_by_role("button", name=f"Take {name} out").click()
    expect(settings).to_have_text(["seed"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_has_cards_with_the_same_figures(
    page: Page, finished: int, comparison: dict[str, Any], scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/sweeps/{finished}?tab=compare&k={K}&sort=-pass@{K}")
    cards = page.get_by_role("list", name="Arms").locator("> li")
    expect(cards).to_have_count(len(comparison["arms"]))
    best = max(
        (arm for arm in comparison["arms"] if not arm["is_baseline"]),
        key=lambda arm: arm["pass_at"][comparison["ks"].index(K)]["mean"],
    )
    rate = best["pass_at"][comparison["ks"].index(K)]["mean"]
    expect(cards.nth(1)).to_contain_text(f"{rate * 100:.1f}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


GROWING = """\
name: grows while it is looked at
model: countdown-tiny
task: countdown
train: {steps: 1, learning_rate: 3e-4, prompts_per_step: 4, completions_per_prompt: 4}
eval: {problems: 24, samples: 16}
seeds: [70]
baseline: grpo
arms:
  - {name: grpo, method: grpo}
  - {name: shaped, method: entropy_shaped, alpha: [0.4, 4]}
"""


def test_new_figures_leave_hover_brush_slider_and_scroll_as_they_are(
    page: Page, http: httpx.Client, finished: int
) -> None:
    del finished  # only so that the workers are idle
    sweep = train(http, GROWING, runs=3)
    page.goto(f"/sweeps/{sweep}?tab=compare&k={K}&brush=alpha:0.4..0.4&arm=grpo")
    curves = card(page, "pass@k curves")
    expect(curves.locator("canvas")).to_be_visible()
    page.evaluate("document.querySelector('.compare-charts').scrollIntoView()")
    curves.get_by_role("group").focus()
    page.keyboard.press("End")
    tip = curves.locator(".tip")
    expect(tip).to_contain_text("1 seed")
    seen_at = top_of(curves)
    http.post(f"/api/sweeps/{sweep}/extensions", json={"seeds": [71]}).raise_for_status()
    expect(tip).to_contain_text("2 seeds", timeout=TRAINING_SECONDS * 1000)
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("pass@16")
    expect(page.locator(".brushed")).to_contain_text("1 of 3 arms: alpha 0.4")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", f"k = {K}")
    assert top_of(curves) == pytest.approx(seen_at, abs=1), "whatever grew above it, it stays there"


def top_of(shown: Locator) -> float:
    box = shown.bounding_box()
    assert box
    return box["y"]
