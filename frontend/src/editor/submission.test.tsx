import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { SESSION } from "../api/session";
import { Editor } from "./Editor";

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

const START = "name: first\nseeds: [0]\nbaseline: grpo\narms:\n  - {name: grpo, method: grpo}\n";
const PREVIEW = { name: "first", baseline: "grpo", arms: [], runs: 1, new_runs: 1, queued_again: 0, existing: [], device_seconds: null, estimate_basis: "unknown" };

let queries: QueryClient;
let preview: () => Promise<Response>;

beforeEach(() => {
  sessionStorage.clear();
  queries = new QueryClient();
  queries.setQueryData(SESSION, { name: "ada", role: "editor" });
  network.mockReset();
  network.mockImplementation((request) => {
    if (request.url.endsWith("/sweeps/preview")) return preview();
    return request.method === "POST" ? answer({ id: 5 }) : new Promise(() => undefined);
  });
});

function answer(body: object) {
  return Promise.resolve(new Response(JSON.stringify(body), { status: 200, headers: { "content-type": "application/json" } }));
}

function show() {
  render(
    <QueryClientProvider client={queries}>
      <Editor origin="test" start={START} examples={[]} />
    </QueryClientProvider>,
  );
}

const submitted = () => network.mock.calls.filter(([request]) => request.method === "POST" && request.url.endsWith("/sweeps")).length;
const previewed = () => queries.getQueryState(["preview", START])?.status;
const ask = () => userEvent.type(screen.getByLabelText("Name"), "{Control>}{Enter}{/Control}");

describe("Ctrl+Enter", () => {
  it("submits as soon as what is written was found to be in order", async () => {
    let find: (reply: Response) => void = () => undefined;
    preview = () => new Promise((resolve) => (find = resolve));
    show();
    await ask();
    expect(screen.getByRole("button", { name: "Submitting…" })).toBeDisabled();
    find(await answer(PREVIEW));
    await waitFor(() => expect(submitted()).toBe(1));
  });

  it("is forgotten when the preview failed, however it goes later", async () => {
    preview = () => Promise.reject(new TypeError("network"));
    show();
    await ask();
    await waitFor(() => expect(previewed()).toBe("error"));
    expect(await screen.findByText("No preview")).toBeInTheDocument();
    preview = () => answer(PREVIEW);
    // As when the window is looked at again.
    await act(() => queries.refetchQueries({ queryKey: ["preview"] }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Submit 1 run" })).toBeEnabled());
    expect(submitted()).toBe(0);
  });
});
