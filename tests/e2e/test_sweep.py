"""A sweep from the page to the workers and back: what it shows is what was counted."""

import csv
import io
import re
from collections import defaultdict
from fractions import Fraction
from math import comb
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.trained import RUNS, SWEEP, TRAINING_SECONDS, wait_for
from tests.stacks import Stack, alive

TRAINING_MS = TRAINING_SECONDS * 1000
WATCHED = """\
name: watched in a browser
model: countdown-tiny
task: countdown
train: {steps: 3, learning_rate: 3e-4, prompts_per_step: 8, completions_per_prompt: 4}
eval: {problems: 24, samples: 16}
seeds: [5]
baseline: grpo
arms:
  - {name: grpo, method: grpo}
  - {name: shaped, method: entropy_shaped, alpha: 0.4}
"""


def test_a_sweep_is_submitted_in_the_page_and_watched_to_its_end(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="New sweep").first.click()
    page.get_by_role("textbox", name="YAML").fill(WATCHED)
    page.get_by_role("button", name="Submit 2 runs").click()
    page.wait_for_url(re.compile(r"/sweeps/\d+"))
    expect(page.get_by_role("heading", name="watched in a browser")).to_be_visible()
    expect(page.get_by_text("Live", exact=True).first).to_be_visible()
    expect(page.get_by_text("2 succeeded")).to_be_visible(timeout=TRAINING_MS)


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


def test_a_wrong_field_is_marked_where_it_is(page: Page, console: list[str]) -> None:
    page.goto("/new")
    page.get_by_role("textbox", name="YAML").fill(SWEEP.replace("kappa: [1.5, 2]", "kappa: [1, 2]"))
    expect(page.get_by_text(re.compile("kappa must be greater than 1")).first).to_be_visible()
    expect(page.get_by_role("button", name="line 12")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Submit"))).to_be_disabled()
    assert "422" in console.pop(), "the refused preview is the one thing the browser notes"


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
