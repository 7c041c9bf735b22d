"""The list of sweeps, and a sweep's report in its page, as somebody who looks for one uses them."""

import re

import httpx
from playwright.sync_api import Page, expect

ONE = """\
name: {name}
model: countdown-tiny
task: countdown
train: {{steps: 4}}
eval: {{problems: 24, samples: 16}}
seeds: [{seed}]
resources: {{device: cuda}}
baseline: grpo
arms:
  - {{name: grpo, method: grpo}}
"""


def test_the_list_is_searched_sorted_and_cleared_of_what_is_done(
    page: Page, http: httpx.Client
) -> None:
    for seed, name in ((90, "listed zebra"), (91, "listed ant"), (92, "listed mole")):
        text = ONE.format(name=name, seed=seed)
        headers = {"Content-Type": "application/yaml"}
        made = http.post("/api/sweeps", content=text, headers=headers).json()
        http.post(f"/api/sweeps/{made['id']}/cancel")
    page.goto("/")
    page.get_by_label("Search sweeps").fill("listed")
    rows = page.locator("table.sweeps tbody tr .sweep-name > a")
    expect(rows).to_have_text(["listed mole", "listed ant", "listed zebra"])
    page.get_by_role("button", name="Sweep", exact=True).click()
    expect(rows).to_have_text(["listed ant", "listed mole", "listed zebra"])
    expect(page.get_by_role("columnheader", name="Sweep")).to_have_attribute(
        "aria-sort", "ascending"
    )
    assert page.url.endswith("/?search=listed&sort=name")
    page.reload()
    expect(rows).to_have_count(3)

    page.get_by_role("button", name="Actions for listed mole").click()
    page.get_by_role("menuitem", name=re.compile("^Archive")).click()
    expect(rows).to_have_text(["listed ant", "listed zebra"])
    page.get_by_label("Archived").check()
    expect(rows).to_have_text(["listed mole"])


def test_what_may_be_said_of_the_best_arm_is_in_its_row(
    page: Page, http: httpx.Client, finished: int
) -> None:
    leader = http.get(f"/api/sweeps/{finished}/leader").json()
    page.goto("/?search=seen+in+a+browser")
    cell = page.locator("table.sweeps tbody tr").first.locator(".best-arm")
    established = leader["delta"]["established"]
    expect(cell).to_contain_text(leader["arm"] if established else "no difference established")


def test_a_report_is_read_in_a_frame_that_may_do_nothing_and_taken_along(
    page: Page, finished: int
) -> None:
    page.goto(f"/sweeps/{finished}?tab=report&k=8")
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("sandbox", "")
    report = page.frame_locator("iframe")
    expect(report.get_by_role("heading", level=1)).to_have_text("seen in a browser")
    expect(report.get_by_text(re.compile(r"points pass@8 against")).first).to_be_visible()
    for kind, begins in (("HTML", "<!doctype html>"), ("Markdown", "# ")):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Download {kind}").click()
        kept = download.value
        assert kept.suggested_filename.startswith(f"sweep-{finished}-report.")
        assert kept.path().read_text("utf-8").lower().startswith(begins)
        assert "pass@8" in kept.path().read_text("utf-8")
