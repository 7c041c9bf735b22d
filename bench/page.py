"""How fast and how light the page is, in Chromium, against a service of its own with large sweeps.

    python -m bench.page [--visits 9] [--minutes 2] [--live 8] [--only visits|scroll|memory]

- First load: what a browser that has nothing yet receives for the list of sweeps. Bytes of
  JavaScript as they travel, compressed.
- Interactive: from the start of a navigation to a sweep of 1,000 finished runs, until a cell of the
  heat map that holds a value and the Runs tab are each what a press at their middle would meet, in
  an animation frame, and the main thread is free again after it. In a fresh browser context with an
  empty cache at each visit; beside it, in the same run, an address of the page that shows nothing.
  Main-thread time is what the page itself computed for: it hardly depends on what else runs here.
- Scroll: the time between animation frames while the wheel goes through a list of 10,000 runs, at
  reading speed and from one end to the other.
- Memory: the heap after a forced collection, at intervals, while runs under way report a step a
  second and the list and the curves of their sweep are open; its slope by least squares.

Prints JSON. Errors of the browser's console are counted throughout.
"""

import argparse
import json
import time
from dataclasses import dataclass
from statistics import median, quantiles
from threading import Event, Thread

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from sqlalchemy import Engine

from bench import fills
from bench.services import serve
from bench.viewers import Viewer, Work
from cli.stack import Stack
from db.attempts import Claim
from db.sessions import open_engine
from tests.e2e.browser import FLAGS, get

SAMPLE_SECONDS = 10.0
HEAT_MAP = [".heat-cell .heat-value", "#tab-runs"]
JAVASCRIPT_BYTES = """
performance.getEntriesByType("resource")
  .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
  .reduce((sum, { transferSize }) => sum + transferSize, 0)
"""
INTERACTIVE = """
(selectors) => {
  const meets = (selector) => {
    const element = document.querySelector(selector);
    if (!element || !element.textContent.trim()) return false;
    const box = element.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return hit !== null && (element === hit || element.contains(hit));
  };
  const look = () => {
    if (!selectors.every(meets)) return requestAnimationFrame(look);
    setTimeout(() => { window.interactiveAt = performance.now(); });
  };
  requestAnimationFrame(look);
}
"""
FRAMES = """
() => {
  window.frameTimes = [];
  let last = performance.now();
  const note = (now) => {
    window.frameTimes.push(now - last);
    last = now;
    window.noting = requestAnimationFrame(note);
  };
  window.noting = requestAnimationFrame(note);
}
"""


def measure_visits(viewer: Viewer, sweep: int, visits: int) -> dict[str, object]:
    """The first visit of all is apart: the comparison is computed for it."""
    first = visit(viewer, f"/sweeps/{sweep}", HEAT_MAP)
    found, empty = [], []
    for _ in range(visits):
        found.append(visit(viewer, f"/sweeps/{sweep}", HEAT_MAP))
        empty.append(visit(viewer, "/nothing-is-here", ["main h1, main h2"]))
    by_clock = [[one.interactive_ms for one in visited] for visited in (found, empty)]
    return {
        "first_load_javascript_bytes": count_javascript(viewer),
        "sweep_with_1000_runs": describe_visits(found),
        "first_visit_of_all_ms": round(first.interactive_ms),
        "empty_page": describe_visits(empty),
        "over_empty_page": round(median(by_clock[0]) / median(by_clock[1]), 2),
    }


@dataclass(frozen=True)
class Visit:
    """Milliseconds from the start of the navigation, by the page's clock and by its own work."""

    interactive_ms: float
    main_thread_ms: float


def visit(viewer: Viewer, path: str, selectors: list[str]) -> Visit:
    with viewer.fresh() as page:
        work = Work(page)
        page.add_init_script(f"({INTERACTIVE})({json.dumps(selectors)})")
        page.goto(path)
        while (found := page.evaluate("window.interactiveAt ?? null")) is None:
            page.wait_for_timeout(20)
        return Visit(found, work.milliseconds())


def describe_visits(visits: list[Visit]) -> dict[str, object]:
    times = [one.interactive_ms for one in visits]
    return {
        "interactive_ms": {"median": round(median(times)), "worst": round(max(times))},
        "main_thread_ms": round(median(one.main_thread_ms for one in visits)),
    }


def count_javascript(viewer: Viewer) -> int:
    with viewer.fresh() as page:
        page.goto("/")
        page.get_by_role("table").wait_for()
        page.wait_for_timeout(1000)  # whatever is asked for afterwards belongs to it
        return int(page.evaluate(JAVASCRIPT_BYTES))


