"""The Curves tab in a browser: what it draws, zooms, reads and saves is what REST answers."""

import csv
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.drawn import ARMS, BROKEN, SPIKE, STEPS, Drawn, draw, training
from tests.e2e.trained import wait_for
from tests.stacks import Stack


@pytest.fixture(scope="module")
def drawn(stack: Stack) -> Drawn:
    return draw(stack)


@pytest.fixture
def curves(page: Page, drawn: Drawn) -> Page:
    page.goto(drawn.address)
    expect(plots(page).first).to_be_visible()
    return page


def chart(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def plots(page: Page) -> Locator:
    return page.locator(".chart-box:has(canvas)")


def drag(page: Page, plot: Locator, start: float, end: float) -> None:
    """Over shares of the plot's width."""
    box = plot.bounding_box()
    assert box is not None
    x, width, y = box["x"] + 46, box["width"] - 60, box["y"] + box["height"] / 2
    page.mouse.move(x + start * width, y)
    page.mouse.down()
    page.mouse.move(x + (start + end) / 2 * width, y)
    page.mouse.move(x + end * width, y)
    page.mouse.up()


def point(page: Page, plot: Locator) -> Locator:
    """What is told there. Again until it is: charts above that are still to come move this one."""
    tip = page.locator(".chart-tip:visible")
    places = iter(range(300, 400))

    def told() -> bool:
        plot.hover(position={"x": next(places), "y": 80})
        return tip.count() == 1

    wait_for(told)
    return tip


def zoom_of(page: Page) -> list[float]:
    [text] = parse_qs(urlsplit(page.url).query)["zoom"]
    return [float(end) for end in text.split("~")]


def saved(page: Page, title: str, folder: Path) -> list[list[str]]:
    with page.expect_download() as download:
        chart(page, title).get_by_role("button", name=re.compile("^CSV of")).click()
    download.value.save_as(folder / "rows.csv")
    return list(csv.reader(io.StringIO((folder / "rows.csv").read_text("utf-8"))))


def test_the_first_thing_seen_is_whether_shaping_regulates_itself(
    curves: Page, http: httpx.Client, drawn: Drawn
) -> None:
    told = http.get(f"/api/sweeps/{drawn.sweep}/regulation").json()
    panel = curves.get_by_role("region", name="Does shaping regulate itself?")
    expect(panel).to_contain_text(told["summary"])
    assert "in 2, psi/|A| and entropy both fell" in told["summary"]
    assert "Left out: 1 run" in told["summary"]
    for title in ("Entropy", "psi/|A|", "At the cap"):
        expect(
            panel.get_by_role("region", name=title, exact=True).locator("canvas")
        ).to_be_visible()
    panel.get_by_role("button", name="by sign").click()
    expect(panel.get_by_role("region", name="Entropy, A < 0")).to_contain_text("has reported")


def test_dragging_zooms_every_chart_and_asks_for_finer_points(curves: Page) -> None:
    entropy = chart(curves, "Entropy")
    expect(entropy).to_contain_text(re.compile(r"Showing [\d,]+ of 27,000 points\."))
    with curves.expect_response(lambda reply: "from=" in reply.url and "psi" in reply.url):
        drag(curves, plots(curves).first, 0.7, 0.78)
    low, high = zoom_of(curves)
    assert low < SPIKE < high
    inside = int(high - low + 1) * len(ARMS) * 3
    expect(entropy).to_contain_text(f"All {inside:,} points here.")
    expect(chart(curves, "psi/|A|")).to_contain_text("points here.")
    curves.reload()
    expect(entropy).to_contain_text(f"All {inside:,} points here.")
    plots(curves).first.dblclick(position={"x": 200, "y": 60})
    expect(entropy).to_contain_text("of 27,000 points.")
    assert "zoom=" not in curves.url


def test_zooming_needs_no_mouse(curves: Page) -> None:
    curves.get_by_role("textbox", name="From, in steps").fill("2000")
    to = curves.get_by_role("textbox", name="To, in steps")
    to.fill("2100")
    to.press("Enter")
    expect(chart(curves, "Entropy")).to_contain_text("All 909 points here.")
    curves.get_by_role("button", name="Reset zoom").click()
    expect(chart(curves, "Entropy")).to_contain_text("of 27,000 points.")


def test_one_cross_hair_runs_through_all_charts_and_one_of_them_tells(curves: Page) -> None:
    tip = point(curves, plots(curves).first)
    for arm in ARMS:
        expect(tip).to_contain_text(arm)
    expect(tip).to_contain_text(re.compile(r"^step"))
    expect(tip).to_contain_text("n = 3")
    drawn_charts = plots(curves).count()
    assert drawn_charts >= 3
    expect(curves.locator(".chart-line:visible")).to_have_count(drawn_charts)
    curves.mouse.move(5, 5)
    expect(curves.locator(".chart-line:visible")).to_have_count(0)
    expect(tip).to_have_count(0)


def test_arrow_keys_read_a_chart_aloud(curves: Page) -> None:
    plot = plots(curves).first
    plot.focus()
    plot.press("End")
    heard = chart(curves, "Entropy").get_by_role("status")
    expect(heard).to_contain_text("grpo")
    words = heard.inner_text()
    plot.press("ArrowLeft")
    expect(heard).not_to_have_text(words)
    plot.press("Escape")
    expect(curves.locator(".chart-tip:visible")).to_have_count(0)


@pytest.mark.parametrize(("axis", "words"), [("tokens", "tokens"), ("time", "after")])
def test_curves_may_be_drawn_against_tokens_or_time(curves: Page, axis: str, words: str) -> None:
    curves.get_by_role("combobox", name="against").select_option(label=axis)
    expect(curves.get_by_text(re.compile("each is read between its own reports"))).to_be_visible()
    plot = curves.get_by_role("group", name=re.compile(f"against {axis},")).first
    expect(plot.locator("canvas")).to_be_visible()
    expect(point(curves, plot)).to_contain_text(words)


def test_metrics_are_found_by_what_they_mean_and_stay_in_the_address(curves: Page) -> None:
    curves.get_by_text("Choose metrics").click()
    curves.get_by_role("searchbox", name="Search metrics").fill("tokens so far")
    curves.get_by_role("checkbox", name="tokens").check()
    expect(chart(curves, "tokens")).to_be_visible()
    curves.reload()
    expect(chart(curves, "tokens")).to_be_visible()
    curves.get_by_text("Choose metrics").click()
    curves.get_by_role("button", name="Show none").click()
    expect(curves.get_by_text("No metric is chosen.")).to_be_visible()


def test_an_address_is_a_view(page: Page, drawn: Drawn) -> None:
    page.goto(
        f"{drawn.address}&x=seconds&zoom=100~300&logy=1&smooth=strong&lines=seeds&arms=0,2"
        "&front=2&metrics=reward/mean&sign=both"
    )
    expect(page.get_by_role("combobox", name="against")).to_have_value("seconds")
    expect(page.get_by_role("checkbox", name="log y")).to_be_checked()
    expect(page.get_by_role("textbox", name="To, in seconds")).to_have_value("300")
    expect(page.get_by_text("2 of 3 shown")).to_be_visible()
    expect(page.get_by_role("checkbox", name="shaped/alpha=0.1", exact=True)).not_to_be_checked()
    front = page.get_by_role("button", name="Keep shaped/alpha=0.4 in front")
    expect(front).to_have_attribute("aria-pressed", "true")
    reward = chart(page, "reward/mean")
    reward.scroll_into_view_if_needed()
    expect(reward).to_contain_text("at or below zero cannot stand on a logarithmic axis")


def test_the_csv_holds_the_means_that_are_shown(
    page: Page, http: httpx.Client, drawn: Drawn, tmp_path: Path
) -> None:
    page.goto(f"{drawn.address}&zoom=2200~2240")
    expect(chart(page, "Entropy")).to_contain_text("points here.")
    header, *rows = saved(page, "Entropy", tmp_path)
    assert header == ["arm", "step", "entropy/mean", "low", "high", "seeds"]
    asked = {"names": "entropy/mean", "from": "2200", "to": "2240", "arms": "grpo"}
    reply: dict[str, Any] = http.get(f"/api/sweeps/{drawn.sweep}/metrics", params=asked).json()
    seeds = [dict(zip(one["steps"], one["values"], strict=True)) for one in reply["series"]]
    shown = {int(row[1]): float(row[2]) for row in rows if row[0] == "grpo"}
    assert sorted(shown) == list(range(2200, 2241))
    for step, mean in shown.items():
        assert mean == pytest.approx(sum(seed[step] for seed in seeds) / 3)
    assert shown[SPIKE] > 0.5


def test_the_csv_holds_single_runs_where_those_are_shown(
    page: Page, drawn: Drawn, tmp_path: Path
) -> None:
    page.goto(f"{drawn.address}&lines=runs&zoom=10~12&arms=0")
    expect(chart(page, "Entropy")).to_contain_text("All 9 points here.")
    header, *rows = saved(page, "Entropy", tmp_path)
    assert header == ["run", "arm", "seed", "step", "entropy/mean"]
    assert len(rows) == 9


def test_single_runs_lead_to_their_pages(page: Page, drawn: Drawn) -> None:
    page.goto(f"{drawn.address}&lines=runs")
    links = page.locator(".rail-arm-runs").first.get_by_role("link")
    expect(links).to_have_text(["0", "1", "2"])
    links.nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("seed 1")
    entropy = chart(page, "entropy/mean")
    expect(entropy).to_contain_text(f"of {STEPS:,} points.")
    drag(page, entropy.locator(".chart-box"), 0.2, 0.25)
    expect(entropy).to_contain_text("points here.")


def test_arms_are_hidden_alone_and_by_template(curves: Page) -> None:
    curves.get_by_role("checkbox", name="shaped", exact=True).uncheck()
    expect(curves.get_by_text("1 of 3 shown")).to_be_visible()
    expect(chart(curves, "psi/|A|")).to_contain_text("No arm that is shown")
    curves.get_by_role("button", name="All", exact=True).click()
    row = curves.locator(".rail-arm").nth(2)
    row.hover()
    row.get_by_role("button", name="Show shaped/alpha=0.4 alone").click()
    expect(curves.get_by_text("1 of 3 shown")).to_be_visible()
    assert parse_qs(urlsplit(curves.url).query)["arms"] == ["2"]


def test_what_is_no_number_is_a_gap_with_words(curves: Page) -> None:
    told = chart(curves, "psi/|A|").get_by_role("link")
    expect(told).to_have_text(f"shaped/alpha=0.4, seed 1: not a number from step {BROKEN:,}")
    told.click()
    curves.wait_for_url(re.compile(r"/runs/\d+"))


def test_new_points_leave_the_zoom_and_what_is_pointed_at_as_they_are(
    page: Page, stack: Stack
) -> None:
    with training(stack) as (sweep, say):
        for step in range(1, 31):
            say(step, 0.3)
        page.goto(f"{sweep.address}&zoom=10~60&metrics=entropy/mean")
        entropy = chart(page, "entropy/mean")
        expect(entropy).to_contain_text("All 21 points here.")
        tip = point(page, plots(page).first)
        words = tip.inner_text()
        say(31, 0.4)
        expect(entropy).to_contain_text("All 22 points here.")
        assert zoom_of(page) == [10, 60]
        expect(tip).to_have_text(words, use_inner_text=True)
