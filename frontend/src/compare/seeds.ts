/** The single seeds behind an arm: their runs, their values, and how they differ from the baseline's. */

import type { ComparedArm, Comparison, SweepRun } from "../api/types";

export interface SeedRow {
  seed: number;
  /** Undefined until the sweep's runs are there. */
  run: SweepRun | undefined;
  /** pass@k by the comparison's ks; null while it is not graded. */
  means: number[] | null;
  /** The same less that of the baseline's run with this seed, where both are graded. */
  deltas: number[] | null;
}

export function seedRows(arm: ComparedArm, { arms }: Comparison, runs: SweepRun[]): SeedRow[] {
  const own = runs.filter((run) => run.arm === arm.name);
  const seeds = new Set([...arm.seeds, ...own.map((run) => run.seed)]);
  const baseline = arms.find((other) => other.is_baseline);
  const compares = baseline !== undefined && !arm.is_baseline && isTrained(arm);
  return Array.from(seeds)
    .sort((a, b) => a - b)
    .map((seed) => {
      const means = arm.seed_means[arm.seeds.indexOf(seed)] ?? null;
      const other = compares ? meansOf(baseline, seed) : null;
      const deltas = means && other && means.map((mean, index) => mean - (other[index] ?? NaN));
      return { seed, run: own.find((run) => run.seed === seed), means, deltas };
    });
}

export function isTrained(arm: ComparedArm): boolean {
  return arm.method.method !== "base";
}

/** A base model has no seeds: its one run stands beside any. */
function meansOf(arm: ComparedArm, seed: number): number[] | null {
  return arm.seed_means[isTrained(arm) ? arm.seeds.indexOf(seed) : 0] ?? null;
}
