import type { QueryClient } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { sweepOf } from "../curves/samples";
import { mount, network, refusal, reply } from "../standins";
import { CompareTab } from "./CompareTab";
import { COMPARISON } from "./samples";

const PROGRESS = { total: 2, queued: 0, running: 2, cancelling: 0, succeeded: 0, failed: 0, cancelled: 0, eta_seconds: null, device_seconds: 0 };
const SWEEP = { ...sweepOf(["grpo", "grpo"]), progress: PROGRESS };
/** Without charts, which jsdom cannot draw. */
const UNGRADED = { ...COMPARISON, sweep_id: 3, arms: COMPARISON.arms.slice(0, 1).map((arm) => ({ ...arm, pass_at: null, cover: null, histogram: null })) };

let queries: QueryClient;
let comparison: () => Response;

/** The tab with figures, which are then asked for again and answered so. */
async function showThen(next: () => Response) {
  comparison = () => reply(UNGRADED);
  ({ queries } = mount(<CompareTab id={3} sweep={SWEEP} busy={false} />));
  await screen.findByText("Nothing to compare yet");
  comparison = next;
  await act(() => queries.refetchQueries({ queryKey: ["comparison"] }));
}

beforeEach(() => void network.mockImplementation(async ({ url }) => (url.includes("/comparison") ? comparison() : new Promise(() => undefined))));

describe("figures that were shown before", () => {
  it("give way when the API says that they compare unlike runs", async () => {
    await showThen(() => refusal(409, "conflict", "runs 1 and 5 were trained by different versions"));
    expect(await screen.findByText("These runs cannot be compared")).toBeInTheDocument();
    expect(screen.queryByText("Nothing to compare yet")).not.toBeInTheDocument();
  });

  it("stay when they cannot be asked for again, and say of when they are", async () => {
    await showThen(() => refusal(503, "unavailable", "the database did not answer in time"));
    expect(await screen.findByText(/^These figures are of \d\d:\d\d:\d\d/)).toBeInTheDocument();
    expect(screen.getByText("the database did not answer in time")).toBeInTheDocument();
    expect(screen.getByText("Nothing to compare yet")).toBeInTheDocument();
    comparison = () => reply(UNGRADED);
    await act(() => queries.refetchQueries({ queryKey: ["comparison"] }));
    await waitFor(() => expect(screen.queryByText(/^These figures are of/)).not.toBeInTheDocument());
  });
});
