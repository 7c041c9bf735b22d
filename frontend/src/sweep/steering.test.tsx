import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import type { SweepDetail } from "../api/types";
import { readAxes, writeRequest } from "../extend/values";
import { ActionHistory } from "../shell/ActionHistory";
import { asked, mount, network, refusal, reply, sent } from "../standins";
import { Fruitless, isFruitless } from "./Fruitless";
import { SweepHeader } from "./SweepHeader";

const SWEEP = {
  id: 7,
  name: "a search",
  arms: 1,
  seeds: 2,
  question: "",
  created_at: "2025-06-01T12:00:00Z",
  confirms: null,
  confirmations: [],
  paused_at: null,
  drained_at: null,
  archived_at: null,
  priority: 0,
  max_running: null,
  spec: { seeds: [0, 1], arms: [{ name: "shaped", method: "entropy_shaped", alpha: [0.4], train: { steps: 5 } }] },
  progress: { total: 2, queued: 1, running: 1, cancelling: 0, succeeded: 0, failed: 0, cancelled: 0, eta_seconds: null, device_seconds: 0 },
} as unknown as SweepDetail;
const RUNS = [
  { id: 1, status: "running", shared_with: [] },
  { id: 2, status: "queued", shared_with: [9] },
];
const PLAN = { arms: [], existing: [], runs: 2, new_runs: 2, queued_again: 0, device_seconds: 9, estimate_basis: "from 2 runs" };

const show = (sweep: SweepDetail = SWEEP) => mount(<SweepHeader sweep={sweep} />);
const done = () => asked("POST");

function serve(runs: object[]) {
  const body = { runs, sweeps: [{ id: 9, name: "another" }], cursor: "1" };
  network.mockImplementation(async ({ url }) => reply(url.endsWith("/runs") ? body : {}));
}

const press = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));

beforeEach(() => serve(RUNS));

describe("a sweep all of whose runs were cancelled", () => {
  const ended = { ...SWEEP, progress: { ...SWEEP.progress, queued: 0, running: 0, cancelled: 2 } };

  it("says so, and can be retried, cloned or archived on the spot", async () => {
    expect(isFruitless(ended)).toBe(true);
    mount(<Fruitless sweep={ended} />);
    expect(screen.getByText("All 2 runs were cancelled, so there is nothing to compare")).toBeInTheDocument();
    expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual(["Retry cancelled", "Clone", "Archive"]);
    expect(screen.getByRole("button", { name: "Retry cancelled" })).toHaveAccessibleDescription("Queues 2 cancelled runs again.");
    await press("Archive");
    expect(done()).toEqual(["/api/sweeps/7/archive?reason="]);
    await press("Clone");
    expect(window.location.pathname + window.location.search).toBe("/new?from=7");
  });

  it("is not one of which a run succeeded, or still may", () => {
    expect(isFruitless({ ...ended, progress: { ...ended.progress, succeeded: 1 } })).toBe(false);
    expect(isFruitless(SWEEP)).toBe(false);
  });
});

describe("steering a sweep", () => {
  it("pauses at once", async () => {
    show();
    await press("Pause");
    expect(done()).toEqual(["/api/sweeps/7/pause?reason="]);
  });

  it("cancels with the reason that was given, and leaves alone what others share", async () => {
    show();
    await press("Cancel…");
    expect(done()).toEqual([]);
    await userEvent.type(screen.getByLabelText(/^Reason/), "wrong model");
    await userEvent.click(await screen.findByRole("button", { name: "Cancel 1 run" }));
    expect(done()).toEqual(["/api/sweeps/7/cancel?reason=wrong%20model&include_shared=false"]);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("stops shared runs only when that is ticked", async () => {
    show();
    await press("Cancel…");
    await userEvent.click(await screen.findByLabelText(/other sweeps share/));
    await press("Cancel 2 runs");
    expect(done()).toEqual(["/api/sweeps/7/cancel?reason=&include_shared=true"]);
  });

  it("cancels without a count when its runs cannot be read", async () => {
    const message = "the database did not answer in time";
    network.mockImplementation(async ({ url }) => (url.endsWith("/runs") ? refusal(503, "unavailable", message) : reply({})));
    show();
    await press("Cancel…");
    expect(await screen.findByText(message)).toBeInTheDocument();
    await userEvent.click(screen.getByLabelText(/other sweeps share/));
    await press("Cancel its runs");
    expect(done()).toEqual(["/api/sweeps/7/cancel?reason=&include_shared=true"]);
  });

  it("has nothing to cancel while others share every run, unless that is ticked", async () => {
    serve(RUNS.slice(1));
    show();
    await press("Cancel…");
    expect(await screen.findByRole("button", { name: "Cancel 0 runs" })).toBeDisabled();
    await userEvent.click(screen.getByLabelText(/other sweeps share/));
    expect(screen.getByRole("button", { name: "Cancel 1 run" })).toBeEnabled();
  });

  it("keeps the question open when it was refused, and says why", async () => {
    network.mockImplementation(async () => refusal(409, "conflict", "it is archived"));
    show();
    await press("More");
    await userEvent.click(screen.getByRole("menuitem", { name: /^Drain/ }));
    await press("Drain");
    expect(await screen.findByRole("alert")).toHaveTextContent("it is archived");
    expect(screen.getByRole("dialog")).toBeInTheDocument();
  });

  it("lifts the limit when nothing is written", async () => {
    show({ ...SWEEP, max_running: 3 });
    await press("More");
    await userEvent.click(screen.getByRole("menuitem", { name: /^Limit/ }));
    await userEvent.clear(screen.getByLabelText(/^Running runs/));
    await press("Set limit");
    expect((await sent()).map(({ body }) => body)).toEqual([{ max_running: null }]);
  });

  it("shows who did what and why, once that is opened", async () => {
    const action = { at: "2025-06-01T12:00:00Z", actor: "ada", action: "pause", reason: "the disk is full" };
    network.mockImplementation(async () => reply({ actions: [action], total: 1 }));
    mount(<ActionHistory subject="sweep" id={7} />);
    expect(done()).toEqual([]);
    await userEvent.click(screen.getByText("History of actions"));
    expect(await screen.findByText("the disk is full")).toBeVisible();
    expect(screen.getByText("ada").parentElement).toHaveTextContent("ada paused it");
  });
});

describe("extending a sweep", () => {
  it("shows what would be added, then sends the same", async () => {
    network.mockImplementation(async () => reply(PLAN));
    show();
    await press("Extend…");
    await userEvent.type(await screen.findByLabelText(/^shaped: alpha/), "0.8, 4");
    await userEvent.click(await screen.findByRole("button", { name: "Extend, train 2 runs" }));
    const body = { seeds: [], values: { shaped: { alpha: [0.8, 4] } } };
    expect((await sent()).slice(0, 2)).toEqual([
      { path: "/api/sweeps/7/extensions/preview", body },
      { path: "/api/sweeps/7/extensions?reason=", body },
    ]);
  });

  it("knows every parameter that its templates write", () => {
    expect(readAxes(SWEEP.spec)).toEqual([
      { template: "shaped", parameter: "alpha", has: [0.4] },
      { template: "shaped", parameter: "train.steps", has: [5] },
    ]);
  });

  it("asks for nothing where nothing is written", () => {
    const axes = readAxes(SWEEP.spec);
    expect(writeRequest(axes, ["", " , "], [])).toBeNull();
    expect(writeRequest(axes, ["", "dapo, true, 7"], [3])).toEqual({ seeds: [3], values: { shaped: { "train.steps": ["dapo", true, 7] } } });
  });
});
