import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { newKey, useSubmit } from "./actions";
import type { SweepSpec } from "./types";

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

beforeEach(() => network.mockReset());

function show(children: React.ReactNode) {
  render(<QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>);
}

function answer(status: number, body: object) {
  return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));
}

function sentKeys() {
  return network.mock.calls.map(([request]) => request.headers.get("idempotency-key"));
}

function Submit() {
  const submit = useSubmit();
  return <button onClick={() => submit.mutate({ spec: { name: "one" } as SweepSpec, key: newKey() })}>{submit.status}</button>;
}

describe("a submission", () => {
  it("is sent again under its key when no answer came", async () => {
    network.mockRejectedValueOnce(new TypeError("network")).mockImplementation(() => answer(201, { id: 1 }));
    show(<Submit />);
    await userEvent.click(screen.getByRole("button"));
    await waitFor(() => expect(screen.getByRole("button")).toHaveTextContent("success"), { timeout: 4000 });
    expect(sentKeys()).toHaveLength(2);
    expect(sentKeys()[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(sentKeys()[1]).toBe(sentKeys()[0]);
  });

  it("has a key of its own for each click", async () => {
    network.mockImplementation(() => answer(201, { id: 1 }));
    show(<Submit />);
    await userEvent.click(screen.getByRole("button"));
    await userEvent.click(screen.getByRole("button"));
    expect(new Set(sentKeys()).size).toBe(2);
  });

  it("is not sent again when it was refused", async () => {
    network.mockImplementation(() => answer(422, { code: "invalid", message: "wrong", errors: [] }));
    show(<Submit />);
    await userEvent.click(screen.getByRole("button"));
    await waitFor(() => expect(screen.getByRole("button")).toHaveTextContent("error"));
    expect(sentKeys()).toHaveLength(1);
  });
});
