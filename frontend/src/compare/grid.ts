/** Arranges the compared arms for the heat map, and says what each cell can show. */

import type { ComparedArm, Difference, Method } from "../api/types";

type Shaped = Extract<Method, { method: "entropy_shaped" }>;

export type Cell =
  | { kind: "absent" }
  | { kind: "pending"; arm: ComparedArm }
  | { kind: "failed"; arm: ComparedArm }
  | { kind: "baseline"; arm: ComparedArm; mean: number | null }
  | { kind: "alone"; arm: ComparedArm; mean: number }
  | { kind: "value"; arm: ComparedArm; delta: Difference };

export interface Grid {
  title: string;
  alphas: number[];
  kappas: number[];
  /** One row for each alpha. */
  rows: Cell[][];
}

/** The cell of an arm at the k that stands at `index` of the comparison's ks. */
export function cellOf(arm: ComparedArm, index: number): Cell {
  const mean = arm.pass_at?.[index]?.mean ?? null;
  if (arm.is_baseline) return { kind: "baseline", arm, mean };
  const delta = arm.delta?.[index];
  if (delta) return { kind: "value", arm, delta };
  if (mean !== null) return { kind: "alone", arm, mean };
  return arm.failed > 0 ? { kind: "failed", arm } : { kind: "pending", arm };
}

/** One grid for each template and form of entropy shaping; the other arms are left to a strip. */
export function gridsOf(arms: ComparedArm[], index: number): Grid[] {
  const groups = new Map<string, ComparedArm[]>();
  for (const arm of arms) {
    if (arm.method.method !== "entropy_shaped") continue;
    const title = [arm.template, arm.method.form === "symmetric" ? "symmetric" : "", overridesOf(arm)].filter(Boolean).join(", ");
    groups.set(title, [...(groups.get(title) ?? []), arm]);
  }
  return Array.from(groups, ([title, members]) => gridOf(title, members, index));
}

/** What else takes part in the arm's name: `shaped/alpha=0.4,replica=1,train.steps=50`. */
function overridesOf(arm: ComparedArm): string {
  const cell = arm.name.slice(arm.template.length + 1);
  return cell.split(",").filter((part) => part.startsWith("train.") || part.startsWith("replica=")).join(", ");
}

function gridOf(title: string, arms: ComparedArm[], index: number): Grid {
  const shaped = (arm: ComparedArm) => arm.method as Shaped;
  const alphas = sorted(arms.map((arm) => shaped(arm).alpha));
  const kappas = sorted(arms.map((arm) => shaped(arm).kappa));
  const rows = alphas.map((alpha) =>
    kappas.map((kappa): Cell => {
      const arm = arms.find((other) => shaped(other).alpha === alpha && shaped(other).kappa === kappa);
      return arm ? cellOf(arm, index) : { kind: "absent" };
    }),
  );
  return { title, alphas, kappas, rows };
}

function sorted(values: number[]): number[] {
  return Array.from(new Set(values)).sort((a, b) => a - b);
}

export function otherArms(arms: ComparedArm[]): ComparedArm[] {
  return arms.filter((arm) => arm.method.method !== "entropy_shaped");
}

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1];

/** A cell so many times as far from zero as the middle one does not stretch the colours for all. */
const OUTLYING = 3;

/**
 * The end of the colour scale, a round number: the same at every k, so that moving k changes colours
 * for what changes alone. It is made for the cells of the grids, and one arm that diverged does not
 * take the colour from all others: what lies beyond has the colour of the end.
 */
export function scaleEnd(arms: ComparedArm[]): number {
  const trained = arms.filter((arm) => arm.delta && arm.method.method !== "base");
  const cells = trained.filter((arm) => arm.method.method === "entropy_shaped");
  const sizes = (cells.length > 0 ? cells : trained).map((arm) => Math.max(...(arm.delta ?? []).map((delta) => Math.abs(delta.mean)))).sort((a, b) => a - b);
  const [middle = 0, largest = 0] = [sizes[Math.floor(sizes.length / 2)], sizes.at(-1)];
  const end = Math.min(largest, Math.max(OUTLYING * middle, STEPS[0] ?? 0));
  return STEPS.find((step) => step >= end) ?? 1;
}

/** Where a difference falls on the colour scale, -1 to 1. */
export function shade(delta: number, end: number): number {
  return Math.max(-1, Math.min(1, delta / end));
}

/** Powers of two with one stop between each two; the API's thin comparison has the same. */
export function isStop(k: number): boolean {
  return Number.isInteger(Math.log2(k)) || (k >= 3 && Number.isInteger(Math.log2(k / 3)));
}

/** The ks a slider stops at, the last among them, and the one shown. */
export function stopsOf(ks: number[], shown: number): number[] {
  return ks.filter((k) => isStop(k) || k === shown || k === ks.at(-1));
}
