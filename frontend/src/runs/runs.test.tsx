import type { QueryClient } from "@tanstack/react-query";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import type { SweepDetail } from "../api/types";
import { runsKey, takeRuns } from "../live/events";
import { mount, network, reply, sent } from "../standins";
import { RunsTab } from "./RunsTab";

// What jsdom lacks: a window that scrolls.
window.scrollTo = ((to: ScrollToOptions) => queueMicrotask(() => scrollTo(to.top ?? 0))) as typeof window.scrollTo;

const PROGRESS = { queued: 0, running: 0, cancelling: 0, succeeded: 0, failed: 0, cancelled: 0, eta_seconds: null, device_seconds: 0 };

function run(id: number, changes: object = {}) {
  const basis = { arm: `shaped/alpha=${id % 3}`, seed: id % 5, attempt: 1, step: 0, total_steps: 10, phase: "", worker: null, failure: null, error: null };
  return { id, sweep_id: 7, ...basis, status: "queued", shared_with: [], created_at: "2026-01-01T11:00:00Z", started_at: null, finished_at: null, ...changes };
}

const FEW = [run(1, { status: "failed", failure: "crashed", error: "segfault" }), run(2, { status: "running", step: 3, shared_with: [9] }), run(3), run(4, { status: "succeeded" })];

let queries: QueryClient;

async function show(runs: object[] = FEW, address = "") {
  window.history.replaceState(null, "", `/sweeps/7?tab=runs${address}`);
  network.mockImplementation(async ({ method }) => reply(method === "POST" ? results : { runs, sweeps: [{ id: 9, name: "another" }], cursor: "5" }));
  ({ queries } = mount(<RunsTab id={7} sweep={{} as SweepDetail} busy={false} />));
  await screen.findByRole("grid");
}

let results: object[] = [];

function scrollTo(top: number) {
  Object.defineProperty(window, "scrollY", { configurable: true, value: top });
  fireEvent.scroll(window);
}

const rows = () => within(screen.getByRole("grid")).getAllByRole("row").slice(1);
const shown = () => rows().map((row) => row.getAttribute("data-key"));
const search = () => new URLSearchParams(window.location.search);
const box = (id: number) => screen.getByRole("checkbox", { name: `Select run ${id}` });
const selected = () => rows().filter((row) => row.getAttribute("aria-selected") === "true").map((row) => row.getAttribute("data-key"));

beforeEach(() => scrollTo(0));

