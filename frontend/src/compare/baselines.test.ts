import { describe, expect, it } from "vitest";

import type { SweepDetail, TrainSettings } from "../api/types";
import { baselineGroups } from "./baselines";
import { oddBudgets } from "./budgets";
import { arm, shaped } from "./samples";
import { seedRows } from "./seeds";
import { COMPARISON } from "./samples";

describe("baselines to choose from", () => {
  it("begin with every beta of the entropy bonus, and adaptive entropy", () => {
    const arms = [
      arm("base", { method: "base" }),
      arm("grpo", { method: "grpo" }),
      arm("bonus/beta=0.001", { method: "entropy_bonus", beta: 0.001 }),
      shaped(0.4, 2, {}),
      arm("bonus/beta=0.01", { method: "entropy_bonus", beta: 0.01 }),
      arm("adaptive", { method: "adaptive_entropy", target: 0.2, delta: 0.005 }),
    ];
    expect(baselineGroups(arms)).toEqual([
      { label: "Entropy regularisation", names: ["bonus/beta=0.001", "bonus/beta=0.01", "adaptive"] },
      { label: "Other trained arms", names: ["grpo", "shaped/alpha=0.4,kappa=2"] },
      { label: "Without training", names: ["base"] },
    ]);
  });

  it("leave out groups that nothing is in", () => {
    expect(baselineGroups([arm("grpo", { method: "grpo" })]).map(({ label }) => label)).toEqual(["Other trained arms"]);
  });
});

describe("a training budget", () => {
  const planned = (name: string, steps: number | null): SweepDetail["arms_list"][number] => ({
    name,
    template: name,
    method: { method: "grpo" },
    train: steps === null ? null : ({ steps, prompts_per_step: 32, completions_per_prompt: 8 } as TrainSettings),
    is_baseline: false,
    shared: 0,
  });

  it("is told of arms that had another than the baseline", () => {
    const arms = [planned("base", null), planned("a", 50), planned("b", 100)];
    expect(Array.from(oddBudgets(arms, "b"))).toEqual([["a", "50 steps of 256"]]);
    expect(Array.from(oddBudgets(arms, "base"))).toEqual([["b", "100 steps of 256"]]);
  });
});

describe("the seeds of an arm", () => {
  const run = (id: number, seed: number) => ({ id, arm: "a", seed, status: "succeeded" }) as never;
  const one = arm("a", { method: "grpo" }, { seeds: [0, 2], seed_means: [[0.5], [0.6]] });
  const compared = { ...COMPARISON, arms: [{ ...arm("grpo", { method: "grpo" }), is_baseline: true }, one] };

  it("have their own values, their runs, and their difference to the baseline's seed", () => {
    const rows = seedRows(one, compared, [run(7, 0), run(8, 1), run(9, 2)]);
    expect(rows.map(({ seed, run: found, means }) => [seed, found?.id, means])).toEqual([
      [0, 7, [0.5]],
      [1, 8, null],
      [2, 9, [0.6]],
    ]);
    expect(rows.map(({ deltas }) => deltas?.[0]?.toFixed(2))).toEqual(["0.22", undefined, "0.28"]);
  });

  it("are there before the runs are", () => {
    expect(seedRows(one, compared, []).map(({ seed, run: found }) => [seed, found])).toEqual([
      [0, undefined],
      [2, undefined],
    ]);
  });

  it("stand each beside the one run of an untrained baseline, which has no difference to itself", () => {
    const base = { ...arm("base", { method: "base" }, { seeds: [0], seed_means: [[0.4]] }), is_baseline: true };
    const both = { ...COMPARISON, arms: [base, one] };
    expect(seedRows(one, both, []).map(({ deltas }) => deltas?.[0]?.toFixed(2))).toEqual(["0.10", "0.20"]);
    expect(seedRows(base, both, [])[0]?.deltas).toBeNull();
  });
});
