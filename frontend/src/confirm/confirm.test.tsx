import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import type { ComparedArm, ConfirmationPreview, SweepDetail } from "../api/types";
import { mount, network, newQueries, refusal, reply, requests, sent } from "../standins";
import { ConfirmationList, ConfirmsLine } from "../sweep/Confirmations";
import { ConfirmArm } from "./ConfirmArm";

const CHOSEN = "shaped/alpha=0.4";
const DONE = { total: 4, queued: 0, running: 0, cancelling: 0, succeeded: 4, failed: 0, cancelled: 0, eta_seconds: 0, device_seconds: 9 };
const SEARCH = { id: 7, name: "a search", spec: {}, progress: DONE, confirms: null, confirmations: [] } as unknown as SweepDetail;
const ARMS = [
  { name: "base", method: { method: "base" }, is_baseline: false, succeeded: 1 },
  { name: "grpo", method: { method: "grpo" }, is_baseline: true, succeeded: 2 },
  { name: CHOSEN, method: { method: "entropy_shaped", alpha: 0.4 }, is_baseline: false, succeeded: 2 },
  { name: "shaped/alpha=4", method: { method: "entropy_shaped", alpha: 4 }, is_baseline: false, succeeded: 1 },
  { name: "shaped/alpha=8", method: { method: "entropy_shaped", alpha: 8 }, is_baseline: false, succeeded: 0 },
] as unknown as ComparedArm[];
const PLAN = {
  arm: CHOSEN,
  baseline: "grpo",
  question: "Does it differ?",
  seeds: [2, 3, 4],
  problems: 128,
  samples: 64,
  runs: 6,
  new_runs: 6,
  queued_again: 0,
  existing: [],
  device_seconds: 90,
  sweep_id: null,
} as unknown as ConfirmationPreview;

/** A server with this search, this plan (or refusal), and this answer to a confirmation. */
function serve(sweep = SEARCH, plan = reply(PLAN), confirmed = reply({ id: 12 }, 201)) {
  network.mockImplementation(async ({ method, url }) => (method !== "POST" ? reply(sweep) : (url.endsWith("/preview") ? plan : confirmed).clone()));
}

function show(selected: string | null = CHOSEN) {
  return mount(<ConfirmArm id={7} arms={ARMS} selected={selected} />, newQueries({ staleTime: Infinity }));
}

async function open() {
  await userEvent.click(await screen.findByRole("button", { name: "Confirm an arm…" }));
}

const submit = (name: string) => screen.findByRole("button", { name });

beforeEach(() => window.history.pushState(null, "", "/sweeps/7"));

describe("confirming an arm", () => {
  it("shows the seeds, problems and runs before it is done", async () => {
    serve();
    show();
    await open();
    expect(await screen.findByText("2, 3, 4")).toBeInTheDocument();
    expect(screen.getByText("128 × 64 samples")).toBeInTheDocument();
    expect(screen.getByText("Runs").nextSibling).toHaveTextContent(/^6$/);
    expect(await sent()).toEqual([{ path: "/api/sweeps/7/confirmations/preview", body: { arm: CHOSEN, seeds: null } }]);
  });

  it("sends the seeds that were shown, and goes to the new sweep", async () => {
    serve();
    show();
    await open();
    await userEvent.click(await submit("Submit 6 runs"));
    await waitFor(() => expect(window.location.pathname).toBe("/sweeps/12"));
    expect((await sent()).at(-1)).toEqual({ path: "/api/sweeps/7/confirmations", body: { arm: CHOSEN, seeds: [2, 3, 4] } });
  });

  it("offers the trained arms with results, and not the baseline", async () => {
    serve();
    show("grpo");
    await open();
    expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["choose one", CHOSEN, "shaped/alpha=4"]);
    expect(await submit("Submit")).toBeDisabled();
    expect(requests("POST")).toEqual([]);
  });

  it("asks again when other seeds are written", async () => {
    serve();
    show();
    await open();
    await userEvent.type(screen.getByLabelText(/^New seeds/), "8, 9");
    await waitFor(async () => expect((await sent()).at(-1)?.body).toEqual({ arm: CHOSEN, seeds: [8, 9] }));
  });

  it("shows what is wrong with a seed where seeds are written", async () => {
    const message = "the search used seed 1";
    serve(SEARCH, refusal(422, "invalid", `seeds[0]: ${message}`, [{ field: "seeds[0]", message }]));
    show();
    await open();
    expect(await screen.findByText(message)).toBeInTheDocument();
    expect(screen.getByLabelText(/^New seeds/)).toBeInvalid();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(await submit("Submit")).toBeDisabled();
  });

  it("says what a refused submission said", async () => {
    serve(SEARCH, reply(PLAN), refusal(409, "conflict", "it runs again"));
    show();
    await open();
    await userEvent.click(await submit("Submit 6 runs"));
    expect(await screen.findByRole("alert")).toHaveTextContent("it runs again");
  });

  it("leads to the confirmation that exists instead of asking for another", async () => {
    serve(SEARCH, reply({ ...PLAN, sweep_id: 9 }));
    show();
    await open();
    await userEvent.click(await submit("Open it"));
    expect(window.location.pathname).toBe("/sweeps/9");
    expect(requests("POST")).toHaveLength(1);
  });

  it.each([
    ["while runs are unfinished", { progress: { ...DONE, queued: 1 } }],
    ["on a sweep of held-out problems", { spec: { eval: { split: "held_out" } } }],
  ])("is not offered %s", async (_, changes) => {
    serve({ ...SEARCH, ...changes } as SweepDetail);
    const { queries } = show();
    await waitFor(() => expect(queries.getQueryData(["sweep", 7])).toBeDefined());
    await act(async () => undefined); // what came is drawn
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("closes without a trace", async () => {
    serve();
    show();
    await open();
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(window.location.pathname).toBe("/sweeps/7");
  });
});

describe("what confirms what", () => {
  it("is a line with a link on the confirmation", () => {
    render(<ConfirmsLine confirms={{ sweep_id: 7, name: "a search", arm: CHOSEN }} />);
    expect(screen.getByText(/^Confirms/)).toHaveTextContent(`Confirms ${CHOSEN} of a search: new seeds, held-out problems.`);
    expect(screen.getByRole("link", { name: "a search" })).toHaveAttribute("href", "/sweeps/7");
  });

  it("is a list with states on the search", () => {
    render(<ConfirmationList confirmations={[{ sweep_id: 12, name: "it", arm: CHOSEN, status: "running" }]} />);
    expect(screen.getByRole("listitem")).toHaveTextContent(`Sweep 12${CHOSEN}running`);
    expect(screen.getByRole("link")).toHaveAttribute("href", "/sweeps/12");
  });
});