describe("the list", () => {
  it("has only the rows in sight of ten thousand, which say where they stand", async () => {
    await show(Array.from({ length: 10_000 }, (_, index) => run(index + 1)));
    const grid = screen.getByRole("grid");
    expect(grid).toHaveAttribute("aria-rowcount", "10001");
    expect(rows().length).toBeLessThan(60);
    scrollTo(42 * 5000);
    await waitFor(() => expect(screen.getByText("5001")).toBeInTheDocument());
    expect(rows().length).toBeLessThan(60);
    expect(screen.getByText("5001").closest("tr")).toHaveAttribute("aria-rowindex", "5002");
  });

  it("puts what failed first, then what moves, and says how many there are", async () => {
    await show();
    expect(shown()).toEqual(["1", "2", "3", "4"]);
    expect(screen.getByText("4 runs")).toBeVisible();
  });

  it("keeps filters, order, groups and columns in the address", async () => {
    await show();
    await userEvent.click(screen.getByRole("button", { name: /^failed/ }));
    expect(search().get("state")).toBe("failed");
    expect(shown()).toEqual(["1"]);
    expect(screen.getByText("1 of 4 runs")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Show all" }));
    await userEvent.type(screen.getByRole("searchbox"), "alpha=1");
    expect(shown()).toEqual(["1", "4"]);
    await userEvent.clear(screen.getByRole("searchbox"));
    await userEvent.click(screen.getByRole("button", { name: "Seed" }));
    await userEvent.click(screen.getByRole("button", { name: "Seed" }));
    expect(screen.getByRole("columnheader", { name: "Seed" })).toHaveAttribute("aria-sort", "descending");
    expect(shown()).toEqual(["4", "3", "2", "1"]);
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Group by" }), "state");
    await userEvent.click(screen.getByRole("button", { name: /running/, expanded: true }));
    expect(shown()).toEqual(["state succeeded", "4", "state queued", "3", "state running", "state failed", "1"]);
    await userEvent.click(screen.getByText("Columns", { selector: "summary" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Worker" }));
    expect(screen.queryByRole("columnheader", { name: "Worker" })).toBeNull();
    expect(Object.fromEntries(search())).toMatchObject({ "runs-sort": "-seed", "runs-group": "state", "runs-closed": "running" });
  });

  it("opens as an address says", async () => {
    await show(FEW, "&state=running&runs-columns=run~shared&runs-group=arm");
    expect(shown()).toEqual(["arm shaped/alpha=2", "2"]);
    expect(screen.getByRole("link", { name: "another" })).toHaveAttribute("href", "/sweeps/9?tab=runs");
  });

  it("says when no run is like that, and leads back", async () => {
    await show(FEW);
    await userEvent.type(screen.getByRole("searchbox"), "nothing like it");
    expect(screen.getByText("No run is like that")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Show all runs" }));
    expect(shown()).toHaveLength(4);
  });
});

describe("selecting", () => {
  it("takes a row, a range and all, and what is filtered away does not count", async () => {
    await show();
    await userEvent.click(box(2));
    const user = userEvent.setup();
    await user.keyboard("{Shift>}");
    await user.click(box(4));
    await user.keyboard("{/Shift}");
    expect(selected()).toEqual(["2", "3", "4"]);
    await userEvent.click(screen.getByRole("button", { name: /^failed/ }));
    expect(screen.queryByRole("region", { name: "Selected runs" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: /^All/ }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Select all 4 shown" }));
    expect(screen.getByText("4 selected")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Clear" }));
    expect(selected()).toEqual([]);
  });

  it("works by keyboard alone", async () => {
    await show();
    act(() => rows()[0]!.focus());
    await userEvent.keyboard("{ArrowDown}");
    await waitFor(() => expect(rows()[1]).toHaveFocus());
    await userEvent.keyboard(" ");
    expect(selected()).toEqual(["2"]);
    await userEvent.keyboard("{Shift>}{ArrowDown}{/Shift}");
    await waitFor(() => expect(rows()[2]).toHaveFocus());
    expect(selected()).toEqual(["2", "3"]);
    await userEvent.keyboard("{Control>}a{/Control}");
    expect(selected()).toHaveLength(4);
    await userEvent.keyboard("{Escape}");
    expect(selected()).toEqual([]);
    await userEvent.keyboard("{Enter}");
    expect(window.location.pathname).toBe("/runs/3");
  });

  it("is one stop for the Tab key, after a menu was opened too", async () => {
    await show(FEW, "&runs-columns=run~shared");
    act(() => rows()[0]!.focus());
    await userEvent.keyboard(" {Shift>}{F10}{/Shift}");
    const menu = screen.getByRole("menu", { name: "Actions for run 1" });
    expect(within(menu).getAllByRole("menuitem")[0]).toHaveFocus();
    await userEvent.keyboard("{Escape}{Escape}");
    expect(rows()[0]).toHaveFocus();
    expect(selected()).toEqual(["1"]);
    await userEvent.tab();
    expect(within(screen.getByRole("region", { name: "Selected runs" })).getAllByRole("button")[0]).toHaveFocus();
  });

  it("stays with its runs when they change under the reader's eyes", async () => {
    await show();
    await userEvent.click(box(3));
    await userEvent.click(screen.getByRole("button", { name: "Actions for run 2" }));
    act(() => void takeRuns(queries, { sweep_id: 7, runs: [run(3, { status: "running", step: 4 })] as never, progress: { ...PROGRESS, total: 4 } }, "6"));
    expect(await screen.findByText("4/10")).toBeVisible();
    expect(selected()).toEqual(["3"]);
    expect(screen.getByRole("menu", { name: "Actions for run 2" })).toBeVisible();
    expect(queries.getQueryData(runsKey(7))).toMatchObject({ cursor: "6" });
  });
});

describe("many at once", () => {
  it("names how many, leaves alone what cannot be cancelled, and says what came of each", async () => {
    results = [
      { id: 2, ok: true, status: "cancelling", code: null, message: "" },
      { id: 3, ok: false, status: "succeeded", code: "conflict", message: "run 3 has succeeded" },
    ];
    await show();
    await userEvent.click(screen.getByRole("checkbox", { name: "Select all 4 shown" }));
    await userEvent.click(screen.getByRole("button", { name: "Cancel 2…" }));
    const question = screen.getByRole("dialog", { name: "Cancel 2 runs?" });
    expect(question).toHaveTextContent("2 of the 4 selected are left alone");
    expect(question).toHaveTextContent("1 run is asked for by other sweeps as well");
    await userEvent.type(within(question).getByLabelText(/Reason/), "wrong data");
    await userEvent.click(within(question).getByRole("button", { name: "Cancel 2 runs" }));
    const told = await screen.findByRole("dialog", { name: "1 run cancelled, 1 refused" });
    expect(within(told).getAllByRole("row").map((row) => row.textContent)).toEqual(["RunState nowRefused because", "3succeededrun 3 has succeeded", "2cancelling"]);
    expect(await sent()).toEqual([{ path: "/api/runs/cancel", body: { ids: [2, 3], reason: "wrong data" } }]);
    await userEvent.click(within(told).getByRole("button", { name: "Done" }));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("retries what failed, and shows it at once", async () => {
    results = [{ id: 1, ok: true, status: "queued", code: null, message: "" }];
    await show();
    await userEvent.click(box(1));
    expect(screen.getByRole("button", { name: "Cancel…" })).toHaveAttribute("aria-disabled", "true");
    await userEvent.click(screen.getByRole("button", { name: "Retry 1…" }));
    await userEvent.click(screen.getByRole("button", { name: "Retry 1 run" }));
    await screen.findByRole("dialog", { name: "1 run retried" });
    expect(within(screen.getByRole("grid")).queryByText("failed")).toBeNull();
  });

  it("keeps the question open when nobody answers", async () => {
    await show();
    await userEvent.click(box(3));
    await userEvent.click(screen.getByRole("button", { name: "Cancel 1…" }));
    network.mockImplementation(() => Promise.reject(new TypeError("failed to fetch")));
    await userEvent.click(screen.getByRole("button", { name: "Cancel 1 run" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Forkpoint's API does not answer");
  });
});
