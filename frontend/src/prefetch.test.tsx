import { QueryClient } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { prefetch } from "./prefetch";
import { arriving } from "./shell/arriving";

// The network alone is a stand-in: the client takes both when it is made.
const network = vi.hoisted(() => {
  const send = vi.fn<(request: Request) => Promise<Response>>();
  globalThis.Request = class extends Request {
    constructor(address: string, init?: RequestInit) {
      super(new URL(address, "http://page.example"), init);
    }
  } as typeof Request;
  globalThis.fetch = send as typeof fetch;
  return send;
});

function asked(address: string): string[] {
  prefetch(new QueryClient(), new URL(address, "http://page.example"));
  return network.mock.calls.map(([{ url }]) => url.replace("http://page.example/api", ""));
}

beforeEach(() => {
  network.mockReset();
  network.mockImplementation(() => Promise.resolve(new Response("{}", { status: 200, headers: { "content-type": "application/json" } })));
});

describe("what is asked for before anything is drawn", () => {
  it.each([
    ["/", ["/session"]],
    ["/runs/7", ["/session"]],
    ["/sweeps/7", ["/session", "/sweeps/7", "/sweeps/7/comparison?thin=true"]],
    ["/sweeps/7?baseline=grpo", ["/session", "/sweeps/7", "/sweeps/7/comparison?baseline=grpo&thin=true"]],
    ["/sweeps/7?tab=runs", ["/session", "/sweeps/7"]],
    ["/sweeps/seven", ["/session"]],
    ["/sign-in", []],
  ])("at %s", (address, expected) => {
    expect(asked(address)).toEqual(expected);
  });
});

describe("a part that arrives", () => {
  it("is waited for, unless it has arrived before", async () => {
    const late = arriving(() => Promise.resolve(() => <p>late</p>));
    const { unmount } = render(<Suspense fallback="waiting"><late.Part /></Suspense>);
    expect(screen.getByText("waiting")).toBeVisible();
    expect(await screen.findByText("late")).toBeVisible();
    unmount();
    render(<Suspense fallback="waiting"><late.Part /></Suspense>);
    expect(screen.getByText("late")).toBeVisible();
  });

  it("can be prepared", async () => {
    const soon = arriving(() => Promise.resolve(() => <p>soon</p>));
    soon.prepare();
    await Promise.resolve();
    await Promise.resolve();
    render(<Suspense fallback="waiting"><soon.Part /></Suspense>);
    expect(screen.getByText("soon")).toBeVisible();
  });
});
