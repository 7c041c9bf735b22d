import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Refreshes } from "./refreshes";
import { gapOf, type Topic } from "./topics";

const TOPIC: Topic = { of: "sweep", id: 1, when: "measured" };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A query that is watched and takes so long to answer, and how often it was asked. */
function watch(tookMs: number) {
  const queries = new QueryClient();
  const ask = vi.fn(() => new Promise<number>((answer) => setTimeout(() => answer(1), tookMs)));
  const refreshes = new Refreshes(queries);
  const stop = new QueryObserver(queries, { queryKey: ["curve"], queryFn: ask, meta: { follows: TOPIC } }).subscribe(() => undefined);
  return {
    ask,
    refreshes,
    finish: () => {
      refreshes.stop();
      stop();
      queries.clear();
    },
  };
}

/** News every second for so many seconds. */
async function live(refreshes: Refreshes, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    refreshes.tell([TOPIC]);
    await vi.advanceTimersByTimeAsync(1000);
  }
}

it("asks anew as often as is of use, however much happens", async () => {
  const { ask, refreshes, finish } = watch(10);
  await vi.advanceTimersByTimeAsync(100);
  await live(refreshes, 40);
  expect(ask.mock.calls.length).toBeGreaterThanOrEqual(40_000 / gapOf(TOPIC) - 1);
  expect(ask.mock.calls.length).toBeLessThanOrEqual(40_000 / gapOf(TOPIC) + 2);
  finish();
});

it("waits for an answer that takes longer than news do, and asks for it less often", async () => {
  const { ask, refreshes, finish } = watch(2500);
  await live(refreshes, 3);
  expect(ask).toHaveBeenCalledTimes(1);
  await live(refreshes, 60);
  expect(ask.mock.calls.length).toBeGreaterThanOrEqual(3);
  expect(ask.mock.calls.length).toBeLessThanOrEqual(4);
  finish();
});
