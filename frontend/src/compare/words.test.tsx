import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Comparison } from "../api/types";
import { CompareTab } from "./CompareTab";
import { COMPARISON } from "./samples";

// The network alone is a stand-in: the client takes both when it is made.
const network = vi.hoisted(() => {
  const send = vi.fn<(request: Request) => Promise<Response>>();
  globalThis.Request = class extends Request {
    constructor(address: string, init?: RequestInit) {
      super(new URL(address, "http://page.example"), init);
    }
  } as typeof Request;
  globalThis.fetch = send as typeof fetch;
  // jsdom has no media queries, which the theme asks at once.
  window.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
  return send;
});

const UNGRADED = { pass_at: null, delta: null, cover: null, histogram: null };
const FIGURES: Comparison = {
  ...COMPARISON,
  ks: [1, 2, 4],
  k: 4,
  arms: COMPARISON.arms.map((arm) => ({ ...arm, ...UNGRADED })),
  conclusion: "words at pass@4",
};

const DONE = { total: 3, queued: 0, running: 0, cancelling: 0, succeeded: 3, failed: 0, cancelled: 0, eta_seconds: 0, device_seconds: 9 };
const SWEEP = { id: 1, spec: { eval: { split: "held_out" } }, progress: DONE };

const asked: string[] = [];

function serve(conclusion: (k: string) => object | Promise<object>) {
  network.mockImplementation(async (request) => {
    const { pathname, search, searchParams } = new URL(request.url);
    asked.push(pathname + search);
    const k = searchParams.get("k") ?? "";
    const body = pathname.endsWith("/conclusion") ? await conclusion(k) : pathname.endsWith("/comparison") ? FIGURES : SWEEP;
    return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
  });
}

const said = (k: string) => ({ k: Number(k), sentences: {}, warnings: [], conclusion: `words at pass@${k}` });

function show() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, refetchInterval: false } } });
  render(
    <QueryClientProvider client={queries}>
      <CompareTab id={1} busy={false} />
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  asked.length = 0;
  window.history.replaceState(null, "", "/sweeps/1");
});

describe("the words above the figures", () => {
  it("follow k without asking for the figures again", async () => {
    serve(said);
    show();
    await screen.findByText("words at pass@4");
    fireEvent.change(screen.getByRole("slider"), { target: { value: "0" } });
    await screen.findByText("words at pass@1");
    expect(asked.filter((path) => path.includes("/comparison"))).toEqual(["/api/sweeps/1/comparison"]);
    expect(asked).toContain("/api/sweeps/1/conclusion?k=1");
  });

  it("stay until the next are there", async () => {
    let answer = (_: object) => {};
    serve((k) => (k === "1" ? new Promise<object>((resolve) => (answer = resolve)) : said(k)));
    show();
    await screen.findByText("words at pass@4");
    fireEvent.change(screen.getByRole("slider"), { target: { value: "0" } });
    await waitFor(() => expect(asked).toContain("/api/sweeps/1/conclusion?k=1"));
    expect(screen.getByText("words at pass@4")).toBeInTheDocument();
    answer(said("1"));
    expect(await screen.findByText("words at pass@1")).toBeInTheDocument();
  });

  it("are those of the address from the start", async () => {
    window.history.replaceState(null, "", "/sweeps/1?k=2");
    serve(said);
    show();
    expect(await screen.findByText("words at pass@2")).toBeInTheDocument();
    expect(asked).not.toContain("/api/sweeps/1/conclusion?k=4");
  });
});
