import { render, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { Leader, SweepArm, SweepDetail, SweepRun } from "../api/types";
import { firstTab } from "../sweep/tabs";
import { ArmMatrix } from "./ArmMatrix";
import { nextSteps } from "./next";
import { commonTraining, parametersOf } from "./parameters";

const NONE = { total: 6, queued: 0, running: 0, cancelling: 0, succeeded: 0, failed: 0, cancelled: 0, eta_seconds: null as number | null, device_seconds: 0 };
const LEADER: Leader = {
  k: 8,
  arm: "shaped/alpha=0.4",
  delta: { mean: 0.05, low: 0.02, high: 0.08, p: 0.01, adjusted_low: 0.01, adjusted_high: 0.09, adjusted_p: 0.02, excludes_zero: true, established: true },
  words: "better at pass@8",
};

function sweep(progress: Partial<typeof NONE>, more: object = {}): SweepDetail {
  return { id: 7, status: "running", confirms: null, confirmations: [], progress: { ...NONE, ...progress }, ...more } as unknown as SweepDetail;
}

const said = (...asked: Parameters<typeof nextSteps>) => nextSteps(...asked).map(({ words }) => words).join(" ");

describe("what to do next", () => {
  it("is to start a worker, when none is alive and something waits", () => {
    expect(said(sweep({ queued: 6 }), undefined, 0)).toMatch(/No worker is alive/);
    expect(said(sweep({ queued: 6 }), undefined, 2)).toMatch(/queue says why/);
    expect(said(sweep({ queued: 6 }), undefined, undefined)).not.toMatch(/No worker/);
  });

  it("is nothing while it trains, and says how long that takes", () => {
    expect(said(sweep({ queued: 4, running: 2, eta_seconds: 95 }), undefined, 2)).toMatch(/it trains. About 1 min 35 s are left/);
  });

  it("is to resume what is paused", () => {
    expect(said(sweep({ queued: 6 }, { status: "paused" }), undefined, 0)).toMatch(/resume it/);
  });

  it("leads to what failed first", () => {
    const [first] = nextSteps(sweep({ succeeded: 4, failed: 2 }), LEADER, 1);
    expect(first?.words).toMatch(/^2 runs failed/);
    expect(first?.link?.to).toBe("/sweeps/7?tab=runs&state=failed");
  });

  it("is to retry what was cancelled, where others have succeeded", () => {
    const [first] = nextSteps(sweep({ succeeded: 5, cancelled: 1 }), LEADER, 1);
    expect(first?.words).toMatch(/^1 run was cancelled\. Retry/);
    expect(first?.link?.to).toBe("/sweeps/7?tab=runs&state=cancelled");
  });

  it("is to confirm an arm that is established to be better, once", () => {
    const done = { succeeded: 6 };
    expect(said(sweep(done), LEADER, 1)).toMatch(/confirm shaped\/alpha=0.4 with new seeds/);
    expect(said(sweep(done, { confirmations: [{}] }), LEADER, 1)).not.toMatch(/confirm/);
    expect(said(sweep(done, { confirms: {} }), LEADER, 1)).not.toMatch(/confirm/);
  });

  it("is more seeds where no difference is established", () => {
    const open = { ...LEADER, delta: { ...LEADER.delta!, established: false } };
    expect(said(sweep({ succeeded: 6 }), open, 1)).toMatch(/More seeds narrow/);
  });
});

describe("the tab to begin with", () => {
  it("is the comparison as soon as a run has succeeded", () => {
    expect(firstTab(sweep({ queued: 6 }))).toBe("overview");
    expect(firstTab(sweep({ failed: 6 }))).toBe("overview");
    expect(firstTab(sweep({ succeeded: 1, queued: 5 }))).toBe("compare");
  });
});

const TRAIN = { steps: 10, clip_high: 0.2 };
const ARMS = [
  { name: "base", method: { method: "base" }, train: null, is_baseline: false },
  { name: "grpo", method: { method: "grpo" }, train: TRAIN, is_baseline: true },
  { name: "shaped", method: { method: "entropy_shaped", alpha: 0.4, kappa: 2, form: "additive" }, train: { ...TRAIN, clip_high: 0.28 }, is_baseline: false },
] as unknown as SweepArm[];

describe("what tells arms apart", () => {
  it("is their method's parameters, and the training settings that differ", () => {
    expect(ARMS.map((arm) => parametersOf(arm, ARMS))).toEqual([[], ["clip high = 0.2"], ["α = 0.4", "κ = 2", "clip high = 0.28"]]);
  });

  it("leaves what they share to the setting", () => {
    expect(commonTraining(ARMS)).toEqual([["steps", 10]]);
  });
});

describe("the matrix of arms and seeds", () => {
  const run = (id: number, arm: string, seed: number, status: string, shared_with: number[] = []) =>
    ({ id, arm, seed, status, step: 4, total_steps: 10, shared_with }) as unknown as SweepRun;
  const runs = [run(1, "base", 0, "succeeded", [9]), run(2, "grpo", 0, "running"), run(3, "grpo", 1, "failed"), run(4, "shaped", 0, "queued")];

  it("has a cell for each run, which says its state and leads to it", () => {
    render(<ArmMatrix arms={ARMS} runs={runs} sharing={[]} />);
    const row = within(screen.getByRole("row", { name: /^grpo/ }));
    expect(row.getAllByRole("link").map((cell) => cell.getAttribute("aria-label"))).toEqual(["grpo, seed 0: running, step 4 of 10", "grpo, seed 1: failed"]);
    expect(row.getAllByRole("link")[1]).toHaveAttribute("href", "/runs/3");
  });

  it("names the sweeps that share runs", () => {
    render(<ArmMatrix arms={ARMS} runs={runs} sharing={[{ id: 9, name: "another" }]} />);
    expect(screen.getByText(/^1 run is asked for by/)).toHaveTextContent("asked for by another as well");
  });

  it("shows the first of very many arms, and all on demand", () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ ...ARMS[1]!, name: `arm ${at}`, is_baseline: at === 0 }));
    render(<ArmMatrix arms={many} runs={[]} sharing={[]} />);
    expect(screen.getAllByRole("row")).toHaveLength(41);
    expect(screen.getByRole("button", { name: "Show all 60 arms" })).toBeInTheDocument();
  });
});
