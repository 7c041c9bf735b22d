import { act, render, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Leader, SweepSummary } from "../api/types";
import { mount, network, outOfView, reply } from "../standins";
import { BestArm } from "./BestArm";
import { Pages } from "./Pages";
import { nextSort, readView, writeView } from "./view";

const DELTA = { mean: 0.052, low: 0.03, high: 0.07, p: 0.01, adjusted_low: 0.01, adjusted_high: 0.09, adjusted_p: 0.02, excludes_zero: true, established: true };
const LEADER: Leader = { k: 64, arm: "shaped/alpha=0.4", delta: DELTA, words: "better at pass@64" };
const SWEEP = { id: 7, arms: 3, progress: { total: 6, queued: 0, running: 0, cancelling: 0, succeeded: 6, failed: 0, cancelled: 0 } } as unknown as SweepSummary;

let look: () => void;

beforeEach(() => void (look = outOfView()));

function serve(body: object, status = 200) {
  network.mockImplementation(async () => reply(body, status));
}

function show(sweep: SweepSummary, body: object = LEADER, status = 200) {
  serve(body, status);
  mount(<BestArm sweep={sweep} />);
}

const withProgress = (progress: object) => ({ ...SWEEP, progress: { ...SWEEP.progress, ...progress } });

describe("the best arm of a row", () => {
  it("is asked for when the row comes into view, and not before", async () => {
    show(SWEEP);
    expect(network).not.toHaveBeenCalled();
    look();
    expect(await screen.findByText("+5.2 (+1.0 – +9.0) points pass@64")).toBeVisible();
    expect(screen.getByText(/shaped\//)).toBeVisible();
  });

  it.each<[string, Partial<Leader>, object]>([
    ["no difference established", { delta: { ...DELTA, established: false } }, {}],
    ["none beats the baseline", { delta: { ...DELTA, mean: -0.02 } }, {}],
    ["nothing to compare", { arm: null, delta: null, words: "This sweep has one arm." }, {}],
    ["not yet", { arm: null, delta: null, words: "No conclusion yet." }, { queued: 2 }],
  ])("may be no arm: %s", async (words, leader, progress) => {
    show(withProgress(progress), { ...LEADER, ...leader });
    look();
    expect(await screen.findByText(words)).toBeVisible();
    expect(screen.queryByText(/shaped\//)).toBeNull();
  });

  it.each([
    ["not yet", { succeeded: 0, queued: 6 }],
    ["no result", { succeeded: 0, failed: 4, cancelled: 2 }],
  ])("is not asked for without a result: %s", (words, progress) => {
    show(withProgress(progress));
    look();
    expect(screen.getByText(words)).toBeVisible();
    expect(network).not.toHaveBeenCalled();
  });
});

describe("the best arm of a row that is not told", () => {
  const REFUSED = { code: "conflict", message: "runs 1 and 5 were graded differently", errors: [] };
  const AWAY = { code: "unavailable", message: "the database did not answer in time", errors: [] };

  it("is because its runs cannot be compared, and says why", async () => {
    show(SWEEP, REFUSED, 409);
    look();
    expect(await screen.findByText("not comparable")).toHaveAttribute("title", REFUSED.message);
  });

  it("is for the moment when nobody answers, and is asked for again", async () => {
    vi.useFakeTimers();
    show(SWEEP, AWAY, 503);
    look();
    await act(() => vi.advanceTimersByTimeAsync(100));
    expect(screen.getByText(AWAY.message)).toBeInTheDocument();
    expect(screen.queryByText("not comparable")).toBeNull();
    serve(LEADER);
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    expect(screen.getByText("+5.2 (+1.0 – +9.0) points pass@64")).toBeInTheDocument();
    vi.useRealTimers();
  });
});

describe("the list's address", () => {
  it("keeps what was chosen, and nothing else", () => {
    const address = "?search=tiny&archived=1&sort=name&page=3";
    expect(writeView(readView(new URLSearchParams(address)))).toBe(address);
    expect(writeView(readView(new URLSearchParams("")))).toBe("");
  });

  it("makes nothing of what it does not know", () => {
    expect(readView(new URLSearchParams("?sort=best&page=-1"))).toMatchObject({ sort: "-created", page: 1 });
  });

  it("sorts by a column, then the other way", () => {
    expect(nextSort("name", "-created")).toBe("name");
    expect(nextSort("name", "name")).toBe("-name");
    expect(nextSort("arms", "name")).toBe("-arms");
    expect(nextSort("arms", "-arms")).toBe("arms");
  });
});

describe("pages", () => {
  const to = (page: number) => `/?page=${page}`;

  it("say where in the list one is, and lead on", () => {
    render(<Pages page={2} size={50} total={1003} to={to} />);
    expect(screen.getByText("51 – 100 of 1,003")).toBeVisible();
    expect(screen.getByRole("link", { name: "Next" })).toHaveAttribute("href", "/?page=3");
    expect(screen.getByRole("link", { name: "Previous" })).toHaveAttribute("href", "/?page=1");
  });

  it("end where the list ends", () => {
    render(<Pages page={21} size={50} total={1003} to={to} />);
    expect(screen.getByText("1,001 – 1,003 of 1,003")).toBeVisible();
    expect(screen.queryByRole("link", { name: "Next" })).toBeNull();
  });

  it("are not there for a list that fits on one", () => {
    render(<Pages page={1} size={50} total={50} to={to} />);
    expect(screen.queryByRole("navigation")).toBeNull();
  });
});
