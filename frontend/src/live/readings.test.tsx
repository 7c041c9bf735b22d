import type { QueryClient } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useSweepRuns } from "../api/queries";
import { mount, network, newQueries, reply } from "../standins";
import { runsKey } from "./events";
import { kept, PROGRESS, run, Wire } from "./samples";
import { Live } from "./stream";
import { LiveContext, useLive } from "./useLive";

describe("what is heard while the runs are being read", () => {
  let queries: QueryClient;
  /** The requests that wait, oldest first: each is answered when the test says so. */
  let waiting: { after: string | null; answer: (body: object) => void }[];

  beforeEach(() => {
    vi.useFakeTimers();
    Wire.all = [];
    globalThis.EventSource = Wire as unknown as typeof EventSource;
    queries = newQueries();
    waiting = [];
    network.mockImplementation(
      (request) =>
        new Promise((resolve) => {
          waiting.push({ after: new URL(request.url).searchParams.get("after"), answer: (body) => resolve(reply(body)) });
        }),
    );
  });

  afterEach(() => vi.useRealTimers());

  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  const shown = () => screen.getByRole("status").textContent;

  async function say(name: string, data: object, id: string) {
    Wire.newest.say(name, data, id);
    await pass(0);
  }

  function List() {
    useLive(7);
    const { data } = useSweepRuns(7, true);
    return <p role="status">{data ? data.runs.map(({ id, status }) => `${id} ${status}`).join(", ") : "none"}</p>;
  }

  async function list() {
    mount(
      <LiveContext value={new Live(queries)}>
        <List />
      </LiveContext>,
      queries,
    );
    await pass(0);
  }

  async function answer(body: object) {
    const next = waiting.shift();
    if (!next) throw new Error("nothing was asked for");
    next.answer(body);
    await pass(0);
    return next.after;
  }

  const ended = (id: number) => ({ sweep_id: 7, runs: [run(id, { status: "succeeded" })], progress: PROGRESS });

  it("is not lost when the answer was made before it", async () => {
    await list();
    await say("beat", {}, "50");
    await say("runs", ended(2), "60");
    await answer(kept());
    expect(shown()).toBe("1 running, 2 succeeded");
    await say("runs", ended(1), "70");
    expect(shown()).toBe("1 succeeded, 2 succeeded");
    expect(waiting).toEqual([]);
  });

  it("gives way to an answer that was made after it", async () => {
    await list();
    await say("runs", { ...ended(2), runs: [run(2, { status: "queued" })] }, "40");
    await answer(kept());
    expect(shown()).toBe("1 running, 2 running");
  });

  it("stays when only what changed is read again", async () => {
    queries.setQueryData(runsKey(7), kept());
    await list();
    act(() => void queries.invalidateQueries({ queryKey: runsKey(7) }));
    await pass(0);
    await say("runs", ended(2), "60");
    expect(shown()).toBe("1 running, 2 succeeded");
    expect(await answer({ ...kept(), runs: [run(1, { step: 2 }), run(2)], cursor: "55" })).toBe("50");
    expect(shown()).toBe("1 running, 2 succeeded");
  });

  it("is asked for where the stream began after the answer was made", async () => {
    await list();
    await say("beat", {}, "55");
    await answer(kept());
    expect(await answer({ ...kept(), runs: [run(1, { status: "failed" })], cursor: "56" })).toBe("50");
    expect(shown()).toBe("1 failed, 2 running");
  });

  it("is asked for as well when the answer came before the stream's first word", async () => {
    await list();
    await answer(kept());
    await say("beat", {}, "55");
    expect(await answer({ ...kept(), runs: [run(1, { status: "failed" })], cursor: "56" })).toBe("50");
    expect(shown()).toBe("1 failed, 2 running");
  });
});
