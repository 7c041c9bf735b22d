"""The charts of the Compare tab in a browser: pointed at, brushed, reached by keyboard, saved."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.compared import BASELINE, EN_DASH, SHAPED, K, address, card, row_of


def test_arrow_keys_walk_the_heat_map_and_enter_leads_to_the_arms_runs_alone(compare: Page) -> None:
    first = compare.locator(".heat-table .heat-cell").first
    first.focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        compare.keyboard.press(key)
    address(compare, arm=SHAPED)
    selected = card(compare, f"Δ pass@{K} against {BASELINE}")
    expect(selected.locator(".selected-arm")).to_contain_text(SHAPED)
    selected.get_by_role("link", name="2 runs").click()
    expect(compare.get_by_role("grid", name="Runs").locator("tr.run-row")).to_have_count(2)
    expect(compare.get_by_role("combobox", name="Arm")).to_have_value(SHAPED)


def test_pointing_at_the_curves_tells_every_arm_there_the_best_first(
    compare: Page, comparison: dict[str, Any]
) -> None:
    curves = card(compare, "pass@k curves")
    chart = curves.get_by_role("group")
    chart.scroll_into_view_if_needed()
    expect(curves.locator("canvas")).to_be_visible()
    chart.focus()
    compare.keyboard.press("Home")
    tip = curves.locator(".tip")
    expect(tip).to_contain_text("pass@1")
    names = [
        name.removesuffix(" (baseline)") for name in tip.locator(".tip-name").all_inner_texts()
    ]
    rates = {arm["name"]: arm["pass_at"][0]["mean"] for arm in comparison["arms"]}
    assert [rates[name] for name in names] == sorted(rates.values(), reverse=True)
    notes = tip.locator(".tip-note").all_inner_texts()
    assert all(re.search(rf"{EN_DASH} .*, (2 seeds|not trained)$", note) for note in notes)


def test_the_legend_hides_a_curve_and_the_address_keeps_it(compare: Page) -> None:
    legend = compare.locator(".arm-legend")
    entry = legend.get_by_role("button", name=SHAPED)
    entry.click()
    address(compare, hide=SHAPED)
    compare.reload()
    expect(entry).to_have_attribute("aria-pressed", "false")
    compare.get_by_role("button", name="Show all arms").click()
    expect(entry).to_have_attribute("aria-pressed", "true")


def test_a_brush_steps_the_other_arms_back_and_stays_in_the_address(compare: Page) -> None:
    lines = card(compare, "Arms as lines")
    lines.scroll_into_view_if_needed()
    expect(lines.locator("canvas")).to_be_visible()
    drag_along_axis(compare, lines.locator("canvas"), axis=1, axes=6)
    brushed = compare.locator(".brushed")
    expect(brushed).to_contain_text("4 of 7 arms: alpha 0.4 to 4")
    address(compare, brush="alpha:0.4..4")
    compare.reload()
    expect(brushed).to_contain_text("4 of 7 arms")
    expect(row_of(compare, "grpo")).to_have_class(re.compile("dimmed"))
    expect(row_of(compare, SHAPED)).not_to_have_class(re.compile("dimmed"))
    brushed.get_by_role("button", name="Show all").click()
    expect(row_of(compare, "grpo")).not_to_have_class(re.compile("dimmed"))


def drag_along_axis(page: Page, canvas: Locator, axis: int, axes: int) -> None:
    """From its upper end down to its middle."""
    box = canvas.bounding_box()
    assert box
    left, right, top = 56, 72, 44
    x = box["x"] + left + axis * (box["width"] - left - right) / (axes - 1)
    page.mouse.move(x, box["y"] + top + 5)
    page.mouse.down()
    page.mouse.move(x, box["y"] + top + 60, steps=4)
    page.mouse.move(x, box["y"] + top + 180, steps=4)
    page.mouse.up()


def test_the_brush_can_be_set_by_keyboard_alone(compare: Page) -> None:
    lines = card(compare, "Arms as lines")
    lines.get_by_text("Filter by value instead").click()
    lines.get_by_label("alpha from").select_option("4")
    expect(compare.locator(".brushed")).to_contain_text("2 of 7 arms: alpha 4")
    field = lines.get_by_label(f"pass@{K} from, percent")
    field.fill("100")
    field.press("Enter")
    expect(compare.locator(".brushed")).to_contain_text("0 of 7 arms")


@pytest.mark.parametrize(
    ("title", "columns"),
    [
        (f"Δ pass@{K} against {BASELINE}", "grid,alpha,kappa,arm,baseline,k,state"),
        ("pass@k curves", "arm,k,seeds,pass_at_k,low,high"),
        ("Arms as lines", "arm,method,alpha,kappa,pass@1,pass@8,entropy"),
        ("Success rates", "arm,what,success_rate,value,low,high"),
    ],
)
def test_every_chart_is_saved_as_picture_and_as_rows(
    compare: Page, tmp_path: Path, title: str, columns: str
) -> None:
    chart = card(compare, title)
    chart.scroll_into_view_if_needed()
    if title in ("pass@k curves", "Arms as lines"):
        expect(chart.locator("canvas")).to_be_visible()
    saved = {kind: tmp_path / kind for kind in ("PNG", "CSV")}
    for kind, path in saved.items():
        with compare.expect_download() as download:
            chart.get_by_role("button", name=re.compile(f"^{kind} of")).click()
        download.value.save_as(path)
    picture = saved["PNG"].read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert min(width, height) > 400
    assert len(set(picture)) > 200, "it is not blank"
    rows = list(csv.reader(io.StringIO(saved["CSV"].read_text("utf-8"))))
    assert rows[0][: columns.count(",") + 1] == columns.split(",")
    assert all(len(row) == len(rows[0]) for row in rows)


def test_code_that_the_server_no_longer_has_is_told_of_in_its_place(
    page: Page, finished: int, console: list[str]
) -> None:
    """As after an upgrade, to a page that was loaded before it."""
    for chunk in ("canvas", "RunsTab"):
        page.route(f"**/{chunk}-*.js", lambda route: route.fulfill(status=404))
    page.goto(f"/sweeps/{finished}?tab=compare&k={K}")
    curves = card(page, "pass@k curves")
    expect(curves.get_by_role("button", name="Load the page anew")).to_be_visible()
    expect(row_of(page, SHAPED)).to_be_visible()
    page.get_by_role("tab", name="Runs").click()
    panel = page.get_by_role("tabpanel", name="Runs")
    expect(panel.get_by_role("alert")).to_contain_text("Forkpoint was upgraded")
    page.unroute("**/RunsTab-*.js")
    panel.get_by_role("button", name="Load the page anew").click()
    expect(page.get_by_role("grid", name="Runs")).to_be_visible()
    console.clear()