def measure_scroll(viewer: Viewer, sweep: int) -> dict[str, object]:
    """120 pixels a tick of the wheel, as people read; and 2,000, from one end to the other."""
    with viewer.fresh() as page:
        page.goto(f"/sweeps/{sweep}?tab=runs")
        page.locator("tr.run-row").first.wait_for()
        page.mouse.move(700, 700)
        return {
            "reading": scroll(page, pixels=120, ticks=300),
            "from_end_to_end": scroll(page, pixels=2000, ticks=220),
            "last_row_reached": int(
                page.locator("tr.run-row").last.get_attribute("aria-rowindex") or 0
            ),
        }


def scroll(page: Page, pixels: int, ticks: int) -> dict[str, object]:
    work = Work(page)
    page.evaluate(FRAMES)
    for _ in range(ticks):
        page.mouse.wheel(0, pixels)
        page.wait_for_timeout(16)
    frames: list[float] = page.evaluate("cancelAnimationFrame(window.noting), window.frameTimes")
    middle, slow = median(frames), quantiles(frames, n=20)[-1]
    return {
        "frames": len(frames),
        "median_fps": round(1000 / middle, 1),
        "p95_frame_ms": round(slow, 1),
        "share_over_20_ms": round(sum(frame > 20 for frame in frames) / len(frames), 3),
        "main_thread_ms_per_frame": round(work.milliseconds() / len(frames), 1),
    }


def measure_memory(viewer: Viewer, engine: Engine, live: int, minutes: float) -> dict[str, object]:
    sweep, claims = fills.begin_live(engine, live)
    over = Event()
    trainer = Thread(target=train, args=(engine, claims, over))
    trainer.start()
    try:
        with viewer.fresh() as runs:
            curves = viewer.open(runs.context)
            runs.goto(f"/sweeps/{sweep}?tab=runs")
            runs.locator("tr.run-row").first.wait_for()
            curves.goto(f"/sweeps/{sweep}?tab=curves")
            curves.locator("canvas").first.wait_for()
            return {"runs_under_way": live} | sample(runs, curves, minutes)
    finally:
        over.set()
        trainer.join()


def train(engine: Engine, claims: list[Claim], over: Event) -> None:
    """A step a second of each."""
    noise, step = np.random.default_rng(0), 0
    while not over.wait(1):
        step += 1
        for claim in claims:
            fills.go_on(engine, claim, step, noise)


def sample(runs: Page, curves: Page, minutes: float) -> dict[str, object]:
    heaps: dict[str, list[float]] = {"list": [], "curves": []}
    sessions = {"list": runs.context.new_cdp_session(runs)}
    sessions["curves"] = curves.context.new_cdp_session(curves)
    ends, times = time.monotonic() + minutes * 60, []
    while time.monotonic() < ends:
        runs.wait_for_timeout(SAMPLE_SECONDS * 1000)
        times.append(time.monotonic() / 60)
        for name, session in sessions.items():
            heaps[name].append(heap(session))
    step = runs.locator("td[data-column=steps]").first.inner_text()
    return {"minutes": minutes, "last_step_shown": step.split("/")[0]} | {
        name: describe_heap(times, sizes) for name, sizes in heaps.items()
    }


def heap(session: CDPSession) -> float:
    """MB in use after a full collection."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def describe_heap(times: list[float], sizes: list[float]) -> dict[str, object]:
    """The first sixth is left out: code is still being compiled, and caches filled."""
    begin = len(times) // 6
    slope = (
        np.polyfit(times[begin:], sizes[begin:], 1)[0] if len(times) - begin > 2 else float("nan")
    )
    return {
        "mb_at_first": round(sizes[begin], 2),
        "mb_at_last": round(sizes[-1], 2),
        "mb_at_most": round(max(sizes[begin:]), 2),
        "kb_per_minute": round(float(slope) * 1000, 1),
    }


def measure(stack: Stack, browser: Browser, options: argparse.Namespace) -> dict[str, object]:
    engine = open_engine(stack.environment["FORKPOINT_DATABASE_URL"])
    viewer, found = Viewer(browser, stack), dict[str, object]()
    if options.only in (None, "visits"):
        found["visits"] = measure_visits(viewer, fills.fill_finished(engine), options.visits)
    if options.only in (None, "scroll"):
        found["scroll"] = measure_scroll(viewer, fills.fill_many(engine))
    if options.only in (None, "memory"):
        found["memory"] = measure_memory(viewer, engine, options.live, options.minutes)
    return found | {"console_errors": viewer.errors}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=9)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--live", type=int, default=8)
    parser.add_argument("--only", choices=("visits", "scroll", "memory"))
    options = parser.parse_args()
    with serve() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=get(), args=FLAGS)
        try:
            print(json.dumps(measure(stack, browser, options), indent=1))
        finally:
            browser.close()


if __name__ == "__main__":
    main()
