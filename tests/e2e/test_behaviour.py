"""What happens at high-entropy tokens, in a browser: of analyses that really ran."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.settling import settle
from tests.e2e.test_accessibility import inspect
from tests.e2e.trained import wait_for

SHAPED = "shaped/alpha=4,kappa=2"
BASELINE = "entropy-bonus/beta=0.001"
INQUIRY = {
    "arms": [BASELINE, SHAPED],
    "probe": {"problems": 8, "traces": 2},
    "collapse": {"problems": 4, "traces": 1},
}


@pytest.fixture(scope="module")
def analysed(http: httpx.Client, finished: int) -> int:
    """The sweep, with two arms of it and the untrained model looked at."""
    http.post(f"/api/sweeps/{finished}/analyses", json=INQUIRY).raise_for_status()
    wait_for(lambda: all(one["status"] == "succeeded" for one in analyses(http, finished)))
    return finished


def analyses(http: httpx.Client, sweep: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get(f"/api/sweeps/{sweep}/analyses").json()["analyses"]
    return found


@pytest.fixture
def behaviour(page: Page, analysed: int) -> Page:
    page.goto(f"/sweeps/{analysed}?tab=behaviour&arm={SHAPED}")
    expect(card(page, "What is established")).to_be_visible()
    settle(page)
    return page


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def download(page: Page, button: str) -> list[dict[str, str]]:
    with page.expect_download() as waited:
        page.get_by_role("button", name=re.compile(f"^CSV of .*{button}")).click()
    return list(csv.DictReader(io.StringIO(Path(waited.value.path()).read_text("utf-8"))))


def test_the_figures_are_those_of_the_analyses(
    behaviour: Page, http: httpx.Client, analysed: int
) -> None:
    told = http.get(f"/api/sweeps/{analysed}/behaviour").json()
    rows = download(behaviour, "mean entropy of words")
    assert [row["arm"] for row in rows][::2] == ["untrained", BASELINE, SHAPED]
    (arm,) = [one for one in told["arms"] if one["arm"] == SHAPED]
    operators = next(kind for kind in arm["kinds"] if kind["name"] == "operators")
    (row,) = [row for row in rows if (row["arm"], row["kind"]) == (SHAPED, "operators")]
    assert float(row["mean"]) == operators["mean"]["value"]
    assert float(row["gap_low"]) == operators["gap"]["low"]
    assert row["over"] == "seeds and problems"


def test_a_difference_is_told_with_like_set_against_like(behaviour: Page) -> None:
    row = card(behaviour, "What is established").get_by_role("row", name=re.compile("^operators"))
    expect(row).to_contain_text(re.compile("higher|lower|no difference established"))
    rows = download(behaviour, "entropy above the rest")
    views = [row["view"] for row in rows if row["kind"] == "operators"]
    assert views == ["all", "position", "problem", "both", "word starts"]


def test_runs_are_told_by_regime_and_retrieval(behaviour: Page) -> None:
    table = behaviour.get_by_role("region", name="Regimes and retrieval")
    expect(table.get_by_role("row")).to_have_count(1 + 5)
    expect(table).to_contain_text("k = 1, chance 25.0 %")
    rows = download(behaviour, "I\\(X;Z\\)")
    assert {row["arm"] for row in rows} == {"untrained", BASELINE, SHAPED}


def test_rare_sentences_are_read_and_searched(behaviour: Page) -> None:
    read = card(behaviour, "Rare sentences, to read")
    expect(read).to_contain_text("not necessarily a new strategy")
    first = read.locator("blockquote").first
    said = first.inner_text()
    read.get_by_role("searchbox").fill(said)
    expect(first).to_have_text(said)
    read.get_by_role("searchbox").fill("nothing says this")
    expect(read.locator("blockquote")).to_have_count(0)


def test_the_address_is_the_view(behaviour: Page) -> None:
    behaviour.get_by_label("Against", exact=True).select_option("untrained")
    behaviour.get_by_label("Kind", exact=True).select_option("rare sentences")
    behaviour.get_by_role("button", name="above the rest", exact=True).click()
    behaviour.get_by_role("button", name="per token", exact=True).click()
    expect(card(behaviour, "Against untrained")).to_contain_text(SHAPED)
    behaviour.reload()
    expect(card(behaviour, "Against untrained")).to_contain_text(SHAPED)
    expect(behaviour.get_by_label("Kind", exact=True)).to_have_value("rare sentences")
    expect(behaviour.get_by_label("Figure", exact=True).first).to_have_value("gap")
    pressed = behaviour.get_by_role("button", name="per token", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_more_is_asked_for_in_the_page_and_comes_in_by_itself(behaviour: Page) -> None:
    behaviour.get_by_role("button", name="Analyse more…").click()
    dialog = behaviour.get_by_role("dialog", name="Analyse behaviour")
    dialog.get_by_label("After which step").select_option("untrained")
    dialog.get_by_label("Problems").fill("6")
    dialog.get_by_role("button", name="Queue 1 analysis").click()
    expect(dialog).to_have_count(0)
    inquiries = behaviour.get_by_label("Looked at by")
    expect(inquiries).to_contain_text("countdown-1, 6 problems, 1 of 1 done", timeout=120_000)
    expect(card(behaviour, "Over training")).to_be_visible()
    inquiries.select_option(label="countdown-1, 6 problems, 1 of 1 done")
    expect(behaviour.get_by_text("No trained run has been looked at yet")).to_be_visible()
    expect(behaviour.get_by_text("6 problems are few")).to_be_visible()


def test_traces_are_read_as_they_were_drawn_and_marked(
    page: Page, http: httpx.Client, analysed: int
) -> None:
    page.goto(f"/sweeps/{analysed}?tab=rollouts&kept=traces&right={SHAPED}")
    own = [one for one in analyses(http, analysed) if (one["arm"], one["seed"]) == (SHAPED, 0)]
    kept = http.get(f"/api/runs/{own[0]['run_id']}/behaviour/traces").json()["traces"]
    (first, *_) = [one for one in kept if one["problem"] == 0]
    shown = page.locator("[data-side=right][data-place='0']")
    expect(shown.locator(".tokens")).to_have_text("".join(first["tokens"]))
    words = [word[0] for word in first["words"]]
    marked = shown.locator("[data-t].w")
    expect(marked).to_have_count(len(words))
    page.get_by_role("button", name="pivotal words").click()
    expect(page.locator("[data-marks]")).to_have_attribute("data-marks", "sentences")
    assert inspect(page) == []


def test_the_tab_is_accessible(behaviour: Page) -> None:
    assert inspect(behaviour) == []
