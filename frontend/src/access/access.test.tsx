import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { SESSION } from "../api/session";
import type { Role, Session } from "../api/types";
import { Action } from "../shell/Action";
import { Header } from "../shell/Header";
import { mount, network, newQueries, refusal, reply, requests, sent } from "../standins";
import { Gate } from "./Gate";

const ADA: Session = { name: "ada", role: "editor", key_id: "1", by_cookie: true };

const welcome = async () => reply(ADA);
const ended = async () => refusal(401, "unauthenticated", "the session has ended");

beforeEach(() => window.history.replaceState(null, "", "/"));

function show(children: React.ReactNode, session?: Session | null) {
  const queries = newQueries();
  if (session !== undefined) queries.setQueryData(SESSION, session);
  mount(children, queries);
}

describe("the gate", () => {
  it("shows the page to whoever is signed in", async () => {
    network.mockImplementation(welcome);
    show(<Gate>sweeps</Gate>);
    expect(await screen.findByText("sweeps")).toBeVisible();
  });

  it("offers to sign in, and shows the page that was asked for afterwards", async () => {
    network.mockImplementationOnce(ended).mockImplementation(welcome);
    show(<Gate>sweeps</Gate>);
    await userEvent.type(await screen.findByLabelText("API key"), " fp_one ");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("sweeps")).toBeVisible();
    expect(await sent()).toEqual([{ path: "/api/session", body: { token: null, key: "fp_one" } }]);
  });

  it("says that the server cannot be reached, and shows the page once it can", async () => {
    network.mockImplementationOnce(() => Promise.reject(new TypeError("no network"))).mockImplementation(welcome);
    show(<Gate>sweeps</Gate>);
    expect(await screen.findByRole("heading", { name: "Forkpoint cannot be reached" })).toBeVisible();
    expect(await screen.findByText("sweeps", {}, { timeout: 10_000 })).toBeVisible();
  });

  it("says in the server's words why a key will not do", async () => {
    network.mockImplementation(ended);
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
    network.mockImplementation(welcome);
    show(<Gate>sweeps</Gate>);
    expect(await screen.findByText("sweeps")).toBeVisible();
    expect(window.location.href).not.toContain("secret");
    expect(network).toHaveBeenCalledTimes(1);
    expect(await sent()).toEqual([{ path: "/api/session", body: { token: "secret", key: null } }]);
  });
});

describe("a sign-in link that was used", () => {
  beforeEach(() => window.history.replaceState(null, "", "/sign-in#secret"));

  it("leads on while the session that it began is good", async () => {
    network.mockImplementation(async ({ method }) => (method === "POST" ? refusal(401, "unauthenticated", "the link was used") : welcome()));
    show(<Gate>sweeps</Gate>);
    expect(await screen.findByText("sweeps")).toBeVisible();
    expect(window.location.pathname).toBe("/");
  });

  it("says so where nobody is signed in", async () => {
    network.mockImplementation(ended);
    show(<Gate>sweeps</Gate>);
    expect(await screen.findByText("You are not signed in")).toBeVisible();
    expect(screen.getByText("the session has ended")).toBeVisible();
  });
});

describe("the header", () => {
  it("says who is signed in, and signs out on the server, leaving nothing that was being written", async () => {
    window.sessionStorage.setItem("forkpoint-draft:example", "name: unsent");
    network.mockImplementation(async () => reply(null, 204));
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
    expect(requests()[0]?.method).toBe("DELETE");
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
