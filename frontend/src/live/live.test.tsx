import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Problem } from "../api/client";
import { LiveMark } from "../shell/LiveMark";
import { runsKey } from "./events";
import { joined, type KeptRuns, patched } from "./patches";
import { kept, NOTHING, PROGRESS, run, Wire } from "./samples";
import { Live } from "./stream";
import type { Topic } from "./topics";
import { LiveContext, useFollowing, useLive } from "./useLive";

let queries: QueryClient;
let asked: ReturnType<typeof vi.fn>;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-05T10:00:00") });
  Wire.all = [];
  globalThis.EventSource = Wire as unknown as typeof EventSource;
  queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  asked = vi.fn(() => Promise.resolve(asked.mock.calls.length));
  setHidden(false);
});

afterEach(() => vi.useRealTimers());

function setHidden(hidden: boolean) {
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}

function Shown({ sweep, topic }: { sweep: number | null; topic: Topic }) {
  useLive(sweep);
  const query = useQuery({ queryKey: ["shown"], queryFn: asked as () => Promise<number>, ...useFollowing(topic, 2000) });
  return <LiveMark query={query} />;
}

async function show(sweep: number | null = 7, topic: Topic = { of: "workers" }) {
  const page = (shown: number | null) => (
    <QueryClientProvider client={queries}>
      <LiveContext value={live}>
        <Shown sweep={shown} topic={topic} />
      </LiveContext>
    </QueryClientProvider>
  );
  const live = new Live(queries);
  const { rerender } = render(page(sweep));
  await pass(0);
  return (next: number | null) => rerender(page(next));
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const mark = () => screen.getByRole("status").textContent;

describe("the stream", () => {
  it("is one for the tab, and follows the page from sweep to sweep", async () => {
    const turnTo = await show(7);
    Wire.newest.say("beat", {}, "100");
    turnTo(8);
    expect(Wire.all.map(({ url, open }) => [url, open])).toEqual([
      ["/api/events?sweep=7", false],
      ["/api/events?sweep=8&after=100", true],
    ]);
  });

  it("goes on from the runs that are kept, when they know less than was heard", async () => {
    queries.setQueryData(runsKey(8), kept());
    const turnTo = await show(7);
    Wire.newest.say("beat", {}, "100");
    turnTo(8);
    expect(Wire.newest.url).toBe("/api/events?sweep=8&after=50");
  });

  it("is closed while nobody looks, and opened where it was left", async () => {
    await show();
    Wire.newest.say("beat", {}, "100");
    act(() => setHidden(true));
    expect(Wire.all.every(({ open }) => !open)).toBe(true);
    act(() => setHidden(false));
    expect(Wire.newest.url).toBe("/api/events?sweep=7&after=100");
  });

  it("is opened again when it ends, where it was left", async () => {
    await show();
    Wire.newest.say("beat", {}, "100");
    Wire.newest.break();
    await pass(600);
    expect(Wire.newest.url).toBe("/api/events?sweep=7&after=100");
    expect(Wire.newest.open).toBe(true);
  });
});

describe("what is kept", () => {
  it("is changed row by row, and other rows stay the same objects", async () => {
    const before = kept();
    queries.setQueryData(runsKey(7), before);
    queries.setQueryData(["sweep", 7], { id: 7, progress: null });
    await show();
    const { shared_with: _, ...row } = run(2, { status: "succeeded" });
    Wire.newest.say("runs", { sweep_id: 7, runs: [row], progress: PROGRESS }, "60");
    const after = queries.getQueryData<KeptRuns>(runsKey(7));
    expect(after?.runs[0]).toBe(before.runs[0]);
    expect(after?.runs[1]).toMatchObject({ status: "succeeded", shared_with: [9] });
    expect(after?.cursor).toBe("60");
    expect(queries.getQueryData(["sweep", 7])).toEqual({ id: 7, progress: PROGRESS });
  });

  it("is asked for whole when the sweep has more runs than are kept", async () => {
    queries.setQueryData(runsKey(7), kept());
    await show();
    Wire.newest.say("runs", { sweep_id: 7, runs: [run(3)], progress: { ...PROGRESS, total: 3 } });
    expect(queries.getQueryData<KeptRuns>(runsKey(7))?.cursor).toBeNull();
    expect(queries.getQueryState(runsKey(7))?.isInvalidated).toBe(true);
  });

  it("is joined with what was asked for after it", () => {
    const later = { runs: [run(2, { step: 5 }), run(3)], sweeps: [{ id: 9, name: "other" }], cursor: "70" };
    const now = joined(kept(), later);
    expect(now.runs.map(({ id, step }) => [id, step])).toEqual([[1, 1], [2, 5], [3, 1]]);
    expect([now.sweeps, now.cursor]).toEqual([later.sweeps, "70"]);
    expect(patched(now, [], "80")).toBe(now);
  });

  it("is trusted no longer after a reset", async () => {
    queries.setQueryData(runsKey(7), kept());
    await show();
    Wire.newest.say("reset");
    await pass(0);
    expect(queries.getQueryData<KeptRuns>(runsKey(7))?.cursor).toBeNull();
    expect(asked).toHaveBeenCalledTimes(2);
  });
});

describe("queries", () => {
  const WORKERS = { ...NOTHING, workers: true };

  it("ask anew when something they follow has changed, and not for anything else", async () => {
    await show(7, { of: "sweep", id: 7, when: "measured" });
    await pass(10_000);
    Wire.newest.say("changed", WORKERS);
    Wire.newest.say("changed", { ...NOTHING, measured: [8] });
    await pass(10_000);
    expect(asked).toHaveBeenCalledTimes(1);
    Wire.newest.say("changed", { ...NOTHING, measured: [7] });
    await pass(0);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("are not asked more often than is of use, and the last news is not lost", async () => {
    await show();
    for (let at = 0; at < 5000; at += 250) {
      Wire.newest.say("changed", WORKERS);
      await pass(250);
    }
    await pass(2000);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(8);
    const before = asked.mock.calls.length;
    Wire.newest.say("changed", WORKERS);
    await pass(1000);
    expect(asked).toHaveBeenCalledTimes(before + 1);
  });

  it("hear of the end of a run only when one of their sweep ends", async () => {
    await show(7, { of: "sweep", id: 7, when: "ended" });
    await pass(10_000);
    Wire.newest.say("runs", { sweep_id: 7, runs: [run(1)], progress: PROGRESS });
    await pass(10_000);
    expect(asked).toHaveBeenCalledTimes(1);
    Wire.newest.say("runs", { sweep_id: 7, runs: [run(1, { status: "failed" })], progress: PROGRESS });
    await pass(10_000);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("ask by themselves where no stream can be had, until one can", async () => {
    await show();
    Wire.newest.break();
    await pass(500);
    Wire.newest.break();
    await pass(5000);
    const polled = asked.mock.calls.length;
    expect(polled).toBeGreaterThanOrEqual(3);
    expect(mark()).toBe("Live");
    Wire.newest.say("beat");
    await pass(10_000);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(polled + 1);
  });
});

describe("the mark", () => {
  it("says since when nothing was heard, and is live again with the first word", async () => {
    await show();
    await pass(1000);
    Wire.newest.say("beat");
    expect(mark()).toBe("Live");
    await pass(120_000);
    expect(mark()).toMatch(/^Stale since 10:00/);
    Wire.newest.say("beat");
    expect(mark()).toBe("Live");
  });

  it("says at once when the server cannot see its database", async () => {
    await show();
    Wire.newest.say("away", { message: "the database does not answer" });
    expect(mark()).toMatch(/^Stale since 10:00/);
    Wire.newest.say("beat");
    expect(mark()).toBe("Live");
  });

  it("is stale when neither the stream nor the queries reach the server", async () => {
    await show();
    asked.mockRejectedValue(new Problem("unreachable", "nobody is there"));
    Wire.newest.break();
    await pass(500);
    Wire.newest.break();
    await pass(100);
    expect(mark()).toMatch(/^Stale since 10:00/);
  });
});
