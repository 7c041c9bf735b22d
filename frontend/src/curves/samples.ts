/** Series for tests, with what a test does not care about filled in. */

import type { Series, SweepDetail } from "../api/types";

export function seed(steps: number[], values: (number | null)[], total = steps.length): Series {
  return { run_id: 1, arm: "grpo", seed: 0, name: "entropy/mean", total, steps, xs: null, values, means: null, gap: null };
}

export function runs(arm: string, seeds: number): Series[] {
  return Array.from({ length: seeds }, (_, number) => ({ ...seed([1, 2], [number + 1, 2 * number + 1]), run_id: 10 + number, arm, seed: number }));
}

/** What the page of curves reads of a sweep: its arms and its baseline, which is the first trained one. */
export function sweepOf(...arms: [name: string, method: string][]): SweepDetail {
  const baseline = arms.find(([, method]) => method !== "base")?.[0] ?? "";
  const list = arms.map(([name, method]) => ({ name, template: name.split("/")[0] ?? name, method: { method }, train: null, is_baseline: name === baseline, shared: 0 }));
  return { id: 3, baseline, arms_list: list } as unknown as SweepDetail;
}
