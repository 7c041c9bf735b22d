import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { SESSION } from "../api/session";
import type { Role, Session } from "../api/types";
import { Action } from "../shell/Action";
import { Header } from "../shell/Header";
import { Gate } from "./Gate";

// The network alone is a stand-in: the client takes both when it is made.
const network = vi.hoisted(() => {
  const send = vi.fn<(request: Request) => Promise<Response>>();
  globalThis.Request = class extends Request {
    constructor(address: string, init?: RequestInit) {
      super(new URL(address, "http://page.example"), init);
    }
  } as typeof Request;
  globalThis.fetch = send as typeof fetch;
  globalThis.matchMedia = () => Object.assign(new EventTarget(), { matches: false }) as MediaQueryList; // jsdom has none
  return send;
});

const ADA: Session = { name: "ada", role: "editor", key_id: "1", by_cookie: true };

beforeEach(() => {
  network.mockReset();
  window.history.replaceState(null, "", "/");
});

function answer(status: number, body: object | null) {
  return Promise.resolve(new Response(body && JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));
}

function refusal() {
  return answer(401, { code: "unauthenticated", message: "the session has ended", errors: [] });
}

function show(children: React.ReactNode, session?: Session | null) {
  const queries = new QueryClient({ queryCache: new QueryCache(), mutationCache: new MutationCache(), defaultOptions: { queries: { retry: false } } });
  if (session !== undefined) queries.setQueryData(SESSION, session);
  render(<QueryClientProvider client={queries}>{children}</QueryClientProvider>);
}

describe("the gate", () => {
  it("shows the page to whoever is signed in", async () => {
    network.mockImplementation(() => answer(200, ADA));
    show(<Gate>sweeps</Gate>);
    expect(await screen.findByText("sweeps")).toBeVisible();
  });

  it("offers to sign in, and shows the page that was asked for afterwards", async () => {
    network.mockImplementationOnce(refusal).mockImplementation(() => answer(200, ADA));
    show(<Gate>sweeps</Gate>);
    await userEvent.type(await screen.findByLabelText("API key"), " fp_one ");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("sweeps")).toBeVisible();
    expect(await network.mock.calls[1]?.[0].json()).toEqual({ token: null, key: "fp_one" });
  });

  it("says that the server cannot be reached, and shows the page once it can", async () => {
    network.mockImplementationOnce(() => Promise.reject(new TypeError("no network"))).mockImplementation(() => answer(200, ADA));
    show(<Gate>sweeps</Gate>);
    expect(await screen.findByRole("heading", { name: "Forkpoint cannot be reached" })).toBeVisible();
    expect(await screen.findByText("sweeps", {}, { timeout: 10_000 })).toBeVisible();
  });

  it("says in the server's words why a key will not do", async () => {
    network.mockImplementation(refusal);
    show(<Gate>sweeps</Gate>, null);
    await userEvent.type(screen.getByLabelText("API key"), "fp_wrong");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("the session has ended")).toBeVisible();
    expect(screen.queryByText("sweeps")).toBeNull();
  });
});

describe("a sign-in link", () => {
  it("is redeemed once, and its token leaves the address", async () => {
    window.history.replaceState(null, "", "/sign-in#secret");
    network.mockImplementation(() => answer(200, ADA));
    show(<Gate>sweeps</Gate>);
    expect(await screen.findByText("sweeps")).toBeVisible();
    expect(window.location.href).not.toContain("secret");
    expect(network).toHaveBeenCalledTimes(1);
    expect(await network.mock.calls[0]?.[0].json()).toEqual({ token: "secret", key: null });
  });
});

describe("the header", () => {
  it("says who is signed in, and signs out on the server, leaving nothing that was being written", async () => {
    window.sessionStorage.setItem("forkpoint-draft:example", "name: unsent");
    network.mockImplementation(() => answer(204, null));
    show(
      <>
        <Header />
        <Gate>sweeps</Gate>
      </>,
      ADA,
    );
    expect(screen.getByText("editor")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Sign out" }));
    await waitFor(() => expect(screen.getByLabelText("API key")).toBeVisible());
    expect(network.mock.calls[0]?.[0].method).toBe("DELETE");
    expect(window.sessionStorage).toHaveLength(0);
    expect(screen.queryByText("editor")).toBeNull();
  });

  it.each<[Role, number]>([
    ["viewer", 0],
    ["editor", 1],
    ["admin", 1],
  ])("offers a new sweep to whom it is allowed: %s", (role, offers) => {
    show(<Header />, { ...ADA, role });
    expect(screen.queryAllByRole("link", { name: "New sweep" })).toHaveLength(offers);
  });
});

describe("an action", () => {
  it("that the role forbids says so in place of its meaning", () => {
    show(<Action label="Cancel" meaning="Stops it." disabled={false} onAct={() => undefined} />, { ...ADA, role: "viewer" });
    expect(screen.getByRole("button")).toBeDisabled();
    expect(screen.getByText("Needs the role editor; you are signed in as viewer.")).toBeVisible();
  });

  it("that the role allows can be done", () => {
    show(<Action label="Cancel" meaning="Stops it." disabled={false} onAct={() => undefined} />, ADA);
    expect(screen.getByRole("button")).toBeEnabled();
  });
});
