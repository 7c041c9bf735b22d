"""Completions of two runs in a browser: what is read there is what was recorded."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

BASELINE = "entropy-bonus/beta=0.001"
SHAPED = "shaped/alpha=4,kappa=2"
STEP = 2
SIDES = ("left", "right")

# Colours as they come out on the column's ground, and their contrast with the text (WCAG 2.2).
CONTRASTS = """() => {
    const context = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const painted = (...colours) => {
        for (const colour of colours) { context.fillStyle = colour; context.fillRect(0, 0, 1, 1); }
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const linear = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const light = (colour) => {
        const [red, green, blue] = colour.map((part) => linear(part / 255));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = getComputedStyle(document.querySelector(".rollout-column")).backgroundColor;
    return [...document.querySelectorAll(".shade-step > :first-child")].map((swatch) => {
        const {backgroundColor, color} = getComputedStyle(swatch);
        const one = light(painted(ground, backgroundColor)), other = light(painted(color));
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    });
}"""

Kept = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def kept(http: httpx.Client, finished: int) -> Kept:
    """By arm, what the runs of seed 1 kept at a step."""
    index = http.get(f"/api/sweeps/{finished}/rollouts", params={"step": STEP, "seed": 1}).json()
    runs = {run["arm"]: run["run_id"] for run in index["runs"]}
    return {
        arm: http.get(f"/api/runs/{runs[arm]}/rollouts", params={"step": STEP}).json()
        for arm in (BASELINE, SHAPED)
    }


@pytest.fixture
def address(finished: int, kept: Kept) -> str:
    first = kept[BASELINE]["groups"][0]["key"]
    return f"/sweeps/{finished}?tab=rollouts&right={SHAPED}&seed=1&step={STEP}&problem={first}"


@pytest.fixture
def rollouts(page: Page, address: str) -> Page:
    """The tab, with the baseline and a shaped arm drawn."""
    page.goto(address)
    for side in SIDES:
        expect(completion(page, side)).to_be_visible()
    return page


def completion(page: Page, side: str, place: int = 0) -> Locator:
    return page.locator(f"[data-side={side}][data-place='{place}']")


def problem_shown(page: Page) -> str:
    return page.locator(".rollout-problem > p").inner_text()


def of_problem(kept: Kept, arm: str, problem: str) -> list[dict[str, Any]]:
    return [one for one in kept[arm]["rollouts"] if one["problem"].strip() == problem.strip()]


def test_the_baseline_and_an_arm_are_read_on_the_same_problem(rollouts: Page, kept: Kept) -> None:
    problem = problem_shown(rollouts)
    for side, arm in zip(SIDES, (BASELINE, SHAPED), strict=True):
        recorded = of_problem(kept, arm, problem)
        assert len(recorded) == 4, "a whole group of the same problem"
        shown = rollouts.locator(f"[data-side={side}]")
        expect(shown).to_have_count(4)
        texts = [text.text_content() for text in shown.locator(".tokens").all()]
        assert texts == ["".join(one["tokens"]) for one in recorded]
        right = sum(one["correct"] for one in recorded)
        column = rollouts.get_by_role("region", name=f"{arm}, seed 1")
        expect(column).to_contain_text(f"{right} of 4 correct")
        expect(column.get_by_text("✓ correct")).to_have_count(right)


def test_the_keys_alone_read_the_values_of_a_token(rollouts: Page, kept: Kept) -> None:
    recorded = of_problem(kept, SHAPED, problem_shown(rollouts))[1]
    completion(rollouts, "right").focus()
    for key in ("j", "ArrowRight", "ArrowRight", "ArrowRight"):
        rollouts.keyboard.press(key)
    expect(completion(rollouts, "right", 1)).to_be_focused()
    readout = rollouts.locator(".readout")
    expect(readout).to_contain_text(f"token 3 of {len(recorded['tokens'])}")
    entropy = readout.get_by_text(re.compile(r"nats$")).inner_text()
    assert float(entropy.split()[0]) == pytest.approx(recorded["entropies"][2], rel=1e-2)
    spoken = rollouts.get_by_role("region", name="Rollouts").get_by_role("status")
    expect(spoken).to_contain_text(f"entropy {entropy}")
    expect(rollouts).to_have_url(re.compile(rf"at=r{recorded['index']}"))


def test_steps_and_problems_are_gone_through_without_losing_the_focus(rollouts: Page) -> None:
    completion(rollouts, "left").focus()
    step, problem = rollouts.get_by_label("Step", exact=True), problem_shown(rollouts)
    rollouts.keyboard.press("n")
    expect(rollouts.locator(".rollout-problem > p")).not_to_have_text(problem)
    rollouts.keyboard.press("]")
    expect(step).to_have_value(str(STEP + 1))
    rollouts.keyboard.press("[")
    expect(step).to_have_value(str(STEP))
    expect(completion(rollouts, "left")).to_be_focused()


def test_the_address_is_the_view(rollouts: Page) -> None:
    first = problem_shown(rollouts)
    rollouts.get_by_role("button", name="Advantage", exact=True).click()
    rollouts.get_by_label("Arm, right").select_option("grpo")
    rollouts.get_by_role("button", name="Next problem").click()
    expect(rollouts.locator(".rollout-problem > p")).not_to_have_text(first)
    rollouts.get_by_role("button", name="correct", exact=True).click()
    before = settled(rollouts)
    rollouts.reload()
    assert settled(rollouts) == before
    expect(rollouts.get_by_text("✗ wrong")).to_have_count(0)


def settled(page: Page) -> list[str | None]:
    """What is shown once everything has come: the problem, the shading, and each column."""
    expect(page.get_by_role("region", name="grpo, seed 1")).to_be_visible()
    expect(page.locator(".rollout-summary")).to_have_count(2)
    expect(page.locator(".rollout-column[aria-busy=true]")).to_have_count(0)
    columns = page.locator(".rollout-column > :not(header)").all_inner_texts()
    return [
        problem_shown(page),
        page.locator("[data-shade]").first.get_attribute("data-shade"),
        *columns,
    ]


def test_a_search_marks_what_it_finds(rollouts: Page, kept: Kept) -> None:
    recorded = of_problem(kept, BASELINE, problem_shown(rollouts))
    said = "".join(recorded[0]["tokens"])[2:8]
    found = [one for one in recorded if said in "".join(one["tokens"])]
    rollouts.get_by_role("searchbox").fill(said)
    expect(rollouts.locator("[data-side=left]")).to_have_count(len(found))
    marks = completion(rollouts, "left").locator("mark")
    expect(marks).not_to_have_count(0)
    assert said in "".join(marks.all_text_contents())


def test_what_is_shown_is_a_file_with_a_row_for_each_token(rollouts: Page, kept: Kept) -> None:
    with rollouts.expect_download() as download:
        rollouts.get_by_role("button", name="CSV, every token").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text())))
    problem = problem_shown(rollouts)
    for arm in (BASELINE, SHAPED):
        recorded = of_problem(kept, arm, problem)
        tokens = [token for one in recorded for token in one["tokens"]]
        entropies = [value for one in recorded for value in one["entropies"]]
        own = [row for row in rows if row["arm"] == arm]
        assert [json.loads(row["token"]) for row in own] == tokens
        assert [float(row["entropy"]) for row in own] == entropies


def test_a_run_leads_to_its_completions(page: Page, http: httpx.Client, finished: int) -> None:
    runs = http.get(f"/api/sweeps/{finished}/runs").json()["runs"]
    run = next(run["id"] for run in runs if run["arm"] == SHAPED and run["seed"] == 1)
    page.goto(f"/runs/{run}")
    page.get_by_role("link", name="read its completions").click()
    expect(page.get_by_role("region", name=f"{SHAPED}, seed 1")).to_be_visible()
    expect(page.get_by_role("region", name=f"{BASELINE}, seed 1")).to_be_visible()
    expect(completion(page, "right")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_shade_leaves_the_text_readable(rollouts: Page, scheme: str) -> None:
    rollouts.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for measure, shades in (("Entropy", 8), ("ψ", 8), ("Advantage", 9)):
        rollouts.get_by_role("button", name=measure, exact=True).click()
        expect(rollouts.locator(".shade-step")).to_have_count(shades)
        contrasts = rollouts.evaluate(CONTRASTS)
        assert min(contrasts) >= 4.5
        assert max(contrasts) > min(contrasts) + 5, "they are told apart"


@pytest.mark.parametrize("width", [1440, 390])
def test_columns_stand_side_by_side_where_there_is_room(rollouts: Page, width: int) -> None:
    rollouts.set_viewport_size({"width": width, "height": 844})
    boxes = [completion(rollouts, side).bounding_box() for side in SIDES]
    assert boxes[0]
    assert boxes[1]
    assert (boxes[0]["y"] == boxes[1]["y"]) == (width == 1440)
    assert rollouts.evaluate("document.documentElement.scrollWidth") <= width
