import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { COMPARISON } from "./samples";

// The network alone is a stand-in, with what jsdom lacks: the client takes both when it is made.
const network = vi.hoisted(() => {
  window.matchMedia = vi.fn(() => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }) as unknown as MediaQueryList);
  const send = vi.fn<(request: Request) => Promise<Response>>();
  globalThis.Request = class extends Request {
    constructor(address: string, init?: RequestInit) {
      super(new URL(address, "http://page.example"), init);
    }
  } as typeof Request;
  globalThis.fetch = send as typeof fetch;
  return send;
});

const { CompareTab } = await import("./CompareTab");
const { sweepOf } = await import("../curves/samples");

const PROGRESS = { total: 2, queued: 0, running: 2, cancelling: 0, succeeded: 0, failed: 0, cancelled: 0, eta_seconds: null, device_seconds: 0 };
const SWEEP = { ...sweepOf(["grpo", "grpo"]), progress: PROGRESS };
/** Without charts, which jsdom cannot draw. */
const UNGRADED = { ...COMPARISON, sweep_id: 3, arms: COMPARISON.arms.slice(0, 1).map((arm) => ({ ...arm, pass_at: null, cover: null, histogram: null })) };

let queries: QueryClient;
let comparison: () => Promise<Response>;

function answer(status: number, body: object): Promise<Response> {
  return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));
}

/** The tab with figures, which are then asked for again and answered so. */
async function showThen(next: () => Promise<Response>) {
  comparison = () => answer(200, UNGRADED);
  render(
    <QueryClientProvider client={queries}>
      <CompareTab id={3} sweep={SWEEP} busy={false} />
    </QueryClientProvider>,
  );
  await screen.findByText("Nothing to compare yet");
  comparison = next;
  await act(() => queries.refetchQueries({ queryKey: ["comparison"] }));
}

beforeEach(() => {
  queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  network.mockReset();
  network.mockImplementation((request) => (request.url.includes("/comparison") ? comparison() : new Promise(() => undefined)));
});

describe("figures that were shown before", () => {
  it("give way when the API says that they compare unlike runs", async () => {
    await showThen(() => answer(409, { code: "conflict", message: "runs 1 and 5 were trained by different versions", errors: [] }));
    expect(await screen.findByText("These runs cannot be compared")).toBeInTheDocument();
    expect(screen.queryByText("Nothing to compare yet")).not.toBeInTheDocument();
  });

  it("stay when they cannot be asked for again, and say of when they are", async () => {
    await showThen(() => answer(503, { code: "unavailable", message: "the database did not answer in time", errors: [] }));
    expect(await screen.findByText(/^These figures are of \d\d:\d\d:\d\d/)).toBeInTheDocument();
    expect(screen.getByText("the database did not answer in time")).toBeInTheDocument();
    expect(screen.getByText("Nothing to compare yet")).toBeInTheDocument();
    comparison = () => answer(200, UNGRADED);
    await act(() => queries.refetchQueries({ queryKey: ["comparison"] }));
    await waitFor(() => expect(screen.queryByText(/^These figures are of/)).not.toBeInTheDocument());
  });
});
