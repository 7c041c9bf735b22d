import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { SESSION } from "../api/session";
import type { Delivery, Role } from "../api/types";
import SettingsPage from "../pages/SettingsPage";
import { mount, network, newQueries, reply, requests, sent } from "../standins";
import { deliveryWords } from "./Deliveries";

const KEY = { id: "k1", name: "ada", role: "editor", created_at: "2025-06-01T12:00:00Z", created_by: "local", expires_at: null, revoked_at: null, used_at: null };
const HOOK = { id: 3, url: "https://hook.example/x", events: ["run.failed"], created_at: "2025-06-01T12:00:00Z", created_by: "local", pending: 0, failed: 0, delivered_at: null };
const SENT: Delivery = { id: 5, event: "test", message_id: "msg", created_at: "2025-06-01T12:00:00Z", due_at: null, tries: 1, delivered_at: "2025-06-01T12:00:01Z", status_code: 204, error: null, payload: {} };

const REPLIES: Record<string, object> = {
  "GET /api/keys": [KEY],
  "POST /api/keys": { ...KEY, name: "bob", key: "fp_secret" },
  "POST /api/keys/k1/revoke": KEY,
  "GET /api/webhooks": [HOOK],
  "POST /api/webhooks": { ...HOOK, secret: "whsec_secret" },
  "POST /api/webhooks/3/test": SENT,
  "GET /api/webhooks/3/deliveries": { deliveries: [SENT], total: 1 },
};

const callOf = ({ method, url }: Request) => `${method} ${new URL(url).pathname}`;
const calls = () => requests().map(callOf);

beforeEach(() => void network.mockImplementation(async (request) => reply(REPLIES[callOf(request)]!)));

function show(role: Role) {
  const queries = newQueries();
  queries.setQueryData(SESSION, { name: "me", role, key_id: "k0", by_cookie: true });
  mount(<SettingsPage />, queries);
}

const press = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));

describe("settings", () => {
  it.each<Role>(["viewer", "editor"])("say to a %s why they are closed, and ask for nothing", (role) => {
    show(role);
    expect(screen.getByText(new RegExp(`Needs the role admin; you are signed in as ${role}`))).toBeVisible();
    expect(calls()).toEqual([]);
  });

  it("show a new key once", async () => {
    show("admin");
    await userEvent.type(screen.getByLabelText("For whom"), "bob");
    await userEvent.selectOptions(screen.getByLabelText("Role"), "editor");
    await userEvent.selectOptions(screen.getByLabelText("Lasts"), "until revoked");
    await press("Make a key");
    expect(await screen.findByText("fp_secret")).toBeVisible();
    expect(await sent()).toEqual([{ path: "/api/keys", body: { name: "bob", role: "editor", expires_at: null } }]);
    await press("I have copied it");
    expect(screen.queryByText("fp_secret")).toBeNull();
  });

  it("revoke a key only after a question", async () => {
    show("admin");
    await userEvent.click(await screen.findByRole("button", { name: "Revoke the key of ada" }));
    expect(calls()).not.toContain("POST /api/keys/k1/revoke");
    await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Revoke" }));
    expect(calls()).toContain("POST /api/keys/k1/revoke");
  });

  it("add a webhook for the events that are ticked, and show its secret", async () => {
    show("admin");
    await userEvent.type(screen.getByLabelText("Address"), "https://hook.example/x");
    await userEvent.click(screen.getByLabelText("a sweep finishes"));
    await press("Add");
    expect(await screen.findByText("whsec_secret")).toBeVisible();
    expect(await sent()).toEqual([{ path: "/api/webhooks", body: { url: "https://hook.example/x", events: ["run.failed", "worker.parked"] } }]);
  });

  it("send a test and show how it went", async () => {
    show("admin");
    await userEvent.click(await screen.findByRole("button", { name: "Send a test" }));
    expect(await screen.findByText("delivered, answered 204")).toBeVisible();
    expect(calls()).toContain("POST /api/webhooks/3/test");
  });
});

describe("a delivery", () => {
  it.each<[string, Partial<Delivery>]>([
    ["under way", { due_at: "2025-06-01T12:00:00Z", tries: 0, delivered_at: null, status_code: null }],
    ["given up after 10 tries: answered 500", { tries: 10, delivered_at: null, status_code: 500 }],
    ["given up after 1 try: no such host", { delivered_at: null, status_code: null, error: "no such host" }],
  ])("is said to be %s", (words, changes) => {
    expect(deliveryWords({ ...SENT, ...changes })).toBe(words);
  });
});
