/** Arms and a comparison of them, for tests. */

import type { ComparedArm, Comparison, Difference, Method } from "../api/types";

export function arm(name: string, method: Method, changes: Partial<ComparedArm> = {}): ComparedArm {
  return {
    name,
    template: name.split("/")[0] ?? name,
    method,
    is_baseline: false,
    runs: 3,
    succeeded: 3,
    failed: 0,
    seeds: [0, 1, 2],
    pass_at: [{ mean: 0.3, low: 0.27, high: 0.33 }],
    pass_at_over: "seeds and problems",
    delta: null,
    delta_over: changes.delta ? "seeds and problems" : null,
    delta_test: changes.delta ? "t" : null,
    detectable: changes.delta ? [0.041] : null,
    seeds_needed: changes.delta ? [7] : null,
    cover: [{ mean: 0.4, low: 0.34, high: 0.46 }],
    histogram: [96, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 640],
    paired_seeds: [0, 1, 2],
    seed_means: [[0.28], [0.3], [0.32]],
    truncated: 0,
    unparsable: 0,
    entropy: 0.2,
    ...changes,
  };
}

/** A mean with the half widths of its interval and of the adjusted one, as three seeds give it. */
export function difference(mean: number, half: number, wide = half): Difference {
  const sides = { low: mean - half, high: mean + half, adjusted_low: mean - wide, adjusted_high: mean + wide };
  const excludes_zero = Math.abs(mean) > half;
  return { mean, ...sides, p: 0.03, adjusted_p: 0.06, excludes_zero, established: Math.abs(mean) > wide };
}

export function shaped(alpha: number, kappa: number, changes: Partial<ComparedArm>): ComparedArm {
  const method: Method = { method: "entropy_shaped", alpha, kappa, form: "additive" };
  return arm(`shaped/alpha=${alpha},kappa=${kappa}`, method, changes);
}

const UNFINISHED = { succeeded: 0, seeds: [], paired_seeds: [], seed_means: [], pass_at: null, pass_at_over: null, cover: null, histogram: null };
const ONE_SEED = { runs: 1, succeeded: 1, seeds: [0], paired_seeds: [0], seed_means: [[0.33]] };

/** The baseline, one arm for each state that a cell can have, and the base model. */
export const ARMS = [
  arm("grpo", { method: "grpo" }, { is_baseline: true }),
  arm("base", { method: "base" }, { delta: [difference(0.4, 0.1)] }),
  shaped(0.1, 2, { delta: [difference(0.012, 0.016)] }),
  shaped(0.1, 4, { delta: [difference(-0.031, 0.019)], paired_seeds: [0, 1] }),
  shaped(0.4, 2, { ...UNFINISHED, failed: 3 }),
  shaped(0.4, 4, UNFINISHED),
  shaped(0.8, 2, { delta: null }),
  shaped(0.8, 4, { delta: [difference(0.024, 0.02, 0.03)] }),
  shaped(1.6, 2, {
    ...ONE_SEED,
    pass_at_over: "problems",
    delta: [{ ...difference(0.03, 0.02, 0.02), established: false }],
    delta_over: "problems",
  }),
];

export const COMPARISON: Comparison = {
  sweep_id: 1,
  baseline: "grpo",
  submitted_baseline: "grpo",
  ks: [1],
  k: 1,
  taus: [0.5],
  problems: 256,
  samples: 64,
  interval_note: "",
  arms: ARMS,
  sentences: { "shaped/alpha=0.1,kappa=4": "shaped/alpha=0.1,kappa=4: worse at pass@1." },
  warnings: [],
  conclusion: "",
};
