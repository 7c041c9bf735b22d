import { describe, expect, it } from "vitest";

import type { SweepRun } from "../api/types";
import { byName } from "../text/order";
import { type Filters, runsAddress } from "./address";
import type { Context } from "./columns";
import { arrange, choose, nextSort, occurring, order, readView } from "./rows";

const CONTEXT: Context = { now: Date.parse("2026-01-01T12:00:00Z"), sweeps: new Map() };

function run(id: number, changes: object = {}): SweepRun {
  return { id, arm: "grpo", seed: 0, status: "queued", step: 0, total_steps: 10, worker: null, failure: null, error: null, shared_with: [], started_at: null, finished_at: null, ...changes } as unknown as SweepRun;
}

const RUNS = [
  run(1, { status: "succeeded", arm: "shaped/alpha=0.4", seed: 2, worker: "here", started_at: "2026-01-01T11:00:00Z", finished_at: "2026-01-01T11:10:00Z" }),
  run(2, { status: "failed", arm: "shaped/alpha=0.05", failure: "out_of_memory", error: "CUDA out of memory", started_at: "2026-01-01T11:00:00Z", finished_at: "2026-01-01T11:01:00Z" }),
  run(3, { status: "running", arm: "shaped/alpha=10", seed: 1, step: 5, worker: "there", started_at: "2026-01-01T11:58:00Z" }),
  run(4),
];
const ids = (runs: SweepRun[]) => runs.map(({ id }) => id);
const view = (address: string) => readView(new URLSearchParams(address));

describe("filters", () => {
  it.each([
    ["", [1, 2, 3, 4]],
    ["state=failed", [2]],
    ["state=nonsense", [1, 2, 3, 4]],
    ["runs-arm=grpo", [4]],
    ["runs-seed=2", [1]],
    ["runs-worker=there", [3]],
    ["runs-failure=out_of_memory", [2]],
    ["runs-find=memory", [2]],
    ["runs-find=SHAPED there", [3]],
    ["runs-find=4&state=queued", [4]],
    ["runs-arm=grpo&runs-seed=9", []],
  ])("%s", (address, expected) => {
    expect(ids(choose(RUNS, view(address)))).toEqual(expected);
  });

  it.each<[Partial<Filters>, number[]]>([
    [{}, [1, 2, 3, 4]],
    [{ arm: "shaped/alpha=0.05" }, [2]],
    [{ state: "running" }, [3]],
  ])("%j are read again from the address that asks for them", (filters, expected) => {
    const { pathname, searchParams } = new URL(runsAddress(7, filters), "http://page.example");
    expect([pathname, searchParams.get("tab")]).toEqual(["/sweeps/7", "runs"]);
    expect(ids(choose(RUNS, readView(searchParams)))).toEqual(expected);
  });

  it("offer what occurs, numbers by their size", () => {
    expect(occurring(RUNS, ({ arm }) => arm)).toEqual(["grpo", "shaped/alpha=0.05", "shaped/alpha=0.4", "shaped/alpha=10"]);
    expect(occurring(RUNS, ({ worker }) => worker)).toEqual(["here", "there"]);
  });
});

describe("the order", () => {
  it.each([
    ["", [2, 3, 4, 1]],
    ["runs-sort=arm", [4, 2, 1, 3]],
    ["runs-sort=-arm", [3, 1, 2, 4]],
    ["runs-sort=took", [2, 3, 1, 4]],
    ["runs-sort=-took", [1, 3, 2, 4]],
    ["runs-sort=worker", [1, 3, 2, 4]],
    ["runs-sort=-worker", [3, 1, 2, 4]],
    ["runs-sort=nothing", [2, 3, 4, 1]],
  ])("%s", (address, expected) => {
    expect(ids(order(RUNS, view(address).sort, CONTEXT))).toEqual(expected);
  });

  it("goes up, then down, then back to what matters first", () => {
    expect(nextSort(null, "arm")).toEqual({ "runs-sort": "arm" });
    expect(nextSort({ column: "arm", down: false }, "arm")).toEqual({ "runs-sort": "-arm" });
    expect(nextSort({ column: "arm", down: true }, "arm")).toEqual({ "runs-sort": null });
    expect(nextSort({ column: "arm", down: true }, "seed")).toEqual({ "runs-sort": "seed" });
  });

  it("leaves ten thousand in order within a moment", () => {
    const many = Array.from({ length: 10_000 }, (_, id) => run(id, { arm: `shaped/alpha=${(id % 2000) / 20}` }));
    const began = performance.now();
    order(many, { column: "arm", down: false }, CONTEXT);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it("of names is that of the numbers in them", () => {
    expect(["b", "a=10", "a=9", "a=0.5", "a=0.05", "a"].sort(byName)).toEqual(["a", "a=0.05", "a=0.5", "a=9", "a=10", "b"]);
  });
});

describe("groups", () => {
  const shown = (address: string, closed: string[] = []) => arrange(order(RUNS, view(address).sort, CONTEXT), view(address).group, new Set(closed)).map(({ key }) => key);

  it("have a head each, in the order of what is under them", () => {
    expect(shown("runs-group=state")).toEqual(["state failed", "2", "state running", "3", "state queued", "4", "state succeeded", "1"]);
  });

  it("show their head alone when they are closed", () => {
    expect(shown("runs-group=state", ["failed", "queued"])).toEqual(["state failed", "state running", "3", "state queued", "state succeeded", "1"]);
  });

  it("are none unless asked for", () => {
    expect(shown("")).toEqual(["2", "3", "4", "1"]);
  });
});
