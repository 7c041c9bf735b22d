/** Arms against the baseline, as a table and as rows for a file. */

import type { BehaviourDifference, BehaviourDifferences } from "../api/types";
import type { Cell } from "../text/csv";
import type { Measure } from "./figures";

export interface ArmRow {
  arm: string;
  differences: BehaviourDifference[];
}

/** One measure of every arm, in their order. */
export function tableOf({ differences }: BehaviourDifferences, measure: Measure): ArmRow[] {
  const rows = new Map<string, BehaviourDifference[]>();
  for (const one of differences.filter((each) => each.measure === measure)) rows.set(one.arm, [...(rows.get(one.arm) ?? []), one]);
  return Array.from(rows, ([arm, own]) => ({ arm, differences: own }));
}

export function differenceRows({ baseline, step, differences }: BehaviourDifferences): Cell[][] {
  const head = ["arm", "baseline", "after_step", "kind", "of", "measure", "delta", "low", "high", "p", "adjusted_p", "over", "seeds", "note"];
  const rows = differences.map(({ arm, name, of, measure, delta, p, adjusted_p, over, seeds, note }): Cell[] => [
    arm,
    baseline,
    step ?? "last",
    name,
    of,
    measure,
    delta.value,
    delta.low,
    delta.high,
    p,
    adjusted_p,
    over,
    seeds.join(" "),
    note,
  ]);
  return [head, ...rows];
}
