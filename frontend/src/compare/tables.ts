/** What the charts of the comparison show, as rows for a file: fractions unrounded. */

import type { ComparedArm, Comparison, Difference } from "../api/types";
import type { Cell as Value } from "../text/csv";
import { cellOf, gridsOf, otherArms } from "./grid";
import { BINS, sharesOf } from "./rates";

const DIFFERENCE = ["delta", "delta_low", "delta_high", "p", "adjusted_low", "adjusted_high", "adjusted_p", "established"];

function differenceCells(difference: Difference | undefined): Value[] {
  if (!difference) return DIFFERENCE.map(() => null);
  const { mean, low, high, p, adjusted_low, adjusted_high, adjusted_p, established } = difference;
  return [mean, low, high, p, adjusted_low, adjusted_high, adjusted_p, String(established)];
}

/** All arms at all ks, and against what. */
export function comparisonRows({ arms, ks, baseline }: Comparison): Value[][] {
  const head = ["arm", "baseline", "k", "seeds", "pass_at_k", "low", "high", ...DIFFERENCE];
  const rows = arms.flatMap((arm) =>
    ks.map((k, index): Value[] => {
      const pass = arm.pass_at?.[index];
      const estimate = [pass?.mean ?? null, pass?.low ?? null, pass?.high ?? null];
      return [arm.name, baseline, k, arm.seeds.length, ...estimate, ...differenceCells(arm.delta?.[index])];
    }),
  );
  return [head, ...rows];
}

/** The heat map at one k, cell by cell, with the state of those that have no value. */
export function heatRows({ arms, ks, baseline, problems }: Comparison, index: number): Value[][] {
  const head = ["grid", "alpha", "kappa", "arm", "baseline", "k", "state", "seeds", "problems", ...DIFFERENCE];
  const row = (grid: string, alpha: number | null, kappa: number | null, arm: ComparedArm): Value[] => {
    const { kind } = cellOf(arm, index);
    const seeds = arm.delta ? arm.paired_seeds.length || arm.seeds.length : arm.seeds.length;
    return [grid, alpha, kappa, arm.name, baseline, ks[index] ?? null, kind, seeds, problems, ...differenceCells(arm.delta?.[index])];
  };
  const cells = gridsOf(arms, index).flatMap(({ title, alphas, kappas, rows }) =>
    rows.flatMap((cells, at) =>
      cells.flatMap((cell, column) => (cell.kind === "absent" ? [] : [row(title, alphas[at] ?? null, kappas[column] ?? null, cell.arm)])),
    ),
  );
  return [head, ...cells, ...otherArms(arms).map((arm) => row("", null, null, arm))];
}

/** The curves that are drawn, as pass@k or as differences from the baseline. */
export function curveRows(arms: ComparedArm[], ks: number[], asDelta: boolean): Value[][] {
  const rows = arms.flatMap((arm) =>
    ((asDelta ? arm.delta : arm.pass_at) ?? []).map(({ mean, low, high }, index): Value[] => [arm.name, ks[index] ?? null, arm.seeds.length, mean, low, high]),
  );
  return [["arm", "k", "seeds", asDelta ? "delta" : "pass_at_k", "low", "high"], ...rows];
}

/** The histogram and Cover@tau of some arms, one below the other. */
export function rateRows(arms: ComparedArm[], taus: number[]): Value[][] {
  const bins = arms.flatMap((arm) => (sharesOf(arm) ?? []).map((share, bin): Value[] => [arm.name, "share of problems", BINS[bin] ?? "", share, null, null]));
  const covers = arms.flatMap((arm) =>
    (arm.cover ?? []).map(({ mean, low, high }, at): Value[] => [arm.name, "cover", String(taus[at] ?? ""), mean, low, high]),
  );
  return [["arm", "what", "success_rate", "value", "low", "high"], ...bins, ...covers];
}
